"""How often a network is right, and how sure it may be: `python -m model.evaluate [NAME] [--pen-digits FILE [--keep]]`.

It prints tables to the screen (standard error) and the same figures as JSON to standard output, so that
`python -m model.evaluate > figures.json` keeps them.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

from model.bundled_networks import BUNDLED, BUNDLED_NAMES, KNOWN_NAMES, load_network
from model.mnist import MnistError, as_vectors, in_chunks, load_mnist
from model.network import Floats, Network, NetworkError
from model.pen_digits import PenDigit, PenDigitsError, draw_at_random, read_pen_digits
from model.preprocessing import SIDE, preprocess

SEED = 0
BINS = 15
THRESHOLDS = 1_000

Labels = npt.NDArray[np.integer]


def predict_images(network: Network, images: npt.NDArray[np.uint8]) -> Floats:
    """Return the network's probabilities for images: uint8 [N, 28, 28] -> float32 [N, 10]."""
    return np.concatenate([network.predict(as_vectors(chunk)) for chunk in in_chunks(images)])


def accuracy(network: Network, x: Floats, labels: Labels) -> float:
    """Return the share of rows of x, float32 [N, 784], whose most probable digit is the label."""
    return float(np.mean(network.predict(x).argmax(axis=1) == labels))


def mean_loss(probabilities: Floats, labels: Labels) -> float:
    """Return the mean cross-entropy, -ln of the label's probability, as Keras' `model.evaluate` does.

    A probability too small for float32 counts as the smallest normal one, so no image costs more than 87.3.
    probabilities: float32 [N, 10]; labels: [N], 0 to 9.
    """
    of_label = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(of_label, np.finfo(np.float32).tiny).astype(np.float64)).mean())


def confusion_counts(read: Labels, labels: Labels) -> npt.NDArray[np.int_]:
    """Count how often each digit (a row) is read as each digit (a column): int [10, 10]. read, labels: [N], 0 to 9."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (labels, read), 1)
    return counts


def metrics_per_digit(counts: npt.NDArray[np.int_]) -> pd.DataFrame:
    """Return a row for each digit that occurs in a confusion matrix, int [10, 10].

    `count`: images of this digit; `precision`: the share of the answers naming this digit that are right, NaN if none
    names it; `recall`: the share of this digit's images that are read right.
    """
    right, written, named = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    table = pd.DataFrame({"count": written, "precision": right / np.where(named, named, np.nan)})
    table["recall"] = right / np.where(written, written, np.nan)
    return table[table["count"] > 0].rename_axis("digit")


def reliability_bins(probabilities: Floats, labels: Labels) -> pd.DataFrame:
    """Compare how sure the network is with how often it is right, in 15 bins. Empty bins are left out.

    Each answer goes into a bin by the probability of the digit named. `bin`: 0 to 14, from bin/15 to (bin + 1)/15;
    `count`: of answers; `confidence`: their mean probability; `accuracy`: the share that is right.
    probabilities: float32 [N, 10]; labels: [N], 0 to 9.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    answers = pd.DataFrame(
        {
            "bin": np.minimum(confidence * BINS, BINS - 1).astype(int),
            "confidence": confidence,
            "accuracy": probabilities.argmax(axis=1) == labels,
        }
    ).groupby("bin")
    table: pd.DataFrame = answers.mean()
    table.insert(0, "count", answers.size())
    return table.reset_index()


def calibration_error(probabilities: Floats, labels: Labels) -> float:
    """Return how far, on average, the network's confidence is from how often it is right: 0 (calibrated) to 1.

    This is the expected calibration error of C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017: the
    gap in each of the `reliability_bins` is weighted by the bin's size.
    """
    bins = reliability_bins(probabilities, labels)
    gaps = (bins["confidence"] - bins["accuracy"]).abs()
    return float((gaps * bins["count"]).sum() / len(labels))


def answered_curve(probabilities: Floats, labels: Labels) -> pd.DataFrame:
    """Count the answers that are left if the network only answers when it is sure enough.

    There is a row for each threshold from 0 to 0.999 in thousandths. `threshold`: the probability that the digit named
    needs at least; `answered`: how many images get an answer; `right`: how many of these answers are right.
    probabilities: float32 [N, 10]; labels: [N], 0 to 9.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    order = confidence.argsort()
    right = (probabilities.argmax(axis=1) == labels)[order]
    thresholds = np.arange(THRESHOLDS) / THRESHOLDS
    unanswered = np.searchsorted(confidence[order], thresholds)  # the least sure come first
    right_before = np.concatenate([[0], right.cumsum()])
    return pd.DataFrame(
        {
            "threshold": thresholds,
            "answered": len(labels) - unanswered,
            "right": right_before[-1] - right_before[unanswered],
        }
    )


def figures(probabilities: Floats, labels: Labels) -> dict[str, Any]:
    """Return all figures on one data set. probabilities: float32 [N, 10]; labels: [N], 0 to 9."""
    read = probabilities.argmax(axis=1)
    counts = confusion_counts(read, labels)
    return {
        "count": len(labels),
        "accuracy": float(np.mean(read == labels)),
        "loss": mean_loss(probabilities, labels),
        "calibration_error": calibration_error(probabilities, labels),
        "per_digit": {
            str(digit): {"count": int(count), "precision": None if np.isnan(precision) else precision, "recall": recall}
            for digit, count, precision, recall in metrics_per_digit(counts).itertuples()
        },
        "confusion": counts.tolist(),  # a row for each digit written, a column for each digit read
    }


def accuracy_per_group(groups: npt.ArrayLike, right: npt.NDArray[np.bool_]) -> dict[str, dict[str, float]]:
    """Return the size of each group, and which share of it is right."""
    shares = pd.Series(right).groupby(np.asarray(groups)).agg(["size", "mean"])
    return {str(group): {"count": int(count), "accuracy": float(mean)} for group, count, mean in shares.itertuples()}


def resized_vector(rgba: npt.NDArray[np.uint8]) -> Floats:
    """Shrink the whole canvas, as a demo without MNIST's recipe does: uint8 [H, W, 4] -> float32 [784]."""
    picture = Image.fromarray(rgba).convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return np.asarray(picture, dtype=np.float32).reshape(-1) / np.float32(255)


def draw_as_visitors(digits: list[PenDigit]) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield each digit as a canvas picture, uint8 [280, 280, 4], at random sizes and places that never change."""
    random = np.random.default_rng(SEED)
    return (draw_at_random(digit.strokes, random) for digit in digits)


def drawing_vector(rgba: npt.NDArray[np.uint8]) -> Floats:
    """Return a drawing by MNIST's recipe, float32 [784]. Raises ValueError if it is blank, which no pen digit is."""
    vector = preprocess(rgba)
    if vector is None:
        raise ValueError("This drawing is blank.")
    return vector


def labels_of(digits: list[PenDigit]) -> Labels:
    """Return the digits that were meant: int [N]."""
    return np.array([digit.label for digit in digits])


def pen_digit_figures(network: Network, digits: list[PenDigit]) -> dict[str, Any]:
    """Return the figures on digits drawn as visitors would, also by source.

    `only_resized` is the share right without MNIST's recipe, and so shows what the recipe is worth.
    """
    x, resized = map(
        np.stack, zip(*((drawing_vector(p), resized_vector(p)) for p in draw_as_visitors(digits)), strict=True)
    )
    labels, probabilities = labels_of(digits), network.predict(x)
    right = probabilities.argmax(axis=1) == labels
    return figures(probabilities, labels) | {
        "per_source": accuracy_per_group([digit.source for digit in digits], right),
        "only_resized": accuracy(network, resized, labels),
    }


def evaluate(name: str, pen_digits: Path | None = None) -> dict[str, Any]:
    """Return everything that the command line reports on a bundled network.

    Raises ValueError for an unknown name; NetworkError, MnistError or PenDigitsError if a file cannot be read.
    """
    network = load_network(name)
    mnist = load_mnist()
    report = {"network": name, "mnist": figures(predict_images(network, mnist.x_test), mnist.y_test)}
    if pen_digits:
        report["pen_digits"] = pen_digit_figures(network, read_pen_digits(pen_digits))
    return report


def save_to_card(report: dict[str, Any], file: Path) -> None:
    """Write the figures on the pen digits of `file` into the network's card, where the page Test set finds them."""
    card_path = BUNDLED / report["network"] / "card.json"
    card = json.loads(card_path.read_text(encoding="utf-8"))
    of_all = {key: report["pen_digits"][key] for key in ("count", "accuracy", "calibration_error", "only_resized")}
    card["pen digits"] = {
        "command": f"python -m model.evaluate {report['network']} --pen-digits {file.name}",
        **{key: round(figure, 4) for key, figure in of_all.items()},
        "per_source": {
            source: {"count": of_source["count"], "accuracy": round(of_source["accuracy"], 4)}
            for source, of_source in report["pen_digits"]["per_source"].items()
        },
    }
    card_path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def report_text(report: dict[str, Any]) -> str:
    """Return the report as text for people."""
    texts = [f"The network “{report['network']}”"]
    for key, title in (("mnist", "MNIST's test images"), ("pen_digits", "Pen digits, prepared by MNIST's recipe")):
        if key not in report:
            continue
        part = report[key]
        texts.append(f"{title}: {part['accuracy']:.2%} of {part['count']:,} right")
        texts.append(f"Loss: {part['loss']:.4f}. Expected calibration error: {part['calibration_error']:.2%}")
        if "only_resized" in part:
            texts.append(f"The same pictures, only resized: {part['only_resized']:.2%} right")
        for by, heading in (("per_digit", "digit"), ("per_source", "source")):
            if by in part:
                rows = pd.DataFrame.from_dict(part[by], "index").astype({"count": int}).rename_axis(heading)
                shares = dict.fromkeys(("accuracy", "precision", "recall"), "{:.2%}".format)
                texts.append(rows.reset_index().to_string(index=False, formatters=shares, na_rep="-"))
        counts = pd.DataFrame(part["confusion"]).rename_axis(index="written", columns="read as")
        texts.append(f"{counts.to_string()}\n")
    return "\n".join(texts)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description="Measure a bundled network.")
    parser.add_argument("name", nargs="?", choices=KNOWN_NAMES, default=BUNDLED_NAMES[0], help="default: %(default)s")
    parser.add_argument("--pen-digits", type=Path, metavar="FILE", help="gzipped strokes, a JSON object on each line")
    parser.add_argument(
        "--keep", action="store_true", help="write the figures on the pen digits into the network's card.json"
    )
    arguments = parser.parse_args()
    if arguments.keep and not arguments.pen_digits:
        parser.error("There is nothing to keep: name a file with --pen-digits FILE.")
    try:
        report = evaluate(arguments.name, arguments.pen_digits)
    except (MnistError, NetworkError, PenDigitsError) as error:
        parser.error(str(error))
    if arguments.keep:
        save_to_card(report, arguments.pen_digits)
    print(json.dumps(report), flush=True)
    print(report_text(report), file=sys.stderr)


if __name__ == "__main__":
    main()
