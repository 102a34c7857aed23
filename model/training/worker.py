"""The process that trains: `python -m model.training.worker`. Only job_queue.py starts it.

It reads orders from standard input and writes messages to standard output: one JSON object a line, with the job's
number in it. It ends when standard input does, and so with the server, however the server ends.
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

LOWER_PRIORITY = 10  # of 19: strokes on the canvas come first, but a busy machine still trains


class Server:
    """The server's orders, and the messages to it, from any thread. They have standard output to themselves.

    - {"accepted": true}: the order has come; {"training": true}: TensorFlow, MNIST and the network are loaded
    - what Reporter reports
    - {"network": bytes, "accuracy": 0.97}: the training is done; {"failed": "..."}: it failed, one sentence for the
      visitor
    """

    def __init__(self) -> None:
        self.out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)  # what libraries print goes to standard error
        self.lock = threading.Lock()
        self.orders: queue.Queue[dict[str, Any]] = queue.Queue()
        self.stopped: int | None = None  # the number of the latest job to stop
        threading.Thread(target=self.listen, daemon=True).start()

    def send(self, job: int, message: dict[str, Any]) -> None:
        """Send a message about a job, by its number."""
        line = json.dumps({"job": job} | message, default=lambda data: base64.b64encode(data).decode())
        with self.lock:
            print(line, file=self.out, flush=True)

    def listen(self) -> None:
        """Read orders until standard input ends; then end the process."""
        try:
            for line in sys.stdin.buffer:
                order = json.loads(line)
                if "stop" in order:
                    self.stopped = order["stop"]
                else:
                    self.send(order["job"], {"accepted": True})
                    self.orders.put(order)
        finally:
            os._exit(0)  # from this thread and in the middle of a training


def lower_priority() -> None:
    """Give way to the server: in computing time, and when the system runs out of memory."""
    process = psutil.Process()
    process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else LOWER_PRIORITY)
    with contextlib.suppress(OSError):  # only Linux has it
        Path("/proc/self/oom_score_adj").write_text("1000")


class DiskError(Exception):
    """The network cannot be written to the disk; the message is one sentence for the visitor."""


@contextmanager
def temporary_file() -> Iterator[Path]:
    """Yield the path of a file for a network, which is deleted afterwards. Any error in between becomes a DiskError."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder) / "network.keras"
    except Exception as error:  # HDF5 has errors of its own for a full disk
        raise DiskError(
            "The network could not be saved, because the server's disk is full or takes no files: "
            "try again later, or take the Python code below and run it elsewhere."
        ) from error


def main() -> None:
    """Train what the server orders, until the server is gone."""
    server = Server()
    lower_priority()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Imported here, so that orders are accepted while TensorFlow starts
    import keras

    from model.mnist import Mnist, MnistError, load_mnist
    from model.training.live_training import Reporter, build_model, train
    from model.training.settings import Settings

    mnist: Mnist | None = None
    while True:
        order = server.orders.get()
        send = partial(server.send, order["job"])
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
            model = model or build_model(settings)
            reporter = Reporter(
                settings,
                mnist,
                order["epochs"],
                order["epochs_before"],
                send,
                lambda number=order["job"]: server.stopped == number,  # type: ignore[misc]
            )
            accuracy = train(model, settings, mnist, reporter)
            with temporary_file() as path:
                model.save(path)
                network = path.read_bytes()
            send({"network": network, "accuracy": accuracy})
        except Exception as error:  # the next job may do better
            with contextlib.suppress(OSError):  # the log may be on a full disk, too
                traceback.print_exc()
            reason = f"The training failed ({type(error).__name__}): try other settings, or try again."
            send({"failed": str(error) if isinstance(error, DiskError | MnistError) else reason})
        gc.collect()


if __name__ == "__main__":
    main()
