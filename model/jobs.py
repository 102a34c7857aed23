"""Live training for a class on one server: one job at a time, in a process of its own, and a queue.

The process (worker.py) takes seconds to start and much memory: it is kept for the next job, and let go when none came
for two minutes. It ends with the server, because its standard input does.
"""

import base64
import importlib.util
import json
import logging
import math
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, Self

import psutil

from model.keras_file import read_keras
from model.memory import available_memory
from model.network import Network
from model.settings import Settings

log = logging.getLogger(__name__)

MIB = 2**20
# Seconds
LONGEST_JOB = 600
LONGEST_ABSENCE = 60
LONGEST_IDLE = 120
LONGEST_STOP = 20  # from the wish to stop to the end of the last batch, the test and the saving
TICK = 0.1
MOST_MEMORY = 2048 * MIB
MOST_WAITING = 100
# What the first job of a worker waits for, until it has been measured here: TensorFlow.
START = 5.0
# So many visitors are a class, and slow a training down so many times: `python -m benchmarks.training class`.
CROWD = 4
CROWDED = 2.2

State = Literal["waiting", "starting", "training", "done", "failed", "left"]


class QueueFullError(Exception):
    """There are too many jobs; the message is one sentence for the visitor."""


class Job:
    """One training, from the click to its end. The trainer's thread writes it, pages read it.

    number: counts this server's jobs. is_here: whether its visitor still is. earlier: the finished job to go on with,
    for `epochs` more.
    """

    def __init__(
        self, number: int, settings: Settings, is_here: Callable[[], bool], earlier: Self | None, epochs: int
    ) -> None:
        self.number, self.settings, self.is_here, self.epochs = number, settings, is_here, epochs
        self.state: State = "waiting"
        self.sentence = ""  # what there is to say about how it ended
        self.stopping = False
        self.last_seen = time.monotonic()
        self.started = math.nan  # when its turn came
        self.training_since = math.nan  # when the worker was ready
        self.done = 0.0  # share of the batches
        self.first_point = (math.nan, math.nan)  # when it came, and what was done by then: building takes its time, too
        self.batch = 0
        self.points: list[list[float]] = list(earlier.points) if earlier else []  # epoch, loss of a few batches
        self.rows: list[dict[str, float]] = list(earlier.rows) if earlier else []  # by epoch, as Keras prints it
        self.insides: list[dict[str, Any]] = list(earlier.insides) if earlier else []
        self.epochs_before = earlier.epochs_trained if earlier else 0.0
        self.saved_before: bytes = earlier.saved if earlier else b""
        self.seconds: float = earlier.seconds if earlier else 0.0  # in training, the test and the saving included
        self.saved: bytes = b""  # as `.keras`, with the optimizer's state
        self.network: Network | None = None  # None as long as there is none, or where its weights exploded
        self.accuracy = math.nan  # on the test images

    @property
    def is_active(self) -> bool:
        """Whether it has yet to end."""
        return self.state in ("waiting", "starting", "training")

    @property
    def epochs_trained(self) -> float:
        """How many epochs its network has seen, those before this job included; a stopped one ends in between."""
        return self.points[-1][0] if self.points else self.epochs_before

    @property
    def elapsed(self) -> float:
        """Seconds since its turn came."""
        return time.monotonic() - self.started

    @property
    def seconds_left(self) -> float | None:
        """How long the training itself will take by its speed so far; None before there is any."""
        since, done_by_then = self.first_point
        if not self.done > done_by_then:
            return None
        return (time.monotonic() - since) * (1 - self.done) / (self.done - done_by_then)

    def stop(self) -> None:
        """Have it end soon, and keep what it has learnt so far."""
        self.stopping = True
        if self.state == "waiting":
            self.end("left")

    def end(self, state: State, sentence: str = "") -> None:
        """It is over."""
        self.sentence = sentence or self.sentence
        self.state = state

    def has_left(self) -> bool:
        """Whether its visitor has been gone for so long that it is for nobody. A break in the connection is shorter."""
        now = time.monotonic()
        if self.is_here():
            self.last_seen = now
        return now - self.last_seen > LONGEST_ABSENCE

    def take(self, message: dict[str, Any]) -> None:
        """What the worker tells (see Reporter)."""
        if "training" in message:
            self.state, self.training_since = "training", time.monotonic()
        elif "point" in message:
            self.points.append(message["point"])
            self.batch, self.done = message["batch"], message["done"]
            if math.isnan(self.first_point[0]):
                self.first_point = time.monotonic(), self.done
        elif "row" in message:
            self.rows.append(message["row"])
        elif "inside" in message:
            self.insides.append(message["inside"] | {"weights": base64.b64decode(message["inside"]["weights"])})
            for inside in self.insides[:-1]:
                inside.pop("weights", None)
        elif "failed" in message:
            self.end("failed", message["failed"])
        else:
            self.saved, self.accuracy = base64.b64decode(message["network"]), message["accuracy"]
            network = read_keras(self.saved)
            if network.stays_finite:
                self.network = network
            self.seconds += time.monotonic() - self.training_since
            self.end("done")


class WorkerDiedError(Exception):
    """The worker has ended by itself; the message says how."""


class Worker:
    """The process that trains, and the messages between it and the server."""

    def __init__(self) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the worker)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "model.worker"],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )
        self.messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.messages.put(json.loads(line))
        self.messages.put(None)

    def send(self, order: dict[str, Any]) -> None:
        """Give an order. Whether it still listens shows in what it answers."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            log.warning("The worker does not take orders any more.")

    def receive(self) -> dict[str, Any] | None:
        """The next message; None where there is none for a moment. Raises WorkerDiedError."""
        try:
            message = self.messages.get(timeout=TICK)
        except queue.Empty:
            return None
        if message is None:
            code = self.process.wait()
            self.errors.seek(0)
            log.error("The worker ended with code %d:\n%s", code, self.errors.read()[-4000:].decode(errors="replace"))
            raise WorkerDiedError(f"signal {-code}" if code < 0 else f"code {code}")
        return message

    @property
    def memory(self) -> int:
        """Bytes that it holds."""
        try:
            return int(psutil.Process(self.process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def end(self) -> None:
        """Let it go."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            try:
                stream.close()
            except OSError:
                log.debug("What it had not read is lost.")
        self.errors.close()


class Trainer:
    """The queue of a server, shared by all its visitors. Its thread lives as long as there is something to do."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[Job] = []  # the first one is being trained
        self._thread: threading.Thread | None = None
        self._worker: Worker | None = None
        self._count = 0
        # How long things take here, learnt from the jobs so far
        self._start = START
        self._slowness = 1.0

    def submit(
        self,
        settings: Settings,
        is_here: Callable[[], bool],
        earlier: Job | None = None,
        more_epochs: int | None = None,
    ) -> Job:
        """Queue a training from the beginning, or `more_epochs` of an earlier, finished one.

        Raises QueueFullError.
        """
        with self._changed:
            if len(self._queue) > MOST_WAITING:
                raise QueueFullError(f"{MOST_WAITING} trainings are waiting: try again in some minutes.")
            self._count += 1
            job = Job(self._count, settings, is_here, earlier, more_epochs or settings.epochs)
            self._queue.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="trainer", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return job

    def place(self, job: Job) -> tuple[int, float]:
        """Its place in the queue, 1 for the one that is being trained, and the seconds until its turn comes."""
        with self._changed:
            ahead = self._queue[: self._queue.index(job)] if job in self._queue else []
            wait = 0.0 if self._worker else self._start
            slowness = max(self._slowness, self._pace(ahead[0]) or self._guess(len(ahead))) if ahead else 1.0
            return len(ahead) + 1, wait + sum(self._remaining(other, slowness) for other in ahead)

    @property
    def worker_memory(self) -> int:
        """Bytes that the worker holds; 0 where there is none."""
        worker = self._worker
        return worker.memory if worker else 0

    @property
    def is_cold(self) -> bool:
        """Whether the next job has to wait for a worker to start."""
        return self._worker is None

    def expected_seconds(self, settings: Settings) -> float:
        """How long a training will take here, without the wait and the worker's start."""
        return min(LONGEST_JOB, self._slowness * usual_seconds(settings, settings.epochs))

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
            for job in self._queue:
                job.end("left")
            self._let_worker_go()

    def _pace(self, job: Job) -> float:
        """How many times longer than usual the running job takes by its own speed: a class that arrives slows all."""
        if job.seconds_left is None:
            return 0.0
        whole = time.monotonic() - job.training_since + job.seconds_left + AFTER_TRAINING
        return whole / usual_seconds(job.settings, job.epochs)

    def _guess(self, ahead: int) -> float:
        """The pace of a class that has just arrived, before the server's first training shows any."""
        return CROWDED if ahead >= CROWD and self._slowness == 1.0 else 0.0

    def _remaining(self, job: Job, slowness: float) -> float:
        expected = min(LONGEST_JOB, slowness * usual_seconds(job.settings, job.epochs))
        if job.state == "waiting":
            return expected
        if job.seconds_left is not None:
            return job.seconds_left + slowness * AFTER_TRAINING
        return max(0.0, expected + (0 if job.state == "training" else self._start) - job.elapsed)

    def _work(self) -> None:
        """The thread: one job after the other, until none comes for a while."""
        while job := self._next():
            self._train(job)
            with self._changed:
                self._queue = [other for other in self._queue if other is not job]

    def _next(self) -> Job | None:
        """Wait for the next job; None, and the end of the thread, where none came for a while."""
        idle_since = time.monotonic()
        with self._changed:
            while True:
                self._forget_those_who_left()
                if self._queue:
                    return self._queue[0]
                if time.monotonic() - idle_since > LONGEST_IDLE:
                    self._thread = None
                    self._let_worker_go()
                    return None
                self._changed.wait(timeout=1)

    def _forget_those_who_left(self) -> None:
        """Take waiting jobs out of the queue that are for nobody any more, so that places and times stay true."""
        for job in [job for job in self._queue if job.state == "waiting" and job.has_left()]:
            job.end("left")
        self._queue = [job for job in self._queue if job.state != "left"]

    def _train(self, job: Job) -> None:
        """See a job through, in whichever way it ends."""
        job.started, job.state = time.monotonic(), "starting"
        if self._worker and self._worker.process.poll() is not None:  # it died when it had nothing to do
            self._let_worker_go()
        is_cold = self._worker is None
        try:
            worker = self._worker = self._worker or Worker()
            worker.send(
                {
                    "number": job.number,
                    "settings": asdict(job.settings),
                    "epochs": job.epochs,
                    "epochs_before": job.epochs_before,
                    "network": base64.b64encode(job.saved_before).decode(),
                }
            )
            self._watch(job, worker)
        except OSError:
            log.exception("A worker could not be started.")
            self._give_up(job, "The server's disk or its memory is full, so no training can start: try again later.")
        except WorkerDiedError as error:
            self._give_up(job, f"The training process ended unexpectedly ({error}): try again, or with fewer images.")
        except Exception:  # whatever it was, it must not end the thread that all other jobs wait for
            log.exception("A job broke off.")
            self._give_up(job, "The training broke off for a reason that only the server's log knows: try again.")
        if job.network and not job.stopping:
            self._learn_times(job, is_cold)

    def _learn_times(self, job: Job, is_cold: bool) -> None:
        """Expect the next jobs to take as long, compared with what is usual, as this one did."""
        if is_cold:
            self._start = job.training_since - job.started
        # Half of it is news, so that one odd job does not make all waiting times wrong.
        slowness = (time.monotonic() - job.training_since) / usual_seconds(job.settings, job.epochs)
        self._slowness = (self._slowness + slowness) / 2

    def _watch(self, job: Job, worker: Worker) -> None:
        """Take what the worker tells and keep the job within its limits, until it is over. Raises WorkerDiedError."""
        told_to_stop = math.nan
        while job.is_active:
            message = worker.receive()
            if message:
                job.take(message)
            now = time.monotonic()
            if job.elapsed > LONGEST_JOB and not job.stopping:
                job.stopping = True
                job.sentence = f"It was stopped after {LONGEST_JOB // 60} minutes, so that others get their turn."
            if (job.stopping or job.has_left()) and math.isnan(told_to_stop):
                worker.send({"stop": job.number})
                told_to_stop = now
            if worker.memory > MOST_MEMORY:
                self._give_up(job, f"It needed more than {MOST_MEMORY // MIB:,} MiB of memory: choose fewer images.")
            elif now - told_to_stop > LONGEST_STOP:
                self._give_up(job, "It did not stop when it was told to, and was ended: try again.")
            with self._changed:
                self._forget_those_who_left()

    def _give_up(self, job: Job, sentence: str) -> None:
        """End the job and its worker; the next job gets a new one."""
        self._let_worker_go()
        job.end("failed", sentence)

    def _let_worker_go(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.end()


# What the last batch is followed by: test, saving, reading.
AFTER_TRAINING = 0.4


def usual_seconds(settings: Settings, epochs: int) -> float:
    """How long a training takes on 2 cores, by what it has to do: fitted to `python -m benchmarks.training speed`."""
    batch = 0.0004 + settings.parameters * (2e-9 + 7e-11 * settings.batch_size)
    picture = (0.12e-3 + (0.07e-3 if settings.pen else 0)) if settings.deforms else 0
    epoch = settings.steps_per_epoch * batch + settings.training_images * picture + 0.05
    return 0.6 + epochs * epoch + AFTER_TRAINING


def needed_memory(settings: Settings) -> float:
    """Bytes that the worker holds at most: fitted to `python -m benchmarks.training speed`."""
    return 830 * MIB + 7.5 * 1024 * settings.images + 40 * settings.parameters
