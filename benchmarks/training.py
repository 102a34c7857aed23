"""Live training: `python -m benchmarks.training speed`, `... class`, `... strokes`.

speed: an epoch of the notebook's training, live and with plain Keras in turn, and accuracy, time and memory of some
settings. class: visitors in Chromium who all press Train at once. strokes: the stroke benchmark with and without a
training beside it.
"""

import argparse
import math
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.machine import describe
from benchmarks.stroke import measure, report
from model.training.job_queue import MIB, JobQueue
from model.training.settings import NOTEBOOK, QUICK, Settings
from model.training.training_record import Record
from tests.browser.chromium import launch
from tests.browser.server import Server

# The lesson's training in plain Keras, which prints the seconds that each epoch takes.
PLAIN = """
import time
import keras
from model.mnist import as_vectors, load_mnist
mnist = load_mnist()
model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(64, "relu"),
                          keras.layers.Dense(10, "softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None): self.began = time.perf_counter()
    def on_epoch_end(self, epoch, logs=None): print(time.perf_counter() - self.began, flush=True)
model.fit(as_vectors(mnist.x_train), mnist.y_train, epochs={epochs}, verbose=0, callbacks=[Clock()],
          validation_data=(as_vectors(mnist.x_test), mnist.y_test))
"""
ROUNDS = 3
EPOCHS = 5
VISITORS = 30
# textContent needs no layout, which would add to the load
ALERTS = "() => [...document.querySelectorAll('[data-testid=stAlert]')].map((alert) => alert.textContent).join(' ')"
ADDRESS = "/training?images=10000&epochs=5"


def plain_epochs() -> list[float]:
    """Return the seconds of each epoch with plain `model.fit`."""
    command = [sys.executable, "-c", PLAIN.format(epochs=EPOCHS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [float(line) for line in done.stdout.split()]


def train(trainer: JobQueue, settings: Settings) -> tuple[Record, list[float], float]:
    """Run a training, and return its record, when each epoch ended, and the worker's largest memory in MiB."""
    job = trainer.submit(settings, lambda: True)
    ends: list[float] = []
    memory = 0
    while job.record.is_active:
        while len(ends) < len(job.record.epoch_metrics):
            ends.append(time.perf_counter())
        if trainer.worker_memory > memory:
            memory = trainer.worker_memory
        time.sleep(0.005)
    return job.record, ends, memory / MIB


def inkling_epochs(trainer: JobQueue) -> list[float]:
    """Return the seconds from each epoch's end to the next, in a live training with the notebook's settings."""
    _, ends, _ = train(trainer, NOTEBOOK)
    return [end - begin for begin, end in pairwise(ends)]


def speed() -> None:
    """Compare an epoch with plain Keras, and measure some settings."""
    trainer = JobQueue()
    plain: list[float] = []
    inkling: list[float] = []
    for _ in range(ROUNDS):
        plain += plain_epochs()[1:]  # the first one builds the graph
        inkling += inkling_epochs(trainer)
    ours, theirs = statistics.median(inkling), statistics.median(plain)
    print(
        f"an epoch of the notebook's training: {ours:.2f} s; plain model.fit {theirs:.2f} s; {ours / theirs:.2f} times"
    )
    trainer.close()
    for name, settings in {
        "quick": QUICK,
        "the notebook's": NOTEBOOK,
        "60,000 images, 5 x 512": replace(NOTEBOOK, hidden=(512,) * 5, epochs=3),
        "10,000 images, deformed": replace(QUICK, rotation=15, shift=2, pen=20),
    }.items():
        trainer = JobQueue()  # with a worker of its own, for the memory
        record, _, memory = train(trainer, settings)
        trainer.close()
        print(
            f"{name}: {record.accuracy:.2%} of the test images right, {record.seconds:.1f} s, "
            f"TensorFlow {record.training_since - record.started:.1f} s, worker at most {memory:.0f} MiB"
        )


def first_point(page: Page, url: str) -> float:
    """Seconds from the click on Train to the first point of the loss in the browser."""
    page.goto(url)
    button = page.get_by_role("button", name="Train", exact=True)
    expect(button).to_be_enabled(timeout=60_000)
    page.wait_for_timeout(2000)
    clicked = time.perf_counter()
    button.click()
    page.locator(".st-key-growing_loss canvas, .st-key-growing_loss svg.marks").first.wait_for()
    return time.perf_counter() - clicked


def first_points(browser: Browser) -> None:
    """Measure the time from the click to the first point, with a cold worker and with a warm one."""
    with Server() as server:
        page = browser.new_page()
        cold = first_point(page, f"{server.url}/training?images=60000&epochs=20")
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_text("of the test images right").wait_for()
        warm = [first_point(page, server.url + ADDRESS)]
        for _ in range(4):
            page.get_by_text("of the test images right").wait_for()
            warm.append(first_point(page, server.url + ADDRESS))
        page.close()
    print(f"click to first point: the notebook's, cold worker {cold:.1f} s; quick, warm worker ", end="")
    print(f"median {statistics.median(warm):.1f} s, worst {max(warm):.1f} s")


def a_class(browser: Browser) -> None:
    """Let thirty visitors press Train within a few seconds, and compare the waits shown with the true ones."""
    with Server() as server:
        pages = [browser.new_page() for _ in range(VISITORS)]
        for page in pages:
            page.goto(server.url + ADDRESS)
            expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled(timeout=60_000)
        began = time.perf_counter()
        for page in pages:
            page.get_by_role("button", name="Train", exact=True).click()
        all_clicked = time.perf_counter() - began
        told: dict[int, list[tuple[float, float]]] = {}  # when, and how long the wait would be
        turns: dict[int, float] = {}
        done: dict[int, float] = {}
        while len(done) < VISITORS:
            for i in set(range(VISITORS)) - set(done):
                now = time.perf_counter()
                text = pages[i].evaluate(ALERTS)
                if "Your turn comes in about" in text:
                    number, unit = text.split("Your turn comes in about ")[1].split(".")[0].split()
                    told.setdefault(i, []).append((now - began, float(number) * (60 if unit == "min" else 1)))
                elif i in told:
                    turns.setdefault(i, now - began)
                if "of the test images right" in text:
                    done[i] = now - began
            pages[0].wait_for_timeout(1000)
        for page in pages:
            page.close()
    print(f"{VISITORS} visitors, all pressed Train within {all_clicked:.0f} s; results after ", end="")
    print(f"{min(done.values()):.0f} to {max(done.values()):.0f} s")
    print(f"a time was told to {len(told)} of them, ", end="")
    print(f"first {min((of[0][0] for of in told.values()), default=math.nan):.0f} s after the first click")
    for name, since in (("at first", 0.0), ("from 20 s after the last click on", all_clicked + 20)):
        shown = [sample for i in told for sample in (told[i] if since else told[i][:1])]
        true = [turns[i] - when for i in told for when, _ in (told[i] if since else told[i][:1])]
        late = [(s, t) for (when, s), t in zip(shown, true, strict=True) if when >= since]
        ratios = statistics.quantiles([s / t for s, t in late if t > 5], n=10)
        print(f"wait shown {name}, divided by the true one: median {ratios[4]:.2f}, ", end="")
        print(f"eight in ten from {ratios[0]:.2f} to {ratios[-1]:.2f}; ", end="")
        print(f"off by {statistics.median(abs(s - t) for s, t in late):.0f} s (median)")


def strokes(browser: Browser) -> None:
    """Measure pen-up to bars on the draw page, while another visitor trains and while nobody does."""
    print(f"{'pen-up to new bars':<44} {'median':>12} {'p95':>12} {'first':>12}")
    for name, address in {
        "while 2 x 64 neurons are trained": "/training?images=60000&epochs=50&batch_size=8",
        "while 5 x 512 neurons are trained": "/training?images=60000&epochs=50&hidden=512-512-512-512-512",
        "while nothing is trained": None,
    }.items():
        with Server() as server:
            trainee = browser.new_page()
            if address:
                first_point(trainee, server.url + address)
            page = browser.new_page()
            report(name, measure(page, server.url))
            if address:
                expect(trainee.get_by_role("button", name="Stop", exact=True)).to_be_visible()
            page.close()
            trainee.close()


def main() -> None:
    """Run the command line."""
    parts = {"speed": [], "class": [first_points, a_class], "strokes": [strokes]}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training")
    parser.add_argument("part", choices=parts)
    part = parser.parse_args().part
    print(describe())
    if part == "speed":
        speed()
        return
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for measured in parts[part]:
            measured(browser)


if __name__ == "__main__":
    main()
