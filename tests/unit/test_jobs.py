"""Live training: real jobs through the queue, in a real worker."""

import errno
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

import model.jobs
from model.evaluate import accuracy
from model.jobs import Job, QueueFullError, Trainer
from model.mnist import as_vectors, load_mnist
from model.settings import NOTEBOOK, QUICK, Settings

ROOT = Path(__file__).parents[2]
SMALL = replace(QUICK, images=2000, epochs=2)
LONG = replace(NOTEBOOK, epochs=50)


def here() -> bool:
    return True


@pytest.fixture(scope="module")
def shared() -> Iterator[Trainer]:
    """A trainer whose worker stays warm from test to test."""
    trainer = Trainer()
    yield trainer
    trainer.close()


@pytest.fixture
def own() -> Iterator[Trainer]:
    """A trainer whose worker a test may harm."""
    trainer = Trainer()
    yield trainer
    trainer.close()


def wait_until(condition: Callable[[], bool], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ended(job: Job) -> Job:
    wait_until(lambda: not job.is_active)
    return job


def worker_of(trainer: Trainer) -> psutil.Process:
    assert trainer._worker
    return psutil.Process(trainer._worker.process.pid)


def test_a_job_learns_and_tells_how_it_goes(shared: Trainer) -> None:
    job = ended(shared.submit(SMALL, here))
    assert job.state == "done", job.sentence
    epochs = [epoch for epoch, _ in job.points]
    assert epochs == sorted(epochs)
    assert epochs[-1] == job.epochs_trained == 2
    assert job.points[0][1] > 1.5 > 0.7 > job.points[-1][1]
    assert [row["epoch"] for row in job.rows] == [1, 2]
    assert set(job.rows[0]) == {"epoch", "loss", "accuracy", "val_loss", "val_accuracy"}
    # An epoch's loss is the mean over its batches, of which each point is a part.
    first_epoch = np.mean([loss for epoch, loss in job.points if epoch <= 1])
    assert first_epoch == pytest.approx(job.rows[0]["loss"], rel=0.02)
    inside = job.insides[-1]
    assert len(inside["weights"]) == 64 * 784
    assert len(inside["gradients"]) == 3
    assert inside["neurons"] == [64, 64]
    assert all(0 <= silent <= 64 for silent in inside["silent"])
    assert "weights" not in job.insides[0], "only the latest picture is kept"
    mnist = load_mnist()
    assert job.network
    right = accuracy(job.network, as_vectors(mnist.x_test), mnist.y_test)
    assert right == pytest.approx(job.accuracy, abs=2e-4)
    assert right > 0.8


def test_the_same_seed_gives_the_same_network_in_a_used_worker(shared: Trainer) -> None:
    jobs = [shared.submit(settings, here) for settings in (SMALL, replace(SMALL, activation="tanh"), SMALL)]
    first, other, again = (ended(job).accuracy for job in jobs)
    assert first == again
    assert first != other


def test_stop_keeps_what_was_learnt(shared: Trainer) -> None:
    job = shared.submit(LONG, here)
    wait_until(lambda: len(job.points) > 5)
    job.stop()
    ended(job)
    assert job.state == "done"
    assert 0 < job.epochs_trained < 3
    assert job.rows[-1]["epoch"] == job.epochs_trained
    assert job.accuracy > 0.8
    assert job.network


def test_going_on_adds_epochs_to_the_same_network(shared: Trainer) -> None:
    first = ended(shared.submit(SMALL, here))
    more = ended(shared.submit(SMALL, here, first, 1))
    assert more.state == "done", more.sentence
    assert more.epochs_trained == 3
    assert [row["epoch"] for row in more.rows] == [1, 2, 3]
    assert more.rows[2]["loss"] < more.rows[1]["loss"] < more.rows[0]["loss"]
    assert len(first.rows) == 2
    assert more.seconds > first.seconds


def test_every_choice_trains(shared: Trainer) -> None:
    tiny = replace(QUICK, images=600, epochs=1)
    for settings in (
        replace(tiny, hidden=(), optimizer="sgd", learning_rate=0.1),
        replace(tiny, hidden=(8,) * 5, activation="leaky_relu", optimizer="rmsprop", dropout=0.5),
        replace(tiny, rotation=15, shift=2, pen=20, batch_size=512, activation="sigmoid"),
    ):
        job = ended(shared.submit(settings, here))
        assert job.state == "done", (settings, job.sentence)
        assert len(job.insides[-1]["gradients"]) == len(settings.hidden) + 1


def test_a_network_that_explodes_is_not_given_to_anybody(shared: Trainer) -> None:
    settings = replace(SMALL, optimizer="sgd", learning_rate=10.0, activation="leaky_relu", hidden=(64,) * 5)
    job = ended(shared.submit(settings, here))
    assert job.state == "done"
    assert job.network is None


def test_places_and_times_in_the_queue(shared: Trainer) -> None:
    jobs = [shared.submit(SMALL, here) for _ in range(4)]
    wait_until(lambda: jobs[0].state != "waiting")
    places, seconds = zip(*(shared.place(job) for job in jobs), strict=True)
    assert places == (1, 2, 3, 4)
    assert list(seconds) == sorted(seconds)
    jobs[2].stop()
    wait_until(lambda: shared.place(jobs[3])[0] <= 3)
    assert jobs[2].state == "left"
    for job in jobs:
        ended(job)
    assert [job.state for job in jobs] == ["done", "done", "left", "done"]
    started = [job.started for job in jobs if job.state == "done"]
    assert started == sorted(started)


def test_who_is_gone_loses_the_place_and_a_short_break_is_not_leaving(
    shared: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.jobs, "LONGEST_ABSENCE", 1.0)
    present = {"gone": False, "back": False, "stays": True}
    running = shared.submit(LONG, lambda: present["stays"])
    gone = shared.submit(LONG, lambda: present["gone"])
    back = shared.submit(SMALL, lambda: present["back"])
    time.sleep(0.5)
    present["back"] = True
    wait_until(lambda: gone.state == "left")
    assert back.state == "waiting"
    present["stays"] = False
    ended(running)
    assert running.epochs_trained < 40
    assert ended(back).state == "done"


def test_a_killed_job_is_reported_and_the_next_one_starts(own: Trainer) -> None:
    job, following = own.submit(LONG, here), own.submit(SMALL, here)
    wait_until(lambda: bool(job.points))
    worker_of(own).kill()
    ended(job)
    assert job.state == "failed"
    assert "ended unexpectedly" in job.sentence
    assert "try again" in job.sentence
    assert ended(following).state == "done"


def test_a_worker_that_died_idle_costs_nobody_a_job(own: Trainer) -> None:
    ended(own.submit(SMALL, here))
    worker = worker_of(own)
    worker.kill()
    worker.wait(timeout=60)
    assert ended(own.submit(SMALL, here)).state == "done"


def test_too_much_memory_ends_the_job(own: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.jobs, "MOST_MEMORY", 300 * model.jobs.MIB)
    job = ended(own.submit(SMALL, here))
    assert job.state == "failed"
    assert "300 MiB" in job.sentence


@pytest.mark.skipif(sys.platform != "linux", reason="only there can another process be kept from writing files")
def test_a_full_disk_gets_a_sentence_and_the_worker_goes_on(own: Trainer) -> None:
    first = ended(own.submit(SMALL, here))
    worker = worker_of(own)
    _, most = worker.rlimit(psutil.RLIMIT_FSIZE)
    worker.rlimit(psutil.RLIMIT_FSIZE, (10_000, most))  # bytes: every file ends there, as on a full disk
    for job in (own.submit(SMALL, here), own.submit(SMALL, here, first, 1)):
        ended(job)
        assert job.state == "failed"
        assert "disk is full" in job.sentence
        assert job.sentence.endswith("elsewhere.")
        assert job.sentence.count(". ") == 0
    worker.rlimit(psutil.RLIMIT_FSIZE, (most, most))
    assert ended(own.submit(SMALL, here)).state == "done"
    assert worker_of(own).pid == worker.pid


def test_without_room_for_a_file_no_training_starts(own: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)  # no test may fill the machine's disk
    job = ended(own.submit(SMALL, here))
    assert (job.state, job.sentence.count(". ")) == ("failed", 0)
    assert "disk or its memory is full" in job.sentence


def test_too_much_time_ends_the_job_and_keeps_what_was_learnt(shared: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(shared.submit(SMALL, here))
    monkeypatch.setattr(model.jobs, "LONGEST_JOB", 3)
    job = ended(shared.submit(LONG, here))
    assert job.state == "done"
    assert "so that others get their turn" in job.sentence
    assert job.network


def test_an_idle_worker_is_let_go_and_a_new_one_comes_when_needed(
    own: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.jobs, "LONGEST_IDLE", 1.0)
    ended(own.submit(SMALL, here))
    worker = worker_of(own)
    wait_until(lambda: not worker.is_running())
    assert own.is_cold
    assert ended(own.submit(SMALL, here)).state == "done"


def test_the_queue_has_an_end(own: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.jobs, "MOST_WAITING", 2)
    jobs = [own.submit(SMALL, here) for _ in range(3)]
    with pytest.raises(QueueFullError, match="try again"):
        own.submit(SMALL, here)
    for job in jobs:
        job.stop()


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_no_job_survives_the_server(end: str) -> None:
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time\n"
            "from model.jobs import Trainer\n"
            "from model.settings import NOTEBOOK\n"
            "trainer = Trainer()\n"
            "job = trainer.submit(NOTEBOOK, lambda: True)\n"
            "while not job.points: time.sleep(0.05)\n"
            "print(trainer._worker.process.pid, flush=True)\n"
            "time.sleep(60)\n",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert server.stdout
    worker = psutil.Process(int(server.stdout.readline()))
    assert worker.is_running()
    getattr(server, end)()
    server.wait()
    worker.wait(timeout=60)
    server.stdout.close()


def test_the_worker_gives_way_to_the_server(shared: Trainer) -> None:
    ended(shared.submit(SMALL, here))
    assert worker_of(shared).nice() > psutil.Process().nice()


def test_the_web_process_needs_no_tensorflow_for_it() -> None:
    code = "import json, sys, model.jobs, model.export, model.hints; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout)
    assert not {"tensorflow", "keras", "streamlit"} & set(modules)


def test_without_tensorflow_or_memory_it_says_why(own: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert own.obstacle(NOTEBOOK) is None
    monkeypatch.setattr(model.jobs, "available_memory", lambda: 950 * model.jobs.MIB)
    assert own.obstacle(QUICK) is None
    assert "950 are free" in (own.obstacle(NOTEBOOK) or "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "TensorFlow is not installed" in (own.obstacle(QUICK) or "")


@pytest.mark.parametrize("settings", [QUICK, NOTEBOOK, replace(QUICK, hidden=(512,) * 5, epochs=50)])
def test_a_longer_training_is_expected_to_take_longer(own: Trainer, settings: Settings) -> None:
    more = replace(settings, hidden=(*settings.hidden, 512)[:5], seed=1, batch_size=16)
    assert own.expected_seconds(settings) < own.expected_seconds(more)
    assert own.expected_seconds(replace(NOTEBOOK, epochs=50, pen=40)) <= 600
