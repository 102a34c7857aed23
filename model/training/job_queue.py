"""Live training for a class on one server: one job at a time, in a process of its own, and a queue.

The process (worker.py) takes seconds to start and much memory: it is kept for the next job, and let go when none came
for two minutes. It ends with the server, because its standard input does. The two talk in JSON, an object a line, over
the pipes that every system gives a child process.
"""

import base64
import contextlib
import importlib.util
import json
import logging
import math
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from model.training.memory import available_memory
from model.training.settings import Settings
from model.training.training_record import MessageError, Record

log = logging.getLogger(__name__)

MIB = 2**20
COMMAND = [sys.executable, "-m", "model.training.worker"]
# Seconds
MAX_TRAINING_SECONDS = 600
MAX_ABSENCE_SECONDS = 60
MAX_IDLE_SECONDS = 120
MAX_STOP_SECONDS = 60  # from the wish to stop to the end of the last batch, the test and the saving
MAX_ACCEPT_SECONDS = 60  # an order: the worker does so before it starts TensorFlow
POLL_SECONDS = 0.1
MAX_MEMORY_BYTES = 2048 * MIB
MAX_WAITING_JOBS = 100
MAX_LINE_BYTES = 64 * MIB  # the largest network, with its optimizer's state, takes 24
RECENT_JOBS = 5  # jobs, whose mean says how long a job takes here


class QueueFullError(Exception):
    """There are too many jobs; the message is one sentence for the visitor."""


class Job:
    """A training in the queue, or one that is over.

    record: how it stands, for everybody to read; the next one takes its place. is_connected: tells whether the
    visitor's browser is. earlier_keras_file: the network that it goes on with, as `.keras`.
    """

    def __init__(self, record: Record, is_connected: Callable[[], bool], earlier_keras_file: bytes) -> None:
        self.record, self.is_connected, self.earlier_keras_file = record, is_connected, earlier_keras_file
        self._lock = threading.Lock()
        self._last_seen = time.monotonic()

    def change(self, step: Callable[[Record], Record]) -> None:
        """Put the record that `step` makes of it in its place. Nothing changes what is over."""
        with self._lock:
            if self.record.is_active:
                self.record = step(self.record)

    def stop(self) -> None:
        """Have it end soon, and keep what it has learnt so far; or leave the queue."""
        self.change(Record.as_stopping)

    def is_abandoned(self) -> bool:
        """Whether its visitor has been gone for so long that it is for nobody. A break in the connection is shorter."""
        now = time.monotonic()
        if self.is_connected():
            self._last_seen = now
        return now - self._last_seen > MAX_ABSENCE_SECONDS


class WorkerError(Exception):
    """The worker has ended, or has to; the message is one sentence for the visitor."""


class Worker:
    """The process that trains, and the messages between it and the server.

    A thread of its own writes and another one reads, so that nobody else waits for a worker that does not.
    """

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the worker)
        self.process = subprocess.Popen(
            COMMAND,
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._orders: queue.Queue[bytes] = queue.Queue()
        self._lines: queue.Queue[bytes] = queue.Queue()
        for target in (self._write_orders, self._read_messages):
            threading.Thread(target=target, name="worker's pipe", daemon=True).start()

    def _write_orders(self) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError), self.process.stdin as stdin:  # whether it still listens shows elsewhere
            while order := self._orders.get():
                stdin.write(order)
                stdin.flush()

    def _read_messages(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stdout:
            while line := stdout.readline(MAX_LINE_BYTES):
                self._lines.put(line)
        self._lines.put(b"")

    def send(self, order: dict[str, Any]) -> None:
        """Give an order, without waiting until it is taken."""
        self._orders.put(json.dumps(order).encode() + b"\n")

    def receive(self, job: int) -> dict[str, Any] | None:
        """The next message; None where there is none for a moment, or where it is about another job.

        Raises MessageError for what is no message, WorkerError where the worker has ended.
        """
        try:
            line = self._lines.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return None
        if not line:
            raise WorkerError(
                f"The training process ended unexpectedly ({self._describe_end()}): try again, or with fewer images."
            )
        try:
            message: dict[str, Any] = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise MessageError(f"not JSON: {line[:200]!r}") from error
        if not isinstance(message, dict) or not isinstance(message.get("job"), int):
            raise MessageError(f"about no job: {line[:200]!r}")
        return message if message["job"] == job else None

    def _describe_end(self) -> str:
        """Wait for the process, log its last words, and say how it ended."""
        code = self.process.wait()
        self._errors.seek(0)
        log.error("The worker ended with code %d:\n%s", code, self._errors.read()[-4000:].decode(errors="replace"))
        return f"signal {-code}" if code < 0 else f"code {code}"

    @property
    def memory(self) -> int:
        """Bytes that it holds."""
        try:
            return int(psutil.Process(self.process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def kill(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        self._orders.put(b"")
        self._errors.close()


class JobQueue:
    """The queue of a server, shared by all its visitors. Its thread lives as long as there is something to do."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[Job] = []  # the first one is being trained
        self._thread: threading.Thread | None = None
        self._worker: Worker | None = None  # the thread's alone
        self._job_count = 0
        self._recent_seconds: deque[float] = deque(maxlen=RECENT_JOBS)  # seconds that jobs took
        self._is_closed = False

    def submit(
        self,
        settings: Settings,
        is_connected: Callable[[], bool],
        earlier: Record | None = None,
        more_epochs: int | None = None,
    ) -> Job:
        """Queue a training from the beginning, or `more_epochs` of an earlier one that is done.

        Raises QueueFullError.
        """
        with self._changed:
            if len(self._queue) > MAX_WAITING_JOBS:
                raise QueueFullError(f"{MAX_WAITING_JOBS} trainings are waiting: try again in some minutes.")
            self._job_count += 1
            epochs = more_epochs or settings.epochs
            if earlier:
                job = Job(earlier.continuation(self._job_count, epochs), is_connected, earlier.keras_file)
            else:
                job = Job(Record(number=self._job_count, settings=settings, epochs=epochs), is_connected, b"")
            self._queue.append(job)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run_jobs, name="job queue", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return job

    def place_and_wait(self, job: Job) -> tuple[int, float | None]:
        """Its place in the queue, 1 for the one that is being trained, and the seconds until its turn comes; None where
        nothing has been measured yet that would tell.
        """
        with self._changed:
            ahead = self._queue[: self._queue.index(job)] if job in self._queue else []
        mean = self.mean_seconds
        waits = [mean if (left := other.record.seconds_left) is None else left for other in ahead]
        known = [wait for wait in waits if wait is not None]
        return len(ahead) + 1, sum(known) if len(known) == len(ahead) else None

    @property
    def mean_seconds(self) -> float | None:
        """How long the latest trainings took here, without the worker's start; None before the first one has ended."""
        with self._changed:
            return statistics.mean(self._recent_seconds) if self._recent_seconds else None

    @property
    def worker_memory(self) -> int:
        """Bytes that the worker holds; 0 where there is none."""
        worker = self._worker
        return worker.memory if worker else 0

    @property
    def has_worker(self) -> bool:
        """Whether the next job has to wait for a worker to start."""
        return self._worker is not None

    def obstacle(self, settings: Settings) -> str | None:
        """Why nothing can be trained here, in one sentence; None where it can."""
        if importlib.util.find_spec("tensorflow") is None or importlib.util.find_spec("keras") is None:
            return (
                "TensorFlow is not installed on this server, so nothing can be trained here: "
                "take the Python code below and run it elsewhere."
            )
        free = available_memory() + self.worker_memory
        if free < needed_memory(settings):
            return (
                f"This training needs about {needed_memory(settings) / MIB:,.0f} MiB of memory and {free / MIB:,.0f} "
                "are free on this server: choose fewer images, or take the Python code below and run it elsewhere."
            )
        return None

    def close(self) -> None:
        """End everything, as the end of the server does."""
        with self._changed:
            self._is_closed, thread = True, self._thread
            for job in self._queue:
                job.change(partial(Record.as_ended, state="left"))
            self._changed.notify_all()
        if thread:
            thread.join()

    def _run_jobs(self) -> None:
        """The thread: one job after the other, until none comes for a while."""
        while job := self._next_job():
            job.change(Record.as_starting)
            if job.record.is_active:
                self._run_job(job)
            with self._changed:
                self._queue = [other for other in self._queue if other is not job]
                if job.record.state == "done":
                    self._recent_seconds.append(time.monotonic() - job.record.training_since)

    def _next_job(self) -> Job | None:
        """Wait for the next job; None, and the end of the thread, where none came for a while."""
        idle_since = time.monotonic()
        with self._changed:
            while True:
                self._drop_abandoned_jobs()
                if self._queue:
                    return self._queue[0]
                if self._is_closed or time.monotonic() - idle_since > MAX_IDLE_SECONDS:
                    self._thread = None
                    self._kill_worker()
                    return None
                self._changed.wait(timeout=1)

    def _drop_abandoned_jobs(self) -> None:
        """Take waiting jobs out of the queue that are for nobody any more, so that places and times stay true."""
        for job in self._queue:
            if job.record.state == "waiting" and job.is_abandoned():
                job.stop()
        self._queue = [job for job in self._queue if job.record.state != "left"]

    def _run_job(self, job: Job) -> None:
        """See a job through, in whichever way it ends."""
        if self._worker and self._worker.process.poll() is not None:  # it died when it had nothing to do
            self._kill_worker()
        try:
            worker = self._worker = self._worker or Worker()
            worker.send(
                {
                    "job": job.record.number,
                    "settings": asdict(job.record.settings),
                    "epochs": job.record.epochs,
                    "epochs_before": job.record.epochs_before,
                    "network": base64.b64encode(job.earlier_keras_file).decode(),
                }
            )
            self._follow_job(job, worker)
            return
        except WorkerError as error:
            sentence = str(error)
        except OSError:
            log.exception("A worker could not be started.")
            sentence = "The server's disk or its memory is full, so no training can start: try again later."
        except MessageError:
            log.exception("The worker sent what is no message.")
            sentence = "The training process answered with nonsense and was ended: try again."
        except Exception:  # whatever it was, it must not end the thread that all other jobs wait for
            log.exception("A job broke off.")
            sentence = "The training broke off for a reason that only the server's log knows: try again."
        self._kill_worker()  # first: whoever is told may begin the next job at once
        job.change(partial(Record.as_ended, state="failed", sentence=sentence))

    def _follow_job(self, job: Job, worker: Worker) -> None:
        """Take what the worker tells and keep the job within its limits, until it is over.

        Raises WorkerError and MessageError.
        """
        is_accepted, stop_sent_at = False, math.nan
        while job.record.is_active:
            if message := worker.receive(job.record.number):
                is_accepted = True
                job.change(partial(Record.apply, message=message))
            now = time.monotonic()
            elapsed = now - job.record.started
            if elapsed > MAX_TRAINING_SECONDS and not job.record.is_stopping:
                sentence = f"It was stopped after {MAX_TRAINING_SECONDS // 60} minutes, so that others get their turn."
                job.change(partial(Record.as_stopping, sentence=sentence))
            if (job.record.is_stopping or job.is_abandoned()) and math.isnan(stop_sent_at):
                worker.send({"stop": job.record.number})
                stop_sent_at = now
            if worker.memory > MAX_MEMORY_BYTES:
                raise WorkerError(
                    f"It needed more than {MAX_MEMORY_BYTES // MIB:,} MiB of memory: choose fewer images."
                )
            if not is_accepted and elapsed > MAX_ACCEPT_SECONDS:
                raise WorkerError("The training process did not answer and was ended: try again.")
            if now - stop_sent_at > MAX_STOP_SECONDS:
                raise WorkerError("It did not stop when it was told to, and was ended: try again.")
            with self._changed:
                self._drop_abandoned_jobs()

    def _kill_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.kill()


def needed_memory(settings: Settings) -> float:
    """Bytes that the worker holds at most: fitted to `python -m benchmarks.training speed`."""
    return 830 * MIB + 7.5 * 1024 * settings.images + 40 * settings.parameters
