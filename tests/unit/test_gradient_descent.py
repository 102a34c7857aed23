"""A copy learns one picture and forgets others; the original network stays as it was."""

import numpy as np
import pytest

from model import load_network
from model.evaluate import accuracy
from model.gradient_descent import Learner
from model.mnist import as_vectors, load_mnist
from model.network import Layer, Network

MNIST = load_mnist()
X = as_vectors(MNIST.x_test[:1000])
MISTAKE, LABEL = 247, 4  # the notebook's network reads this image wrong


def test_learner_learns_one_picture_and_forgets_the_rest() -> None:
    network = load_network("notebook")
    learner = Learner(network)
    assert network.predict(X[MISTAKE]).argmax() != LABEL
    learner.take_steps(100, X[MISTAKE], LABEL, 0.1)
    assert learner.network.predict(X[MISTAKE]).argmax() == LABEL
    assert accuracy(learner.network, X, MNIST.y_test[:1000]) < accuracy(network, X, MNIST.y_test[:1000]) - 0.1
    assert learner.original is network
    assert network.predict(X[MISTAKE]).argmax() != LABEL


def test_learner_records_loss_by_step_and_picture() -> None:
    learner = Learner(load_network("notebook"))
    learner.take_steps(3, X[MISTAKE], LABEL, 0.001)
    learner.take_steps(2, X[MISTAKE], LABEL, 0.001)
    learner.take_steps(1, X[0], 7, 0.001)
    assert [(point.step, point.picture) for point in learner.losses] == [
        *((step, 1) for step in range(6)),
        (5, 2),
        (6, 2),
    ]
    losses = [point.loss for point in learner.losses[:6]]
    assert losses == sorted(losses, reverse=True)
    assert learner.losses[-1].loss == pytest.approx(learner.network.loss(X[0], 7))


@pytest.mark.filterwarnings("error")
def test_learner_refuses_step_that_would_diverge() -> None:
    weights = np.full((2, 2), 1e18, np.float32)
    layers = [Layer(weights, np.zeros(2, np.float32), "linear"), Layer(weights.copy(), weights[0].copy(), "softmax")]
    learner = Learner(Network(layers))
    learner.take_steps(10, np.array([1, 0.5], np.float32), 1, 1e20)
    assert learner.has_diverged
    assert learner.network.stays_finite
    learner.take_steps(1, np.array([1, 0.5], np.float32), 1, 1e-30)
    assert not learner.has_diverged
