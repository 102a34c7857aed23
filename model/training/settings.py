"""What a visitor can choose before training a network, and how a link carries it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Any, NamedTuple

from model.network import INPUTS, OUTPUTS

MAX_HIDDEN_LAYERS = 5
MAX_WIDTH = 512
NO_HIDDEN_LAYERS = "none"


class Optimizer(NamedTuple):
    """A way to turn a gradient into a step."""

    label: str  # for people; also the name of its class in keras.optimizers
    explanation: str
    usual_rate: float  # a learning rate that does well


OPTIMIZERS = {
    "adam": Optimizer("Adam", "Adam fits the step to each weight, with momentum.", 0.001),
    "sgd": Optimizer("SGD", "SGD goes straight downhill.", 0.1),
    "rmsprop": Optimizer("RMSprop", "RMSprop fits the step to each weight.", 0.001),
}

# Every setting except the hidden layers is one of these.
CHOICES: dict[str, Sequence[Any]] = {
    "activation": ("relu", "leaky_relu", "sigmoid", "tanh"),
    "optimizer": tuple(OPTIMIZERS),
    "learning_rate": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
    "batch_size": (8, 16, 32, 64, 128, 256, 512),
    "epochs": range(1, 51),
    "dropout": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    "rotation": range(0, 46, 5),
    "shift": range(6),
    "pen": range(0, 41, 10),
    "images": (600, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000),
    "seed": range(10_000),
}


@dataclass(frozen=True)
class Settings:
    """All that decides what a training does. Raises ValueError for a value that cannot be chosen."""

    hidden: tuple[int, ...] = (64, 64)  # the width of each hidden layer, in order
    activation: str = "relu"
    optimizer: str = "adam"
    learning_rate: float = 0.001
    batch_size: int = 32
    epochs: int = 5
    dropout: float = 0.0  # share of each hidden layer's neurons left out
    rotation: int = 0  # degrees, at most, to either side
    shift: int = 0  # pixels, at most, in each direction
    pen: int = 0  # per cent, at most, by which the pen gets wider or thinner
    images: int = 10_000
    seed: int = 0

    def __post_init__(self) -> None:
        """Raise ValueError for a value that cannot be chosen."""
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} cannot be {getattr(self, name)!r}")
        if len(self.hidden) > MAX_HIDDEN_LAYERS or not all(1 <= width <= MAX_WIDTH for width in self.hidden):
            raise ValueError(f"hidden cannot be {self.hidden!r}")

    @property
    def deforms(self) -> bool:
        """Return whether the training pictures are deformed."""
        return bool(self.rotation or self.shift or self.pen)

    @property
    def validates_on_test_images(self) -> bool:
        """Return whether this is the notebook's training, which holds nothing out for validation."""
        return self == NOTEBOOK

    @property
    def training_images(self) -> int:
        """Return how many images the network learns from; the others are held out for validation."""
        return self.images if self.validates_on_test_images else self.images - self.images // 10

    @property
    def steps_per_epoch(self) -> int:
        """Return how many batches an epoch has, including the last, smaller one."""
        return -(-self.training_images // self.batch_size)

    @property
    def steps_per_execution(self) -> int:
        """Return how many batches one call into TensorFlow trains: more is faster, but fewer show more points."""
        return min(50, max(1, self.steps_per_epoch // 15))

    @property
    def parameters(self) -> int:
        """Return how many weights and biases the network has."""
        return sum((inputs + 1) * neurons for inputs, neurons in pairwise((INPUTS, *self.hidden, OUTPUTS)))


QUICK = Settings()
NOTEBOOK = Settings(images=60_000, epochs=20)


def to_address(settings: Settings) -> dict[str, str]:
    """Return all settings as parameters of the page's address, so a link keeps its meaning if a default changes."""
    return {
        name: "-".join(map(str, value)) or NO_HIDDEN_LAYERS if name == "hidden" else str(value)
        for name, value in asdict(settings).items()
    }


def from_address(parameters: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Return the settings in an address, and the names of those whose values cannot be chosen: they keep their default.

    Parameters of other names are ignored.
    """
    chosen: dict[str, Any] = {}
    refused = []
    for name in (field.name for field in fields(Settings) if field.name in parameters):
        try:
            chosen[name] = parse_setting(name, parameters[name])
        except ValueError:
            refused.append(name)
    return Settings(**chosen), refused


def parse_setting(name: str, text: str) -> Any:
    """Return the value that an address writes like this; hidden layers as "64-32". Raises ValueError if it has none."""
    if name == "hidden":
        widths = () if text == NO_HIDDEN_LAYERS else tuple(int(width) for width in text[:100].split("-"))
        return Settings(hidden=widths).hidden
    for choice in CHOICES[name]:
        if str(choice) == text:
            return choice
    raise ValueError(text)
