"""What went wrong in a training, as far as its curves tell, and which change would help."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from model.training.settings import CHOICES, OPTIMIZERS, Settings
from model.training.training_record import EpochMetrics, LossPoint, Snapshot
from model.wording import as_percent

# The loss of a network that knows nothing and finds all ten digits equally probable
CHANCE_LOSS = math.log(10)
EXPLODED_LOSS = 3 * CHANCE_LOSS
STUCK_LOSS = 0.9 * CHANCE_LOSS
# Batches that a training is given to get going
MIN_BATCHES = 200
# Shares of the validation loss, and of accuracy, that training and validation are apart
OVERFIT_LOSS_RATIO = 1.1
OVERFIT_ACCURACY_GAP = 0.05
# The first layer's gradient against the last one's
VANISHED_RATIO = 1e-3
MANY_DEAD = 0.4


class Hint(NamedTuple):
    """What is to be seen, and changes that would help, each under the name of its button."""

    text: str
    changes: dict[str, Settings]


def find_hints(
    settings: Settings,
    points: Sequence[LossPoint],
    rows: Sequence[EpochMetrics],
    snapshots: Sequence[Snapshot],
) -> list[Hint]:
    """What there is to say about a training, running or over."""
    if not points:
        return []
    found = [
        explosion_hint(settings, points)
        or vanishing_gradient_hint(settings, points, snapshots)
        or dead_neuron_hint(settings, snapshots)
        or stuck_loss_hint(settings, points),
        overfitting_hint(settings, rows),
    ]
    return [hint for hint in found if hint]


def explosion_hint(settings: Settings, points: Sequence[LossPoint]) -> Hint | None:
    """The loss is far above that of a network that knows nothing, or not a number any more."""
    losses = [loss for _, loss in points]
    if all(loss < EXPLODED_LOSS for loss in losses):
        return None
    return Hint(
        "The loss explodes: each step overshoots, so the next one has more to make good. The learning rate is too "
        "high for these settings.",
        {"Lower the learning rate": with_lower_rate(settings)},
    )


def vanishing_gradient_hint(
    settings: Settings, points: Sequence[LossPoint], snapshots: Sequence[Snapshot]
) -> Hint | None:
    """A deep network of sigmoids or tanhs whose first layers hardly get any gradient."""
    if settings.activation not in ("sigmoid", "tanh") or not snapshots or not is_stuck(settings, points):
        return None
    first, last = snapshots[-1].gradient_sizes[0], snapshots[-1].gradient_sizes[-1]
    if not first < VANISHED_RATIO * last:
        return None
    return Hint(
        f"Gradients vanish: the first layer's is {first / last:.5f} times as large as the last one's, because each "
        f"{settings.activation} on the way back makes it smaller. The first layers hardly learn.",
        {
            "Use ReLU": replace(settings, activation="relu"),
            "Fewer layers": replace(settings, hidden=settings.hidden[:2]),
        },
    )


def dead_neuron_hint(settings: Settings, snapshots: Sequence[Snapshot]) -> Hint | None:
    """Many neurons of a layer put out 0 for every image that was looked at; then their gradient is 0, too."""
    if settings.activation != "relu" or len(snapshots) < 2:
        return None
    neurons, dead = snapshots[-1].neuron_counts, snapshots[-1].dead_counts
    worst = max(range(len(neurons)), key=lambda i: dead[i] / neurons[i], default=None)
    if worst is None or dead[worst] < MANY_DEAD * neurons[worst]:
        return None
    return Hint(
        f"Dead neurons: {dead[worst]} of the {neurons[worst]} in hidden layer {worst + 1} never fire. What never fires "
        "has no gradient and cannot learn. Large steps drove them there.",
        {
            "Lower the learning rate": with_lower_rate(settings),
            "Use leaky ReLU": replace(settings, activation="leaky_relu"),
        },
    )


def stuck_loss_hint(settings: Settings, points: Sequence[LossPoint]) -> Hint | None:
    """The loss is where it was; with small steps they are too small, with large ones too large."""
    if not is_stuck(settings, points):
        return None
    usual = OPTIMIZERS[settings.optimizer].usual_rate
    text = f"The loss does not fall: {CHANCE_LOSS:.2f} is what a network has that knows nothing. "
    if settings.learning_rate > usual:
        return Hint(text + "The learning rate is too high.", {"Lower the learning rate": with_lower_rate(settings)})
    if settings.learning_rate < usual:
        higher = replace(settings, learning_rate=next(r for r in CHOICES["learning_rate"] if r >= usual))
        return Hint(text + "The learning rate is too low.", {"Raise the learning rate": higher})
    return Hint(text + "Try fewer layers or ReLU.", {"Use ReLU": replace(settings, activation="relu", dropout=0.0)})


def overfitting_hint(settings: Settings, rows: Sequence[EpochMetrics]) -> Hint | None:
    """Training and validation part: the network learns the training images by heart."""
    if len(rows) < 2:
        return None
    last, lowest = rows[-1], min(row.val_loss for row in rows)
    gap = last.accuracy - last.val_accuracy
    if not (gap > OVERFIT_ACCURACY_GAP or (last.val_loss > OVERFIT_LOSS_RATIO * lowest and gap > 0)):
        return None
    changes = {}
    if settings.images < max(CHOICES["images"]):
        changes["Take more images"] = replace(
            settings, images=next(n for n in CHOICES["images"] if n >= min(10 * settings.images, 60_000))
        )
    if settings.hidden and settings.dropout < 0.3:
        changes["Use dropout"] = replace(settings, dropout=0.3)
    if not settings.deforms:
        changes["Deform the images"] = replace(settings, rotation=10, shift=2, pen=20)
    return Hint(
        f"Overfitting: {as_percent(last.accuracy)} of the training images are read right, but "
        f"{as_percent(last.val_accuracy)} of the others. The network learns the training images by heart.",
        changes,
    )


def is_stuck(settings: Settings, points: Sequence[LossPoint]) -> bool:
    """Whether the loss is where it was, after batches enough to get going."""
    epoch, loss = points[-1]
    return epoch * settings.steps_per_epoch >= MIN_BATCHES and not loss < STUCK_LOSS


def with_lower_rate(settings: Settings) -> Settings:
    """The learning rate that is a tenth of this one, or the lowest."""
    rates = CHOICES["learning_rate"]
    return replace(
        settings, learning_rate=max((r for r in rates if r <= settings.learning_rate / 9.9), default=rates[0])
    )
