"""How long a network takes for one drawing, in NumPy and in Keras: `python -m benchmarks.predict`."""

import os
import statistics
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from benchmarks.machine import describe
from model import load_network
from model.bundled_networks import BUNDLED, BUNDLED_NAMES

CALLS = 200


def milliseconds(call: Callable[[], object]) -> list[float]:
    """Return how long each of many calls took, after some to warm up."""
    times = []
    for _ in range(CALLS + 10):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return times[10:]


def main() -> None:
    """Run the command line."""
    print(f"{describe()}; one vector, {CALLS} calls")
    x = np.random.default_rng(0).random(784, dtype=np.float32)
    for name in BUNDLED_NAMES:
        network, model = load_network(name), keras.models.load_model(BUNDLED / name / "network.keras")
        ways = {"NumPy": partial(network.predict, x), "Keras": partial(model.predict, x[None], verbose=0)}
        for way, call in ways.items():
            times = milliseconds(call)
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"{name:<10}{way:<8}median {statistics.median(times):.3f} ms, p95 {p95:.3f} ms")


if __name__ == "__main__":
    main()
