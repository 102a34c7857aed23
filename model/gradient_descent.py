"""A copy of a network that learns one picture, step by step, and forgets the others."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from model.network import Floats, Network


class Point(NamedTuple):
    """The loss of one picture after so many steps."""

    step: int
    loss: float
    picture: int  # the first one is 1; another picture, or another digit that it should be, counts anew


@dataclass
class Learner:
    """The copy, and how the loss went. The network that it was copied from stays what it is."""

    original: Network
    network: Network
    losses: list[Point] = field(default_factory=list)
    accuracies: dict[int, float] = field(default_factory=dict)  # by step, of the test images, where it was measured
    steps: int = 0
    has_diverged: bool = False  # the last step asked for would have made weights that are no finite numbers
    _picture: tuple[bytes, int] | None = None

    @classmethod
    def of(cls, network: Network) -> "Learner":
        """One that has learnt nothing yet."""
        return cls(network, network)

    def take(self, count: int, x: Floats, digit: int, learning_rate: float) -> None:
        """So many steps of gradient descent on one picture, float32 [784], which should be read as that digit."""
        if self._picture != (x.tobytes(), digit):
            self._picture = (x.tobytes(), digit)
            self.losses.append(Point(self.steps, self.network.loss(x, digit), self._pictures + 1))
        for _ in range(count):
            with np.errstate(all="ignore"):
                after = self.network.gradient_step(self.network.gradients(x, digit), learning_rate)
            self.has_diverged = not after.stays_finite
            if self.has_diverged:
                return
            self.network = after
            self.steps += 1
            self.losses.append(Point(self.steps, after.loss(x, digit), self._pictures))

    @property
    def _pictures(self) -> int:
        """How many pictures it has been shown in turn."""
        return self.losses[-1].picture if self.losses else 0
