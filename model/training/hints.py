"""What went wrong in a training, as far as its curves show it, and which change would help."""

import math
from dataclasses import replace
from typing import NamedTuple

from model.number_format import as_percent
from model.training.settings import CHOICES, OPTIMIZERS, Settings
from model.training.training_record import Record

# The loss of a network that gives each of the ten digits the same probability
CHANCE_LOSS = math.log(10)
EXPLODED_LOSS = 3 * CHANCE_LOSS
STUCK_LOSS = 0.9 * CHANCE_LOSS
# Batches before a loss that does not fall is worth a hint
MIN_BATCHES = 200
OVERFIT_LOSS_RATIO = 1.1  # the latest validation loss over the lowest one
OVERFIT_ACCURACY_GAP = 0.05  # training accuracy minus validation accuracy
VANISHED_RATIO = 1e-3  # the first layer's gradient over the last layer's
MANY_DEAD = 0.4  # share of a layer's neurons


class Hint(NamedTuple):
    """What can be seen, and changes that would help, each under the name of its button."""

    text: str
    changes: dict[str, Settings]


def find_hints(record: Record) -> list[Hint]:
    """Return what there is to say about a training, while it runs or afterwards."""
    if not record.points:
        return []
    found = [
        explosion_hint(record)
        or vanishing_gradient_hint(record)
        or dead_neuron_hint(record)
        or stuck_loss_hint(record),
        overfitting_hint(record),
    ]
    return [hint for hint in found if hint]


def explosion_hint(record: Record) -> Hint | None:
    """Return a hint if the loss was ever far above chance, or is no longer a number."""
    if all(point.loss < EXPLODED_LOSS for point in record.points):
        return None
    return Hint(
        "The loss explodes: each step overshoots, so the next one has more to correct. The learning rate is too "
        "high for these settings.",
        {"Lower the learning rate": with_lower_rate(record.settings)},
    )


def vanishing_gradient_hint(record: Record) -> Hint | None:
    """Return a hint if the first layers of a deep network with sigmoid or tanh get hardly any gradient."""
    settings, snapshots = record.settings, record.snapshots
    if settings.activation not in ("sigmoid", "tanh") or not snapshots or not is_stuck(record):
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


def dead_neuron_hint(record: Record) -> Hint | None:
    """Return a hint if many neurons of a layer put out 0 for every sample image: their gradient is then 0, too."""
    settings = record.settings
    if settings.activation != "relu" or len(record.snapshots) < 2:
        return None
    neurons, dead = record.snapshots[-1].neuron_counts, record.snapshots[-1].dead_counts
    worst = max(range(len(neurons)), key=lambda i: dead[i] / neurons[i], default=None)
    if worst is None or dead[worst] < MANY_DEAD * neurons[worst]:
        return None
    return Hint(
        f"Dead neurons: {dead[worst]} of the {neurons[worst]} in hidden layer {worst + 1} never fire. They have "
        "no gradient and cannot learn. Large steps drove them there.",
        {
            "Lower the learning rate": with_lower_rate(settings),
            "Use leaky ReLU": replace(settings, activation="leaky_relu"),
        },
    )


def stuck_loss_hint(record: Record) -> Hint | None:
    """Return a hint if the loss does not fall: a small learning rate is then too small, a large one too large."""
    if not is_stuck(record):
        return None
    settings = record.settings
    usual = OPTIMIZERS[settings.optimizer].usual_rate
    text = f"The loss does not fall: {CHANCE_LOSS:.2f} is the loss of a network that knows nothing. "
    if settings.learning_rate > usual:
        return Hint(text + "The learning rate is too high.", {"Lower the learning rate": with_lower_rate(settings)})
    if settings.learning_rate < usual:
        higher = replace(settings, learning_rate=next(r for r in CHOICES["learning_rate"] if r >= usual))
        return Hint(text + "The learning rate is too low.", {"Raise the learning rate": higher})
    return Hint(text + "Try fewer layers or ReLU.", {"Use ReLU": replace(settings, activation="relu", dropout=0.0)})


def overfitting_hint(record: Record) -> Hint | None:
    """Return a hint if training and validation drift apart: the network learns the training images by heart."""
    settings, epochs = record.settings, record.epoch_metrics
    if len(epochs) < 2:
        return None
    last, lowest = epochs[-1], min(epoch.val_loss for epoch in epochs)
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
        f"Overfitting: the network reads {as_percent(last.accuracy)} of the training images right, but "
        f"{as_percent(last.val_accuracy)} of the others. It learns the training images by heart.",
        changes,
    )


def is_stuck(record: Record) -> bool:
    """Return whether the loss has hardly fallen after enough batches to get going."""
    epoch, loss = record.points[-1]
    return epoch * record.settings.steps_per_epoch >= MIN_BATCHES and not loss < STUCK_LOSS


def with_lower_rate(settings: Settings) -> Settings:
    """Return the settings with a tenth of their learning rate, or with the lowest rate."""
    rates = CHOICES["learning_rate"]
    lower = max((rate for rate in rates if rate <= settings.learning_rate / 9.9), default=rates[0])
    return replace(settings, learning_rate=lower)
