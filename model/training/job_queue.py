"""Live training for a class on one server: a queue of jobs, and a worker process that trains one at a time.

The worker (worker.py) takes seconds to start and much memory, so it stays for the next job and ends after two minutes
without one. It ends with the server, because its standard input does. Server and worker exchange JSON, one object a
line, over the worker's standard input and output.
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
MAX_TRAINING_SECONDS = 600
MAX_ABSENCE_SECONDS = 60
MAX_IDLE_SECONDS = 120
MAX_STOP_SECONDS = 60  # for the last batch, the test and saving
MAX_ACCEPT_SECONDS = 60  # the worker accepts an order before it starts TensorFlow
POLL_SECONDS = 0.1
MAX_MEMORY_BYTES = 2048 * MIB
MAX_WAITING_JOBS = 100
MAX_LINE_BYTES = 64 * MIB  # the largest network, with its optimizer's state, takes 24 MiB
RECENT_JOBS = 5  # whose mean time is the estimate for the next job


class QueueFullError(Exception):
    """Too many jobs are waiting; the message is one sentence for the visitor."""


class Job:
    """A training in the queue, or one that is over.

    record: how the training stands; any thread may read it. is_connected: returns whether the visitor's browser is
    still connected.
    """

    def __init__(self, record: Record, is_connected: Callable[[], bool]) -> None:
        self.record, self.is_connected = record, is_connected
        self._lock = threading.Lock()
        self._last_seen = time.monotonic()

    def change(self, step: Callable[[Record], Record]) -> None:
        """Replace the record by what `step` makes of it. A training that is over stays as it is."""
        with self._lock:
            if self.record.is_active:
                self.record = step(self.record)

    def stop(self) -> None:
        """End the training soon and keep what it has learnt so far; a waiting job leaves the queue."""
        self.change(Record.as_stopping)

    def is_abandoned(self) -> bool:
        """Return whether the visitor has been gone for longer than a break in the connection lasts."""
        now = time.monotonic()
        if self.is_connected():
            self._last_seen = now
        return now - self._last_seen > MAX_ABSENCE_SECONDS


class WorkerError(Exception):
    """The worker has ended, or must be ended; the message is one sentence for the visitor."""


class WorkerProcess:
    """The server's end of the worker: the process, the orders to it and the messages from it.

    One thread writes and another reads, so a worker that hangs holds up nothing else.
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
        with contextlib.suppress(OSError), self.process.stdin as stdin:  # _read_messages notices a worker that ended
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
        """Send an order, without waiting for the worker to read it."""
        self._orders.put(json.dumps(order).encode() + b"\n")

    def receive(self, job: int) -> dict[str, Any] | None:
        """Return the next message about that job; None if none comes for a moment or it is about another job.

        Raises MessageError for a line that is not a message, WorkerError if the worker has ended.
        """
        try:
            line = self._lines.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return None
        if not line:
            raise WorkerError(
                f"The training process ended unexpectedly ({self._describe_end()}): try again, or take fewer images."
            )
        try:
            message: dict[str, Any] = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise MessageError(f"not JSON: {line[:200]!r}") from error
        if not isinstance(message, dict) or not isinstance(message.get("job"), int):
            raise MessageError(f"about no job: {line[:200]!r}")
        return message if message["job"] == job else None

    def _describe_end(self) -> str:
        """Wait for the process, log the end of its error output, and return how it ended."""
        code = self.process.wait()
        self._errors.seek(0)
        log.error("The worker ended with code %d:\n%s", code, self._errors.read()[-4000:].decode(errors="replace"))
        return f"signal {-code}" if code < 0 else f"code {code}"

    def kill(self) -> None:
        """End the process and the thread that writes to it."""
        self.process.kill()
        self.process.wait()
        self._orders.put(b"")
        self._errors.close()


class JobQueue:
    """A server's queue, shared by all its visitors. Its thread lives as long as there is something to do."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[Job] = []  # the first job is the one in training
        self._thread: threading.Thread | None = None
        self._worker: WorkerProcess | None = None  # only the thread changes it
        self._job_count = 0
        self._recent_seconds: deque[float] = deque(maxlen=RECENT_JOBS)
        self._is_closed = False

    def submit(
        self,
        settings: Settings,
        is_connected: Callable[[], bool],
        earlier: Record | None = None,
        more_epochs: int | None = None,
    ) -> Job:
        """Queue a training from scratch, or `more_epochs` of an earlier one that is done; return its job.

        Raises QueueFullError.
        """
        with self._changed:
            if len(self._queue) > MAX_WAITING_JOBS:
                raise QueueFullError(f"{MAX_WAITING_JOBS} trainings are waiting: try again in a few minutes.")
            self._job_count += 1
            if earlier and more_epochs:
                record = earlier.continuation(self._job_count, more_epochs)
            else:
                record = Record(number=self._job_count, settings=settings, epochs=settings.epochs)
            job = Job(record, is_connected)
            self._queue.append(job)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run_jobs, name="job queue", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return job

    def place_and_wait(self, job: Job) -> tuple[int, float | None]:
        """Return the job's place in the queue (1: in training) and the seconds until its turn.

        The seconds are None where no measurement gives an estimate yet.
        """
        with self._changed:
            ahead = self._queue[: self._queue.index(job)] if job in self._queue else []
        mean = self.mean_seconds
        waits = [mean if (left := other.record.seconds_left) is None else left for other in ahead]
        known = [wait for wait in waits if wait is not None]
        return len(ahead) + 1, sum(known) if len(known) == len(ahead) else None

    @property
    def mean_seconds(self) -> float | None:
        """Return how long recent trainings took, without the worker's start; None before the first one is done."""
        with self._changed:
            return statistics.mean(self._recent_seconds) if self._recent_seconds else None

    @property
    def worker_memory(self) -> int:
        """Return how many bytes of memory the worker uses; 0 if there is no worker."""
        worker = self._worker
        try:
            return int(psutil.Process(worker.process.pid).memory_info().rss) if worker else 0
        except psutil.Error:
            return 0

    @property
    def has_worker(self) -> bool:
        """Return whether a worker is there, so that the next job need not wait for one to start."""
        return self._worker is not None

    def obstacle(self, settings: Settings) -> str | None:
        """Return why this cannot be trained here, in one sentence for the visitor; None if it can."""
        if not all(importlib.util.find_spec(name) for name in ("tensorflow", "keras")):
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
        """End all jobs and the worker, as the end of the server does."""
        with self._changed:
            self._is_closed, thread = True, self._thread
            for job in self._queue:
                job.change(partial(Record.as_ended, state="left"))
            self._changed.notify_all()
        if thread:
            thread.join()

    def _run_jobs(self) -> None:
        """Run one job after the other, until none comes for a while. This is the thread."""
        while job := self._next_job():
            job.change(Record.as_starting)
            if job.record.is_active:
                self._run_job(job)
            with self._changed:
                self._queue = [other for other in self._queue if other is not job]
                if job.record.state == "done":
                    self._recent_seconds.append(time.monotonic() - job.record.training_since)

    def _next_job(self) -> Job | None:
        """Wait for the next job and return it; end the worker and return None if none comes for a while."""
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
        """Take waiting jobs out of the queue whose visitors are gone, so that places and times stay true."""
        for job in self._queue:
            if job.record.state == "waiting" and job.is_abandoned():
                job.stop()
        self._queue = [job for job in self._queue if job.record.state != "left"]

    def _run_job(self, job: Job) -> None:
        """Run a job to its end, however it ends."""
        if self._worker and self._worker.process.poll() is not None:  # it died while idle
            self._kill_worker()
        try:
            worker = self._worker = self._worker or WorkerProcess()
            worker.send(
                {
                    "job": job.record.number,
                    "settings": asdict(job.record.settings),
                    "epochs": job.record.epochs,
                    "epochs_before": job.record.epochs_before,
                    "network": base64.b64encode(job.record.keras_file).decode(),
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
            log.exception("The worker sent something that is not a message.")
            sentence = "The training process answered with nonsense and was ended: try again."
        except Exception:  # no error may end the thread that all other jobs wait for
            log.exception("A job failed.")
            sentence = "The training failed, and only the server's log says why: try again."
        self._kill_worker()  # first: a visitor who reads that the job failed may start the next one at once
        job.change(partial(Record.as_ended, state="failed", sentence=sentence))

    def _follow_job(self, job: Job, worker: WorkerProcess) -> None:
        """Apply the worker's messages and keep the job within its limits, until it is over.

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
                minutes = MAX_TRAINING_SECONDS // 60
                sentence = f"The training was stopped after {minutes} minutes, so that others get their turn."
                job.change(partial(Record.as_stopping, sentence=sentence))
            if (job.record.is_stopping or job.is_abandoned()) and math.isnan(stop_sent_at):
                worker.send({"stop": job.record.number})
                stop_sent_at = now
            if self.worker_memory > MAX_MEMORY_BYTES:
                raise WorkerError(
                    f"The training needed more than {MAX_MEMORY_BYTES // MIB:,} MiB of memory: choose fewer images."
                )
            if not is_accepted and elapsed > MAX_ACCEPT_SECONDS:
                raise WorkerError("The training process did not answer and was ended: try again.")
            if now - stop_sent_at > MAX_STOP_SECONDS:
                raise WorkerError("The training did not stop when told to, and was ended: try again.")
            with self._changed:
                self._drop_abandoned_jobs()

    def _kill_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.kill()


def needed_memory(settings: Settings) -> float:
    """Return the most memory in bytes that the worker uses: fitted to `python -m benchmarks.training speed`."""
    return 830 * MIB + 7.5 * 1024 * settings.images + 40 * settings.parameters
