"""The job queue: real jobs in a real worker, and jobs in a worker that fails in every way."""

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


def connected() -> bool:
    return True


@pytest.fixture
def fresh_queue() -> Iterator[JobQueue]:
    """A queue of its own, for faulty workers."""
    job_queue = JobQueue()
    yield job_queue
    job_queue.close()


def use_faulty_worker(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """Make every worker that starts from now on fail like this."""
    monkeypatch.setattr(model.training.job_queue, "COMMAND", [sys.executable, "-m", "tests.faulty_worker", fault])


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240  # seconds, however busy the machine is
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ended_record(job: Job) -> Record:
    wait_until(lambda: not job.record.is_active)
    return job.record


def worker_of(job_queue: JobQueue) -> psutil.Process:
    assert job_queue._worker
    return psutil.Process(job_queue._worker.process.pid)


def record_contents(record: Record) -> list[object]:
    """Return all that a page can read of a record, down to the last number."""
    return [getattr(record, field.name) for field in dataclasses.fields(record)]


def test_job_learns_and_reports_progress(job_queue: JobQueue) -> None:
    job = job_queue.submit(SMALL, connected)
    wait_until(lambda: bool(job.record.snapshots and job.record.points))
    seen, read = job.record, repr(record_contents(job.record))
    record = ended_record(job)
    assert record.state == "done", record.sentence
    assert repr(record_contents(seen)) == read, "a record that a page has read must not change"
    epochs = [point.epoch for point in record.points]
    assert epochs == sorted(epochs)
    assert epochs[-1] == record.epochs_trained == 2
    assert record.points[0].loss > 1.5 > 0.7 > record.points[-1].loss
    assert [row.epoch for row in record.epoch_metrics] == [1, 2]
    # An epoch's loss is the mean over its batches; each point is the mean of some of them.
    first_epoch = np.mean([point.loss for point in record.points if point.epoch <= 1])
    assert first_epoch == pytest.approx(record.epoch_metrics[0].loss, rel=0.02)
    assert len(record.weight_shades) == 64 * 784
    snapshot = record.snapshots[-1]
    assert len(snapshot.gradient_sizes) == 3
    assert snapshot.neuron_counts == (64, 64)
    assert all(0 <= silent <= 64 for silent in snapshot.dead_counts)
    mnist = load_mnist()
    assert record.network
    right = accuracy(record.network, as_vectors(mnist.x_test), mnist.y_test)
    assert right == pytest.approx(record.accuracy, abs=2e-4)
    assert right > 0.8


def test_same_seed_gives_same_network_in_used_worker(job_queue: JobQueue) -> None:
    jobs = [job_queue.submit(settings, connected) for settings in (SMALL, replace(SMALL, activation="tanh"), SMALL)]
    first, other, again = (ended_record(job).accuracy for job in jobs)
    assert first == again
    assert first != other


def test_stopped_job_keeps_what_it_learnt(job_queue: JobQueue) -> None:
    job = job_queue.submit(LONG, connected)
    wait_until(lambda: bool(job.record.points))
    job.stop()
    record = ended_record(job)
    assert record.state == "done"
    assert 0 < record.epochs_trained < 50
    assert record.epoch_metrics[-1].epoch == record.epochs_trained
    assert record.accuracy > 0.3
    assert record.network


def test_more_epochs_continue_network_and_leave_earlier_record_alone(job_queue: JobQueue) -> None:
    first = ended_record(job_queue.submit(SMALL, connected))
    read = repr(record_contents(first))
    more = ended_record(job_queue.submit(SMALL, connected, first, 1))
    assert more.state == "done", more.sentence
    assert more.epochs_trained == 3
    assert [row.epoch for row in more.epoch_metrics] == [1, 2, 3]
    assert more.epoch_metrics[2].loss < more.epoch_metrics[1].loss < more.epoch_metrics[0].loss
    assert more.seconds > first.seconds
    assert repr(record_contents(first)) == read


def test_every_choice_trains(job_queue: JobQueue) -> None:
    tiny = replace(QUICK, images=600, epochs=1)
    for settings in (
        replace(tiny, hidden=(), optimizer="sgd", learning_rate=0.1),
        replace(tiny, hidden=(8,) * 5, activation="leaky_relu", optimizer="rmsprop", dropout=0.5),
        replace(tiny, rotation=15, shift=2, pen=20, batch_size=512, activation="sigmoid"),
    ):
        record = ended_record(job_queue.submit(settings, connected))
        assert record.state == "done", (settings, record.sentence)
        assert len(record.snapshots[-1].gradient_sizes) == len(settings.hidden) + 1


def test_diverged_network_is_withheld(job_queue: JobQueue) -> None:
    settings = replace(SMALL, optimizer="sgd", learning_rate=10.0, activation="leaky_relu", hidden=(64,) * 5)
    record = ended_record(job_queue.submit(settings, connected))
    assert record.state == "done"
    assert record.network is None


def test_places_follow_order_of_submission(job_queue: JobQueue) -> None:
    running = job_queue.submit(LONG, connected)
    waiting = [job_queue.submit(SMALL, connected) for _ in range(3)]
    assert [job_queue.place_and_wait(job)[0] for job in (running, *waiting)] == [1, 2, 3, 4]
    wait_until(lambda: bool(running.record.points))
    waiting[1].stop()
    wait_until(lambda: job_queue.place_and_wait(waiting[2])[0] == 3)
    running.stop()
    records = [ended_record(job) for job in (running, *waiting)]
    assert [record.state for record in records] == ["done", "done", "left", "done"]
    started = [record.started for record in records if record.state == "done"]
    assert started == sorted(started)


def test_wait_is_estimated_only_from_measurements(fresh_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    use_faulty_worker(monkeypatch, "never answers")
    assert fresh_queue.mean_seconds is None
    first, second, third = (fresh_queue.submit(SMALL, connected) for _ in range(3))
    assert fresh_queue.place_and_wait(second) == (2, None)
    for _ in range(2):
        fresh_queue._recent_seconds.append(10.0)
    assert fresh_queue.place_and_wait(second) == (2, 10.0)
    assert fresh_queue.place_and_wait(third) == (3, 20.0)
    quick = replace(first.record, points=(), first_progress=(time.monotonic() - 1, 0.1), progress=0.9)
    first.change(lambda _: quick)
    seconds = fresh_queue.place_and_wait(third)[1]
    assert seconds is not None
    assert 10 < seconds < 20, "the running job's own estimate counts more than the mean"


def test_absent_visitor_loses_place(job_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    short_break = job_queue.submit(SMALL, lambda: False)
    assert not short_break.is_abandoned()
    assert ended_record(short_break).state == "done"
    monkeypatch.setattr(model.training.job_queue, "MAX_ABSENCE_SECONDS", 0)
    stays = True
    running = job_queue.submit(LONG, lambda: stays)
    gone = job_queue.submit(LONG, lambda: False)
    following = job_queue.submit(SMALL, connected)
    assert ended_record(gone).state == "left"
    wait_until(lambda: bool(running.record.points))
    stays = False
    assert ended_record(running).epochs_trained < 50
    assert ended_record(following).state == "done"


def test_killed_worker_fails_its_job_and_next_job_starts(job_queue: JobQueue) -> None:
    job, following = job_queue.submit(LONG, connected), job_queue.submit(SMALL, connected)
    wait_until(lambda: bool(job.record.points))
    worker_of(job_queue).kill()
    record = ended_record(job)
    assert record.state == "failed"
    assert "ended unexpectedly" in record.sentence
    assert "try again" in record.sentence
    assert ended_record(following).state == "done"


@pytest.mark.parametrize("fault", FAULTS)
def test_worker_with_malformed_message_is_killed_at_once(
    fault: str, fresh_queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_faulty_worker(monkeypatch, fault)
    job, following = fresh_queue.submit(SMALL, connected), fresh_queue.submit(SMALL, connected)
    record = ended_record(job)
    assert record.state == "failed"
    assert record.sentence == "The training process answered with nonsense and was ended: try again."
    assert ended_record(following).accuracy == 0.002


def test_messages_of_earlier_job_are_ignored(fresh_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    use_faulty_worker(monkeypatch, "what is left of another job")
    for job in [fresh_queue.submit(SMALL, connected) for _ in range(3)]:
        record = ended_record(job)
        assert record.state == "done", record.sentence
        assert record.accuracy == record.number / 1000
        assert [point.loss for point in record.points] == [record.number]


def test_job_stopped_as_its_turn_comes_stays_stopped(fresh_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    use_faulty_worker(monkeypatch, "none")
    jobs = [fresh_queue.submit(SMALL, connected) for _ in range(60)]
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
        record = ended_record(job)
        if stopped_at[job].state == "left":
            assert record == stopped_at[job]
        else:
            assert record.state == "done", record.sentence
            assert record.accuracy == record.number / 1000


def test_worker_that_accepts_no_order_is_killed(job_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = replace(QUICK, hidden=(512,) * 5, images=600, epochs=1)
    first = ended_record(job_queue.submit(wide, connected))
    assert len(first.keras_file) > 10 * model.training.job_queue.MIB, "far more than a pipe holds"
    for earlier in (first, None):
        worker_of(job_queue).suspend()
        with monkeypatch.context() as impatient:
            impatient.setattr(model.training.job_queue, "MAX_ACCEPT_SECONDS", 0.5)
            record = ended_record(job_queue.submit(wide, connected, earlier, 1))
        assert record.state == "failed"
        assert "did not answer" in record.sentence
        assert ended_record(job_queue.submit(SMALL, connected)).state == "done"


def test_too_much_memory_ends_job(job_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.training.job_queue, "MAX_MEMORY_BYTES", 300 * model.training.job_queue.MIB)
    record = ended_record(job_queue.submit(SMALL, connected))
    assert record.state == "failed"
    assert "300 MiB" in record.sentence


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can keep another process from writing files")
def test_full_disk_fails_job_and_worker_survives(job_queue: JobQueue) -> None:
    first = ended_record(job_queue.submit(SMALL, connected))
    worker = worker_of(job_queue)
    _, most = worker.rlimit(psutil.RLIMIT_FSIZE)
    worker.rlimit(psutil.RLIMIT_FSIZE, (10_000, most))  # bytes that a file may have, as if the disk were full
    for job in (job_queue.submit(SMALL, connected), job_queue.submit(SMALL, connected, first, 1)):
        record = ended_record(job)
        assert record.state == "failed"
        assert "disk is full" in record.sentence
        assert record.sentence.endswith("elsewhere.")
        assert record.sentence.count(". ") == 0
    worker.rlimit(psutil.RLIMIT_FSIZE, (most, most))
    assert ended_record(job_queue.submit(SMALL, connected)).state == "done"
    assert worker_of(job_queue).pid == worker.pid


def test_full_disk_prevents_worker_start(fresh_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)  # no test may fill the machine's disk
    record = ended_record(fresh_queue.submit(SMALL, connected))
    assert (record.state, record.sentence.count(". ")) == ("failed", 0)
    assert "disk or its memory is full" in record.sentence


def test_too_much_time_stops_job_and_keeps_what_it_learnt(job_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_queue.submit(LONG, connected)
    wait_until(lambda: bool(job.record.points))
    monkeypatch.setattr(model.training.job_queue, "MAX_TRAINING_SECONDS", 0)
    record = ended_record(job)
    assert record.state == "done"
    assert "so that others get their turn" in record.sentence
    assert record.network


def test_idle_worker_is_killed_and_dead_worker_is_replaced(
    fresh_queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_faulty_worker(monkeypatch, "none")
    ended_record(fresh_queue.submit(SMALL, connected))
    died = worker_of(fresh_queue)
    died.kill()
    died.wait()
    assert ended_record(fresh_queue.submit(SMALL, connected)).state == "done"
    idle = worker_of(fresh_queue)
    monkeypatch.setattr(model.training.job_queue, "MAX_IDLE_SECONDS", 0)
    wait_until(lambda: not idle.is_running())
    assert not fresh_queue.has_worker
    assert ended_record(fresh_queue.submit(SMALL, connected)).state == "done"


def test_full_queue_refuses_job(fresh_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    use_faulty_worker(monkeypatch, "never answers")
    monkeypatch.setattr(model.training.job_queue, "MAX_WAITING_JOBS", 2)
    for _ in range(3):
        fresh_queue.submit(SMALL, connected)
    with pytest.raises(QueueFullError, match="try again"):
        fresh_queue.submit(SMALL, connected)


def test_worker_yields_to_server_and_ends_with_it() -> None:
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time\n"
            "from model.training.job_queue import JobQueue\n"
            "from model.training.settings import NOTEBOOK\n"
            "job_queue = JobQueue()\n"
            "job = job_queue.submit(NOTEBOOK, lambda: True)\n"
            "while not job.record.points: time.sleep(0.05)\n"
            "print(job_queue._worker.process.pid, flush=True)\n"
            "time.sleep(600)\n",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert server.stdout
    worker = psutil.Process(int(server.stdout.readline()))
    assert worker.nice() > psutil.Process(server.pid).nice()
    server.kill()  # it cannot end its worker any more
    server.wait()
    worker.wait(timeout=60)
    server.stdout.close()


def test_web_process_imports_no_tensorflow() -> None:
    modules = ", ".join(f"model.training.{name}" for name in ("job_queue", "export", "hints"))
    code = f"import json, sys, {modules}; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout)
    assert not {"tensorflow", "keras", "streamlit"} & set(loaded)


def test_missing_tensorflow_or_memory_is_explained(job_queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    assert job_queue.obstacle(NOTEBOOK) is None
    monkeypatch.setattr(model.training.job_queue, "available_memory", lambda: 950 * model.training.job_queue.MIB)
    assert job_queue.obstacle(QUICK) is None
    assert "950 are free" in (job_queue.obstacle(NOTEBOOK) or "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "TensorFlow is not installed" in (job_queue.obstacle(QUICK) or "")
