"""The exported code is real: it runs as it is, and trains the same network as the page does."""

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
from tests.unit.test_job_queue import ended, here

ROOT = Path(__file__).parents[2]
PLAIN = replace(QUICK, images=2000, epochs=2, seed=3)
ALL_ELSE = replace(
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


def run(code: str, folder: Path) -> str:
    """What the code prints, run as a script beside a copy of MNIST."""
    shutil.copy(ROOT / "assets" / "mnist.npz", folder)
    (folder / "inkling.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "inkling.py"], cwd=folder, capture_output=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def right(printed: str) -> float:
    found = re.search(r"Right on ([\d.]+)% of the test images", printed)
    assert found
    return float(found[1])


def agrees(printed: str, settings: Settings, trainer: JobQueue) -> None:
    """The page's training comes to the same accuracy."""
    job = ended(trainer.submit(settings, here))
    # TensorFlow's threads may add in another order elsewhere: a few of 10,000 images.
    assert right(printed) == pytest.approx(100 * job.accuracy, abs=0.3)


def test_the_script_runs_and_trains_the_same_network(tmp_path: Path, trainer: JobQueue) -> None:
    printed = run(script(ALL_ELSE), tmp_path)
    assert "The label of this image is 3" in printed
    assert "(60000, 28, 28)" in printed
    assert "Epoch 2/2" in printed
    assert "Read as" in printed
    agrees(printed, ALL_ELSE, trainer)


def test_the_notebook_is_one_runs_and_trains_the_same_network(tmp_path: Path, trainer: JobQueue) -> None:
    text = notebook(PLAIN)
    nbformat.validate(json.loads(text))
    cells = json.loads(text)["cells"]
    assert [cell["cell_type"] for cell in cells[:2]] == ["markdown", "code"]
    printed = run("\n\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code"), tmp_path)
    agrees(printed, PLAIN, trainer)


def test_the_code_has_the_chosen_numbers() -> None:
    code = script(ALL_ELSE)
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
