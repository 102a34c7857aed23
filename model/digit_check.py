"""Whether a picture looks like a digit at all. A classifier names a digit whatever it is shown, often with confidence.

A small network of its own, the detector, reads the last hidden layer of the robust network, the encoder. It was trained
to tell digits from letters, scribbles, faces and signs, and what it learnt carries over to scribbles of other kinds.
After D. Hendrycks, M. Mazeika, T. Dietterich, "Deep Anomaly Detection with Outlier Exposure", ICLR 2019.
"""

import json
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.bundled_networks import BUNDLED, load_network
from model.files.keras_file import read_keras
from model.network import Floats, Network, NetworkError

ENCODER_NAME = "robust"
DETECTOR_PATH, CARD_PATH = BUNDLED / ENCODER_NAME / "likeness.keras", BUNDLED / ENCODER_NAME / "card.json"
CARD_KEY = "looks like a digit"


class DigitCheck(NamedTuple):
    """Tells pictures that look like a digit from others."""

    encoder: Network  # the robust network
    detector: Network  # from the encoder's last hidden layer to a score
    threshold: float  # the lowest score of a picture that looks like a digit

    def score(self, x: npt.ArrayLike) -> Floats:
        """Return how much each picture looks like a digit: float32 [N, 784] in 0..1 -> float32 [N] in 0..1."""
        return self.detector.predict(last_hidden_activations(self.encoder, x))[:, 0]

    def looks_like_a_digit(self, x: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Return which pictures look like a digit: float32 [N, 784] in 0..1 -> bool [N]."""
        return self.score(x) >= self.threshold


def last_hidden_activations(network: Network, x: npt.ArrayLike) -> Floats:
    """Return the activations of the last hidden layer: float32 [N, 784] -> float32 [N, neurons]."""
    return network.forward(x)[-2].a


def load_digit_check(encoder: Network | None = None) -> DigitCheck:
    """Read the check. encoder: the robust network, if it has been read already.

    Raises NetworkError if a file is missing or damaged.
    """
    encoder = encoder or load_network(ENCODER_NAME)
    try:
        detector = read_keras(DETECTOR_PATH.read_bytes())
        card = json.loads(CARD_PATH.read_text(encoding="utf-8"))
        threshold = float(card[CARD_KEY]["threshold"])
        if detector.layers[0].weights.shape[0] != encoder.layers[-2].biases.size:
            raise ValueError("It was trained for another network.")
        if detector.layers[-1].biases.size != 1 or not detector.stays_finite or not 0 <= threshold <= 1:
            raise ValueError("It does not give a score.")
    except (OSError, NetworkError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise NetworkError(
            "The network that tells digits from scribbles cannot be read: "
            "restore it with `git checkout -- model/robust`, "
            "or train it again with `python -m model.train likeness --pen-digits FILE`."
        ) from error
    return DigitCheck(encoder, detector, threshold)
