"""A worker that breaks, run by tests in the place of the real one: `python -m tests.faulty_worker FAULT`.

It has its fault with each odd job. All others are done at once, and right on as many thousandths of the images as the
job's number says, so that a result tells whose it is.
"""

import base64
import json
import sys
from typing import Any

from model.bundled_networks import BUNDLED

NETWORK = base64.b64encode((BUNDLED / "linear" / "network.keras").read_bytes()).decode()

# What it prints in the place of a message
FAULTS: dict[str, str | dict[str, Any]] = {
    "a line that is no JSON": "2026-11-28 12:00:00: I tensorflow/core/platform: oneDNN custom operations are on.",
    "JSON without an object": "[]",
    "no number of a job": {"job": None, "training": True},
    "deep nesting": "[" * 100_000,
    "a message that there is not": {"hello": True},
    "a point without a loss": {"point": [1.0], "batch": 1, "progress": 0.5},
    "a row of words": {"epoch_metrics": {"epoch": "one", "loss": 0, "accuracy": 0, "val_loss": 0, "val_accuracy": 0}},
    "half a picture": {
        "snapshot": {"epoch": 0, "weights": "AAAA", "gradient_sizes": [0, 0], "neuron_counts": [1], "dead_counts": [0]},
    },
    "a network that is none": {"network": "AAAA", "accuracy": 0.5},
}


def tell(job: int, message: dict[str, Any]) -> None:
    """A message, as the real worker writes it."""
    print(json.dumps({"job": job} | message), flush=True)


def finish(job: int, of: int) -> None:
    """A whole training; `of`: the job whose result it has."""
    tell(job, {"training": True})
    tell(job, {"point": [1.0, float(of)], "batch": 1, "progress": 1.0})
    tell(job, {"network": NETWORK, "accuracy": of / 1000})


def main() -> None:
    """Take orders until there are no more."""
    fault = sys.argv[1]
    for line in sys.stdin:
        order = json.loads(line)
        if "stop" in order:
            continue
        job = order["job"]
        if fault == "never answers":
            continue
        if fault == "what is left of another job":
            finish(job - 1, of=job - 1)
        elif job % 2 and fault in FAULTS:
            wrong = FAULTS[fault]
            print(wrong, flush=True) if isinstance(wrong, str) else tell(job, wrong)
            continue
        finish(job, of=job)


if __name__ == "__main__":
    main()
