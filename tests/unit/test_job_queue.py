"""Live training: real jobs through the queue, in a real worker; and in one that breaks in every way."""

import dataclasses
import errno
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

import model.training.job_queue
from model.evaluate import accuracy
from model.mnist import as_vectors, load_mnist
from model.training.job_queue import Job, JobQueue, QueueFullError
from model.training.settings import NOTEBOOK, QUICK
from model.training.training_record import Record
from tests.faulty_worker import FAULTS

ROOT = Path(__file__).parents[2]
SMALL = replace(QUICK, images=2000, epochs=2)
LONG = replace(NOTEBOOK, epochs=50)


def here() -> bool:
    return True


@pytest.fixture
def other() -> Iterator[JobQueue]:
    """A trainer for workers other than the real one."""
    trainer = JobQueue()
    yield trainer
    trainer.close()


def put_in_place(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """Let workers that start from now on have this fault."""
    monkeypatch.setattr(model.training.job_queue, "COMMAND", [sys.executable, "-m", "tests.faulty_worker", fault])


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240  # seconds, however busy the machine is
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ended(job: Job) -> Record:
    wait_until(lambda: not job.record.is_active)
    return job.record


def worker_of(trainer: JobQueue) -> psutil.Process:
    assert trainer._worker
    return psutil.Process(trainer._worker.process.pid)


def contents(record: Record) -> list[object]:
    """All that a page can read of it, down to the last number."""
    return [getattr(record, field.name) for field in dataclasses.fields(record)]


def test_a_job_learns_and_tells_how_it_goes(trainer: JobQueue) -> None:
    job = trainer.submit(SMALL, here)
    wait_until(lambda: bool(job.record.snapshots and job.record.points))
    seen, read = job.record, repr(contents(job.record))
    record = ended(job)
    assert record.state == "done", record.sentence
    assert repr(contents(seen)) == read, "what a page has read stays as it was"
    epochs = [point.epoch for point in record.points]
    assert epochs == sorted(epochs)
    assert epochs[-1] == record.epochs_trained == 2
    assert record.points[0].loss > 1.5 > 0.7 > record.points[-1].loss
    assert [row.epoch for row in record.epoch_metrics] == [1, 2]
    # An epoch's loss is the mean over its batches, of which each point is a part.
    first_epoch = np.mean([point.loss for point in record.points if point.epoch <= 1])
    assert first_epoch == pytest.approx(record.epoch_metrics[0].loss, rel=0.02)
    assert len(record.weights) == 64 * 784
    snapshot = record.snapshots[-1]
    assert len(snapshot.gradients) == 3
    assert snapshot.neurons == (64, 64)
    assert all(0 <= silent <= 64 for silent in snapshot.silent)
    mnist = load_mnist()
    assert record.network
    right = accuracy(record.network, as_vectors(mnist.x_test), mnist.y_test)
    assert right == pytest.approx(record.accuracy, abs=2e-4)
    assert right > 0.8


def test_the_same_seed_gives_the_same_network_in_a_used_worker(trainer: JobQueue) -> None:
    jobs = [trainer.submit(settings, here) for settings in (SMALL, replace(SMALL, activation="tanh"), SMALL)]
    first, other, again = (ended(job).accuracy for job in jobs)
    assert first == again
    assert first != other


def test_stop_keeps_what_was_learnt(trainer: JobQueue) -> None:
    job = trainer.submit(LONG, here)
    wait_until(lambda: bool(job.record.points))
    job.stop()
    record = ended(job)
    assert record.state == "done"
    assert 0 < record.epochs_trained < 50
    assert record.epoch_metrics[-1].epoch == record.epochs_trained
    assert record.accuracy > 0.3
    assert record.network


def test_going_on_adds_epochs_to_the_same_network_and_leaves_the_earlier_record_alone(trainer: JobQueue) -> None:
    first = ended(trainer.submit(SMALL, here))
    read = repr(contents(first))
    more = ended(trainer.submit(SMALL, here, first, 1))
    assert more.state == "done", more.sentence
    assert more.epochs_trained == 3
    assert [row.epoch for row in more.epoch_metrics] == [1, 2, 3]
    assert more.epoch_metrics[2].loss < more.epoch_metrics[1].loss < more.epoch_metrics[0].loss
    assert more.seconds > first.seconds
    assert repr(contents(first)) == read


def test_every_choice_trains(trainer: JobQueue) -> None:
    tiny = replace(QUICK, images=600, epochs=1)
    for settings in (
        replace(tiny, hidden=(), optimizer="sgd", learning_rate=0.1),
        replace(tiny, hidden=(8,) * 5, activation="leaky_relu", optimizer="rmsprop", dropout=0.5),
        replace(tiny, rotation=15, shift=2, pen=20, batch_size=512, activation="sigmoid"),
    ):
        record = ended(trainer.submit(settings, here))
        assert record.state == "done", (settings, record.sentence)
        assert len(record.snapshots[-1].gradients) == len(settings.hidden) + 1


def test_a_network_that_explodes_is_not_given_to_anybody(trainer: JobQueue) -> None:
    settings = replace(SMALL, optimizer="sgd", learning_rate=10.0, activation="leaky_relu", hidden=(64,) * 5)
    record = ended(trainer.submit(settings, here))
    assert record.state == "done"
    assert record.network is None


def test_places_in_the_queue(trainer: JobQueue) -> None:
    running = trainer.submit(LONG, here)
    waiting = [trainer.submit(SMALL, here) for _ in range(3)]
    assert [trainer.place(job)[0] for job in (running, *waiting)] == [1, 2, 3, 4]
    wait_until(lambda: bool(running.record.points))
    waiting[1].stop()
    wait_until(lambda: trainer.place(waiting[2])[0] == 3)
    running.stop()
    records = [ended(job) for job in (running, *waiting)]
    assert [record.state for record in records] == ["done", "done", "left", "done"]
    started = [record.started for record in records if record.state == "done"]
    assert started == sorted(started)


def test_a_wait_is_told_only_where_something_was_measured_here(
    other: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(monkeypatch, "never answers")
    assert other.mean_seconds is None
    first, second, third = (other.submit(SMALL, here) for _ in range(3))
    assert other.place(second) == (2, None)
    for _ in range(2):
        other._latest.append(10.0)
    assert other.place(second) == (2, 10.0)
    assert other.place(third) == (3, 20.0)
    quick = replace(first.record, points=(), first_point=(time.monotonic() - 1, 0.1), done=0.9)
    first.change(lambda _: quick)
    seconds = other.place(third)[1]
    assert seconds is not None
    assert 10 < seconds < 20, "what the one that runs tells of itself is better known"


def test_who_is_gone_loses_the_place(trainer: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    short_break = trainer.submit(SMALL, lambda: False)
    assert not short_break.is_abandoned()
    assert ended(short_break).state == "done"
    monkeypatch.setattr(model.training.job_queue, "MAX_ABSENCE_SECONDS", 0)
    stays = True
    running = trainer.submit(LONG, lambda: stays)
    gone = trainer.submit(LONG, lambda: False)
    following = trainer.submit(SMALL, here)
    assert ended(gone).state == "left"
    wait_until(lambda: bool(running.record.points))
    stays = False
    assert ended(running).epochs_trained < 50
    assert ended(following).state == "done"


def test_a_killed_job_is_reported_and_the_next_one_starts(trainer: JobQueue) -> None:
    job, following = trainer.submit(LONG, here), trainer.submit(SMALL, here)
    wait_until(lambda: bool(job.record.points))
    worker_of(trainer).kill()
    record = ended(job)
    assert record.state == "failed"
    assert "ended unexpectedly" in record.sentence
    assert "try again" in record.sentence
    assert ended(following).state == "done"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_worker_that_answers_with_nonsense_is_let_go_at_once(
    fault: str, other: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(monkeypatch, fault)
    job, following = other.submit(SMALL, here), other.submit(SMALL, here)
    record = ended(job)
    assert record.state == "failed"
    assert record.sentence == "The training process answered with nonsense and was ended: try again."
    assert ended(following).accuracy == 0.002


def test_nobody_gets_what_is_left_of_another_job(other: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(monkeypatch, "what is left of another job")
    for job in [other.submit(SMALL, here) for _ in range(3)]:
        record = ended(job)
        assert record.state == "done", record.sentence
        assert record.accuracy == record.number / 1000
        assert [point.loss for point in record.points] == [record.number]


def test_a_job_that_is_stopped_at_the_very_moment_of_its_turn_stays_stopped(
    other: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(monkeypatch, "none")
    jobs = [other.submit(SMALL, here) for _ in range(60)]
    stopped_at: dict[Job, Record] = {}

    def stop(some: list[Job]) -> None:
        for job in some:
            job.stop()
            stopped_at[job] = job.record

    order = random.Random(0).sample(jobs, len(jobs))
    threads = [threading.Thread(target=stop, args=(order[i::3],)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job in jobs:
        record = ended(job)
        if stopped_at[job].state == "left":
            assert record == stopped_at[job]
        else:
            assert record.state == "done", record.sentence
            assert record.accuracy == record.number / 1000


def test_a_worker_that_takes_no_order_is_let_go(trainer: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = replace(QUICK, hidden=(512,) * 5, images=600, epochs=1)
    first = ended(trainer.submit(wide, here))
    assert len(first.saved) > 10 * model.training.job_queue.MIB, "far more than a pipe holds"
    for earlier in (first, None):
        worker_of(trainer).suspend()
        with monkeypatch.context() as impatient:
            impatient.setattr(model.training.job_queue, "MAX_SECONDS_TO_TAKE", 0.5)
            record = ended(trainer.submit(wide, here, earlier, 1))
        assert record.state == "failed"
        assert "did not answer" in record.sentence
        assert ended(trainer.submit(SMALL, here)).state == "done"


def test_too_much_memory_ends_the_job(trainer: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.training.job_queue, "MAX_MEMORY_BYTES", 300 * model.training.job_queue.MIB)
    record = ended(trainer.submit(SMALL, here))
    assert record.state == "failed"
    assert "300 MiB" in record.sentence


@pytest.mark.skipif(sys.platform != "linux", reason="only there can another process be kept from writing files")
def test_a_full_disk_gets_a_sentence_and_the_worker_goes_on(trainer: JobQueue) -> None:
    first = ended(trainer.submit(SMALL, here))
    worker = worker_of(trainer)
    _, most = worker.rlimit(psutil.RLIMIT_FSIZE)
    worker.rlimit(psutil.RLIMIT_FSIZE, (10_000, most))  # bytes: every file ends there, as on a full disk
    for job in (trainer.submit(SMALL, here), trainer.submit(SMALL, here, first, 1)):
        record = ended(job)
        assert record.state == "failed"
        assert "disk is full" in record.sentence
        assert record.sentence.endswith("elsewhere.")
        assert record.sentence.count(". ") == 0
    worker.rlimit(psutil.RLIMIT_FSIZE, (most, most))
    assert ended(trainer.submit(SMALL, here)).state == "done"
    assert worker_of(trainer).pid == worker.pid


def test_without_room_for_a_file_no_training_starts(other: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)  # no test may fill the machine's disk
    record = ended(other.submit(SMALL, here))
    assert (record.state, record.sentence.count(". ")) == ("failed", 0)
    assert "disk or its memory is full" in record.sentence


def test_too_much_time_ends_the_job_and_keeps_what_was_learnt(
    trainer: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = trainer.submit(LONG, here)
    wait_until(lambda: bool(job.record.points))
    monkeypatch.setattr(model.training.job_queue, "MAX_TRAINING_SECONDS", 0)
    record = ended(job)
    assert record.state == "done"
    assert "so that others get their turn" in record.sentence
    assert record.network


def test_an_idle_worker_is_let_go_and_one_that_died_idle_costs_nobody_a_job(
    other: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(monkeypatch, "none")
    ended(other.submit(SMALL, here))
    died = worker_of(other)
    died.kill()
    died.wait()
    assert ended(other.submit(SMALL, here)).state == "done"
    idle = worker_of(other)
    monkeypatch.setattr(model.training.job_queue, "MAX_IDLE_SECONDS", 0)
    wait_until(lambda: not idle.is_running())
    assert other.is_cold
    assert ended(other.submit(SMALL, here)).state == "done"


def test_the_queue_has_an_end(other: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(monkeypatch, "never answers")
    monkeypatch.setattr(model.training.job_queue, "MAX_WAITING", 2)
    for _ in range(3):
        other.submit(SMALL, here)
    with pytest.raises(QueueFullError, match="try again"):
        other.submit(SMALL, here)


def test_a_worker_gives_way_to_the_server_and_ends_with_it() -> None:
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time\n"
            "from model.training.job_queue import JobQueue\n"
            "from model.training.settings import NOTEBOOK\n"
            "trainer = JobQueue()\n"
            "job = trainer.submit(NOTEBOOK, lambda: True)\n"
            "while not job.record.points: time.sleep(0.05)\n"
            "print(trainer._worker.process.pid, flush=True)\n"
            "time.sleep(600)\n",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert server.stdout
    worker = psutil.Process(int(server.stdout.readline()))
    assert worker.nice() > psutil.Process(server.pid).nice()
    server.kill()  # nothing of it runs any more that could end others
    server.wait()
    worker.wait(timeout=60)
    server.stdout.close()


def test_the_web_process_needs_no_tensorflow_for_it() -> None:
    modules = ", ".join(f"model.training.{name}" for name in ("job_queue", "export", "hints"))
    code = f"import json, sys, {modules}; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout)
    assert not {"tensorflow", "keras", "streamlit"} & set(loaded)


def test_without_tensorflow_or_memory_it_says_why(trainer: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trainer.obstacle(NOTEBOOK) is None
    monkeypatch.setattr(model.training.job_queue, "available_memory", lambda: 950 * model.training.job_queue.MIB)
    assert trainer.obstacle(QUICK) is None
    assert "950 are free" in (trainer.obstacle(NOTEBOOK) or "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "TensorFlow is not installed" in (trainer.obstacle(QUICK) or "")
