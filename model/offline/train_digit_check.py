"""Train what tells digits from scribbles: `python -m model.train likeness --pen-digits FILE`."""

import json
from typing import Any

import keras
import numpy as np
from keras import layers

from model.bundled_networks import load_network
from model.digit_check import CARD_KEY, CARD_PATH, DETECTOR_PATH, ENCODER_NAME, DigitCheck, last_hidden_activations
from model.files.keras_file import read_keras
from model.mnist import as_vectors, in_chunks, load_mnist
from model.network import Floats, Network
from model.offline.saving import save_without_optimizer
from model.offline.train_robust import set_some_aside
from model.offline.training_pictures import NO_DIGIT, Counts, make_pictures
from model.pen_digits import PenDigit

SEED = 0
COUNTS = Counts(mnist=40_000, pen_digits=50_000, styles=20_000, nonsense=110_000)
HIDDEN = 64
EPOCHS = 8
BATCH_SIZE = 256
# So many of the digits set aside may be taken for none.
REFUSED = 0.0125


def train_likeness(digits: list[PenDigit], command: str, counts: Counts = COUNTS) -> None:
    """Train it for the bundled robust network, and write likeness.keras and the threshold, in card.json, beside it.

    digits: pen digits; those that were set aside when the robust network was trained set the threshold. Without any,
    MNIST's last training images do. command: for the card.
    """
    keras.utils.set_random_seed(SEED)
    material, aside = set_some_aside(load_mnist(), digits)
    counts = counts if digits else counts._replace(pen_digits=0)
    print(f"{sum(counts):,} pictures", flush=True)
    pictures = make_pictures(material, counts, SEED, keras.utils.Progbar(sum(counts), unit_name="picture").update)
    encoder = load_network(ENCODER_NAME)
    model = build()
    x = hidden_activations(encoder, pictures.x)
    model.compile(optimizer=keras.optimizers.AdamW(0.001, weight_decay=0.01), loss="binary_crossentropy")
    model.fit(x, (pictures.y != NO_DIGIT).astype(np.float32), batch_size=BATCH_SIZE, epochs=EPOCHS)
    save_without_optimizer(model, DETECTOR_PATH)

    scores = DigitCheck(encoder, read_keras(DETECTOR_PATH.read_bytes()), 0).score(aside.x)
    threshold = float(np.quantile(scores, REFUSED))
    keep_in_card(
        {
            "command": command,
            "training": f"{counts.nonsense:,} pictures of letters, scribbles, signs and faces drawn by code, and "
            f"{sum(counts) - counts.nonsense:,} of digits",
            "threshold": round(threshold, 4),
            "threshold set by": f"{REFUSED:.2%} of {len(scores):,} digits set aside",
        }
    )


def build() -> keras.Sequential:
    """From the robust network's last hidden layer to the probability that it is a digit."""
    return keras.Sequential(
        [
            keras.Input(shape=(load_network(ENCODER_NAME).layers[-2].biases.size,)),
            layers.Dense(HIDDEN, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def hidden_activations(network: Network, pictures: Any) -> Floats:
    """What the network's last hidden layer makes of pictures, uint8 [N, 784] -> float32 [N, neurons]."""
    return np.concatenate([last_hidden_activations(network, as_vectors(chunk)) for chunk in in_chunks(pictures)])


def keep_in_card(entry: dict[str, Any]) -> None:
    """Write it into the robust network's card, beside what stands there."""
    card = json.loads(CARD_PATH.read_text(encoding="utf-8"))
    card[CARD_KEY] = entry
    CARD_PATH.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
