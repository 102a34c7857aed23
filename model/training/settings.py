"""What a visitor can choose before training a network, and how a choice is written into a link."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Any, NamedTuple

from model.network import INPUTS, OUTPUTS

MAX_HIDDEN_LAYERS = 5
MAX_WIDTH = 512
NO_HIDDEN_LAYERS = "none"


class Optimizer(NamedTuple):
    """A way to make a step of a gradient."""

    label: str  # for people; and in keras.optimizers, the name of its class
    explanation: str
    usual_rate: float  # a learning rate that does well


OPTIMIZERS = {
    "adam": Optimizer("Adam", "Adam fits the step to each weight, with momentum.", 0.001),
    "sgd": Optimizer("SGD", "SGD goes straight downhill.", 0.1),
    "rmsprop": Optimizer("RMSprop", "RMSprop fits the step to each weight.", 0.001),
}

# Every setting but the hidden layers is one of these.
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
    """All that decides what a training does. Raises ValueError for what cannot be chosen."""

    hidden: tuple[int, ...] = (64, 64)  # the width of each hidden layer, in order
    activation: str = "relu"
    optimizer: str = "adam"
    learning_rate: float = 0.001
    batch_size: int = 32
    epochs: int = 5
    dropout: float = 0.0  # share of each hidden layer's neurons left out
    rotation: int = 0  # degrees, at most, to either side
    shift: int = 0  # pixels, at most, in each direction
    pen: int = 0  # per cent by which the pen gets wider or thinner, at most
    images: int = 10_000
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be chosen."""
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} cannot be {getattr(self, name)!r}")
        if len(self.hidden) > MAX_HIDDEN_LAYERS or not all(1 <= width <= MAX_WIDTH for width in self.hidden):
            raise ValueError(f"hidden cannot be {self.hidden!r}")

    @property
    def deforms(self) -> bool:
        """Whether the training pictures are deformed."""
        return bool(self.rotation or self.shift or self.pen)

    @property
    def validates_on_test_images(self) -> bool:
        """Whether it is the notebook's training, which holds nothing out, and not one to choose settings by."""
        return self == NOTEBOOK

    @property
    def training_images(self) -> int:
        """How many images the weights are changed by."""
        return self.images if self.validates_on_test_images else self.images - self.images // 10

    @property
    def steps_per_epoch(self) -> int:
        """How many batches an epoch has, the last and smaller one included."""
        return -(-self.training_images // self.batch_size)

    @property
    def steps_per_execution(self) -> int:
        """How many batches a call into TensorFlow takes: the more, the faster; but an epoch shows a dozen points."""
        return min(50, max(1, self.steps_per_epoch // 15))

    @property
    def parameters(self) -> int:
        """How many weights and biases the network has."""
        return sum((inputs + 1) * neurons for inputs, neurons in pairwise((INPUTS, *self.hidden, OUTPUTS)))


QUICK = Settings()
NOTEBOOK = Settings(images=60_000, epochs=20)


def to_address(settings: Settings) -> dict[str, str]:
    """All settings, as parameters of the page's address: a link stays what it was when a default changes."""
    return {
        name: "-".join(map(str, value)) or NO_HIDDEN_LAYERS if name == "hidden" else str(value)
        for name, value in asdict(settings).items()
    }


def from_address(parameters: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """The settings of an address, and the names of those that it asks for in vain: they stay as they are by default.

    Other parameters are somebody else's.
    """
    chosen: dict[str, Any] = {}
    refused = []
    for name in (field.name for field in fields(Settings) if field.name in parameters):
        try:
            chosen[name] = parse_widths(parameters[name]) if name == "hidden" else parse_choice(name, parameters[name])
        except ValueError:
            refused.append(name)
    return Settings(**chosen), refused


def parse_widths(text: str) -> tuple[int, ...]:
    """The hidden layers of an address, "64-32". Raises ValueError for anything that cannot be chosen."""
    widths = () if text == NO_HIDDEN_LAYERS else tuple(int(width) for width in text[:100].split("-"))
    return Settings(hidden=widths).hidden


def parse_choice(name: str, text: str) -> Any:
    """The choice that is written like this. Raises ValueError where there is none."""
    for choice in CHOICES[name]:
        if str(choice) == text:
            return choice
    raise ValueError(text)
