"""The process that trains: `python -m model.training.worker`, started by job_queue.py and by nobody else.

It takes jobs from standard input and tells how they go on standard output, a JSON object a line each, with the job's
number in it. It ends when standard input does: with the server, however that ended.
"""

import base64
import contextlib
import gc
import json
import os
import queue
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil

LOWER_PRIORITY = 10  # of 19: everybody's strokes come first, and a machine that is busy otherwise still trains


class Messages:
    """What the server is told, from any thread: standard output, which is for nothing else any more.

    - {"accepted": true}: the order has come; {"training": true}: TensorFlow, MNIST and the network are there
    - what Reporter tells
    - {"network": bytes, "accuracy": 0.97}: it is done; {"failed": "..."}: it broke off, one sentence for the visitor
    """

    def __init__(self) -> None:
        self.out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)  # what libraries print goes where errors go
        self.lock = threading.Lock()

    def send(self, job: int, message: dict[str, Any]) -> None:
        """Tell something about a job, by its number."""
        line = json.dumps({"job": job} | message, default=lambda data: base64.b64encode(data).decode())
        with self.lock:
            print(line, file=self.out, flush=True)


class Orders:
    """What the server has asked for so far."""

    def __init__(self, messages: Messages) -> None:
        self.messages = messages
        self.jobs: queue.Queue[dict[str, Any]] = queue.Queue()
        self.stopped: int | None = None  # the number of the job to stop
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """Take orders until there is nobody to give them."""
        try:
            for line in sys.stdin.buffer:
                order = json.loads(line)
                if "stop" in order:
                    self.stopped = order["stop"]
                else:
                    self.messages.send(order["job"], {"accepted": True})
                    self.jobs.put(order)
        finally:
            os._exit(0)  # from this thread and in the middle of a training


def lower_priority() -> None:
    """Give way to the server: in computing, and where the system runs out of memory."""
    process = psutil.Process()
    process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else LOWER_PRIORITY)
    with contextlib.suppress(OSError):  # only Linux has it
        Path("/proc/self/oom_score_adj").write_text("1000")


class DiskError(Exception):
    """What is written to the disk cannot be; the message is one sentence for the visitor."""


@contextmanager
def temporary_file() -> Iterator[Path]:
    """A file for a network, gone afterwards. Whatever goes wrong with it becomes a DiskError."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder) / "network.keras"
    except Exception as error:  # HDF5 raises other kinds than Python where the disk is full
        raise DiskError(
            "The network could not be written down, because the server's disk is full or takes no files: "
            "try again later, or take the Python code below and run it elsewhere."
        ) from error


def main() -> None:
    """Train what is asked for, until the server is gone."""
    messages = Messages()
    orders = Orders(messages)
    lower_priority()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Imported here, so that orders are taken while TensorFlow starts.
    import keras

    from model.mnist import Mnist, MnistError, load_mnist
    from model.training.live_training import train_live
    from model.training.settings import Settings

    mnist: Mnist | None = None
    while True:
        order = orders.jobs.get()
        send = partial(messages.send, order["job"])
        try:
            settings = Settings(**order["settings"] | {"hidden": tuple(order["settings"]["hidden"])})
            mnist = mnist or load_mnist()
            keras.backend.clear_session()
            model = None
            if order["network"]:
                with temporary_file() as path:
                    path.write_bytes(base64.b64decode(order["network"]))
                    model = keras.models.load_model(path)
            send({"training": True})
            trained = train_live(
                settings,
                mnist,
                send,
                lambda number=order["job"]: orders.stopped == number,  # type: ignore[misc]
                order["epochs"],
                order["epochs_before"],
                model,
            )
            with temporary_file() as path:
                trained.model.save(path)
                network = path.read_bytes()
            send({"network": network, "accuracy": trained.test_accuracy})
        except Exception as error:  # whatever it was, the next job may do better
            with contextlib.suppress(OSError):  # a full disk takes no reports either
                traceback.print_exc()
            reason = f"The training broke off ({type(error).__name__}): try other settings, or try again."
            send({"failed": str(error) if isinstance(error, DiskError | MnistError) else reason})
        gc.collect()


if __name__ == "__main__":
    main()
