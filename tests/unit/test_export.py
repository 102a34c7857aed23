"""The exported code runs as it is, and trains the same network as the page does."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from model.training.export import notebook, script
from model.training.job_queue import JobQueue
from model.training.settings import NOTEBOOK, QUICK, Settings
from tests.unit.test_job_queue import connected, ended_record

ROOT = Path(__file__).parents[2]
PLAIN = replace(QUICK, images=2000, epochs=2, seed=3)
UNUSUAL = replace(
    QUICK,
    hidden=(20, 30, 40),
    activation="leaky_relu",
    optimizer="rmsprop",
    learning_rate=0.003,
    batch_size=64,
    dropout=0.2,
    rotation=15,
    shift=2,
    pen=20,
    images=2000,
    epochs=2,
)


def run_code(code: str, folder: Path) -> str:
    """Run the code as a script beside a copy of MNIST, and return what it prints."""
    shutil.copy(ROOT / "assets" / "mnist.npz", folder)
    (folder / "inkling.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "inkling.py"], cwd=folder, capture_output=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def printed_accuracy(printed: str) -> float:
    found = re.search(r"Right on ([\d.]+)% of the test images", printed)
    assert found
    return float(found[1])


def assert_same_accuracy(printed: str, settings: Settings, job_queue: JobQueue) -> None:
    """Assert that a training on the page reaches the accuracy that the script printed."""
    record = ended_record(job_queue.submit(settings, connected))
    # TensorFlow's threads may add in another order, which changes the answer for a few of 10,000 images.
    assert printed_accuracy(printed) == pytest.approx(100 * record.accuracy, abs=0.3)


def test_script_runs_and_trains_same_network(tmp_path: Path, job_queue: JobQueue) -> None:
    printed = run_code(script(UNUSUAL), tmp_path)
    assert "The label of this image is 3" in printed
    assert "(60000, 28, 28)" in printed
    assert "Epoch 2/2" in printed
    assert "Read as" in printed
    assert_same_accuracy(printed, UNUSUAL, job_queue)


def test_notebook_is_valid_and_trains_same_network(tmp_path: Path, job_queue: JobQueue) -> None:
    text = notebook(PLAIN)
    nbformat.validate(json.loads(text))
    cells = json.loads(text)["cells"]
    assert [cell["cell_type"] for cell in cells[:2]] == ["markdown", "code"]
    printed = run_code("\n\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code"), tmp_path)
    assert_same_accuracy(printed, PLAIN, job_queue)


def test_code_contains_chosen_numbers() -> None:
    code = script(UNUSUAL)
    for part in (
        'Dense(40, activation="leaky_relu")',
        "Dropout(0.2)",
        "RMSprop(learning_rate=0.003)",
        "jitter_picture(x_train[i], 15, 2, 20, self.random)",
        "epochs=2",
        "set_random_seed(0)",
        "x_train[1800:2000]",
    ):
        assert part in code
    assert "epochs=7" in script(QUICK, 7)
    assert "x_held_out, y_held_out = x_test, y_test" in script(NOTEBOOK, 30)
    assert "deform" not in script(NOTEBOOK)
    compile(script(replace(QUICK, hidden=())), "script", "exec")
