"""A copy of a network that learns one picture, step by step, and forgets the others."""

from typing import NamedTuple

import numpy as np

from model.network import Floats, Network


class StepLoss(NamedTuple):
    """The loss of a picture after a number of steps."""

    step: int
    loss: float
    picture: int  # 1 for the first picture learnt; a new picture, or a new digit for it, counts up


class Learner:
    """A copy of a network, and its loss so far. The original network stays as it is."""

    def __init__(self, network: Network) -> None:
        self.original = self.network = network
        self.losses: list[StepLoss] = []
        self.accuracies: dict[int, float] = {}  # on the test images, by step, where the page measured it
        self.steps = 0
        self.has_diverged = False  # the last step would have made weights that are not finite
        self._picture: tuple[bytes, int] | None = None
        self._picture_count = 0

    def take_steps(self, count: int, x: Floats, digit: int, learning_rate: float) -> None:
        """Take `count` steps of gradient descent on one picture x, float32 [784], whose right answer is `digit`.

        Stop before a step that would make weights too large for numbers.
        """
        if self._picture != (x.tobytes(), digit):
            self._picture = (x.tobytes(), digit)
            self._picture_count += 1
            self.losses.append(StepLoss(self.steps, self.network.loss(x, digit), self._picture_count))
        for _ in range(count):
            with np.errstate(all="ignore"):
                after = self.network.gradient_step(self.network.gradients(x, digit), learning_rate)
            self.has_diverged = not after.stays_finite
            if self.has_diverged:
                return
            self.network = after
            self.steps += 1
            self.losses.append(StepLoss(self.steps, after.loss(x, digit), self._picture_count))
