"""A training, from the queue to its end: how it stands, its curves, a look inside the network, and hints."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from model.number_format import counted, ordinal
from model.preprocessing import SIDE
from model.training.hints import find_hints
from model.training.job_queue import Job, JobQueue, QueueFullError
from model.training.settings import Settings
from model.training.training_record import Record
from pages.widgets.app.streamlit_patches import presence
from pages.widgets.networks.picker import choose_for_drawing
from pages.widgets.networks.session_networks import Runs, accuracy, runs
from pages.widgets.training.downloads import show_code_downloads, show_download
from pages.widgets.training.learning_curves import show_gradients, show_growing_curves
from pages.widgets.training.settings_form import set_controls
from pages.widgets.ui.images import mosaic

TRAINING_REFRESH_SECONDS = 0.5
QUEUE_REFRESH_SECONDS = 2.0
FAR_REFRESH_SECONDS = 5.0  # a waiting class must not slow down the training that it waits for
NEAR_PLACE = 4  # the last place in the queue that is not far


@st.cache_resource(show_spinner=False)
def job_queue() -> JobQueue:
    """Return the server's one queue, for all visitors."""
    return JobQueue()


def start_training(settings: Settings, earlier: Record | None = None, more_epochs: int | None = None) -> None:
    """Queue a training, unless this visitor already has one that is not over."""
    trainings = runs()
    if trainings.job and trainings.job.record.is_active:
        return
    try:
        job = job_queue().submit(settings, presence(), earlier, more_epochs)
    except QueueFullError as error:
        st.session_state["queue_full"] = str(error)
        return
    trainings.begin(job, trainings.name if earlier else None)


def show_train_button(settings: Settings) -> None:
    """Show what a training with these settings takes, and the button that starts it."""
    job = runs().job
    obstacle = job_queue().obstacle(settings)
    steps = counted(settings.steps_per_epoch * settings.epochs, "step")
    parts = [f"**{settings.parameters:,} parameters**, {steps}."]
    if mean := job_queue().mean_seconds:
        parts.append(f"The latest trainings on this server took {rounded_time(mean)} each.")
    if not job_queue().has_worker:
        parts.append("TensorFlow takes a few seconds to start.")
    st.markdown(" ".join(parts))
    if settings.validates_on_test_images:
        st.info(
            "As in the notebook, nothing is held out: the network learns from all 60,000 images and validates on the "
            "test images. If you choose settings by that curve, you fit them to the test images, and the accuracy no "
            "longer tells how well the network reads new ones. So every other training here holds out one image in "
            "ten and uses the test images once, at the end."
        )
    if obstacle:
        st.warning(obstacle)
    is_disabled = bool(obstacle) or (job is not None and job.record.is_active)
    st.button("Train", type="primary", key="train", on_click=start_training, args=(settings,), disabled=is_disabled)
    if full := st.session_state.pop("queue_full", None):
        st.error(full)


def show_latest_training(trainings: Runs) -> None:
    """Show the latest training, and refresh it until it is over."""
    job = trainings.job
    if job is None:
        return
    interval = refresh_seconds(job, job.record)

    @st.fragment(run_every=interval)
    def show_update() -> None:
        record = job.record
        if refresh_seconds(job, record) != interval:
            st.rerun()
        show_state(trainings.name, job, record)
        if record.points or record.snapshots:
            show_learning(record)

    st.subheader(trainings.name)
    show_update()


def show_page_button(label: str, key: str, action: Callable[..., None], *arguments: Any) -> None:
    """Show a button in a fragment whose click reruns the whole page, because it changes more than the fragment."""
    if st.button(label, key=key, on_click=action, args=arguments):
        st.rerun()


def refresh_seconds(job: Job, record: Record) -> float | None:
    """Return how often the page looks at a training again; None if it is over."""
    place = job_queue().place_and_wait(job)[0] if record.state == "waiting" else 1
    if place > 1:
        return FAR_REFRESH_SECONDS if place > NEAR_PLACE else QUEUE_REFRESH_SECONDS
    return TRAINING_REFRESH_SECONDS if record.is_active else None


def show_state(name: str, job: Job, record: Record) -> None:
    """Show how a training stands, in words, with the buttons for it."""
    if record.state == "waiting":
        st.info(queue_sentence(*job_queue().place_and_wait(job)))
        st.button("Leave the queue", key="stop", on_click=job.stop)
    elif record.is_active:
        show_progress_bar(record)
        st.button("Stop", key="stop", on_click=job.stop, disabled=record.is_stopping)
    elif record.state == "failed":
        st.error(record.sentence)
    elif record.state == "left":
        st.info("You left the queue.")
    else:
        show_result(name, record)


def queue_sentence(place: int, seconds: float | None) -> str:
    """Return the visitor's place in the queue in words and, if there is an estimate, when the turn comes."""
    if place == 1:
        return "It is your turn."
    others = "one training is" if place == 2 else f"{place - 1} trainings are"
    turn = "" if seconds is None else f" Your turn comes in {rounded_time(seconds)}."
    return f"You are {ordinal(place)}: {others} ahead of yours.{turn}"


def show_progress_bar(record: Record) -> None:
    """Show how far the training is, or what it is doing."""
    if record.is_stopping:
        text = "Stopping: only the test is left."
    elif record.state == "starting":
        text = "Starting TensorFlow…"
    elif not record.batch:
        text = "Building the network…"
    elif record.progress >= 1:
        text = "Testing on 10,000 images that the network has never seen."
    else:
        before = int(record.epochs_before)
        epoch = before + min(record.epochs, int(record.progress * record.epochs - 1e-9) + 1)
        left = "" if record.seconds_left is None else f", {rounded_time(record.seconds_left)} left"
        batches = record.settings.steps_per_epoch
        text = f"Epoch {epoch} of {before + record.epochs}, batch {record.batch} of {batches}{left}"
    st.progress(min(1.0, record.progress), text)


def show_result(name: str, record: Record) -> None:
    """Show how good the network is, how to train it further, and what to download."""
    st.success(
        f"{accuracy(record)}, after {counted(record.epochs_trained, 'epoch')} and {rounded_time(record.seconds)}."
    )
    if record.sentence:
        st.info(record.sentence)
    with st.container(horizontal=True):
        if record.network:
            show_page_button("One more epoch", "one_more", start_training, record.settings, record, 1)
            show_page_button("Ten more epochs", "ten_more", start_training, record.settings, record, 10)
        show_downloads(name, record)
    if record.network:
        choose_for_drawing(name, record.network)
        st.caption(
            f"It appears on Draw as “{name}”, and is chosen already. The script and the notebook train it again "
            "with the same settings; if you stopped it early or added epochs, the result differs a little."
        )


def show_downloads(name: str, record: Record) -> None:
    """Show buttons that download the network and the code that trains it."""
    file = name.lower().replace(" ", "-")
    show_download("Network (.keras)", record.keras_file, f"{file}.keras", "application/octet-stream")
    show_code_downloads(file, record.settings, max(1, round(record.epochs_trained)))


def show_learning(record: Record) -> None:
    """Show curves, hints, and a look inside the network."""
    for measure, column in zip(("loss", "accuracy"), st.columns(2), strict=True):
        with column:
            show_growing_curves(record, measure)
    for hint in find_hints(record):
        with st.container(border=True, key=f"hint_{record.number}_{next(iter(hint.changes), '')}"):
            st.markdown(f":material/lightbulb: {hint.text}")
            with st.container(horizontal=True):
                for change, settings in hint.changes.items():
                    show_page_button(change, f"change_{record.number}_{change}", set_controls, settings)
    if record.snapshots:
        show_snapshot(record)


def show_snapshot(record: Record) -> None:
    """Show the first layer's weights, the gradients, and how many neurons never fire."""
    latest = record.snapshots[-1]
    left, right = st.columns(2)
    with left:
        shades = np.frombuffer(record.weight_shades, np.uint8).reshape(-1, SIDE, SIDE)
        st.markdown("**The first layer's weights**")
        columns = 5 if len(shades) == 10 else 8
        tiles = mosaic(shades, columns, "The first neurons' weights as pictures")
        st.html(f'<div class="mosaic">{tiles}</div>')
        st.caption(
            f"One picture for each of {counted(len(shades), 'neuron')}, one pixel for each of its 784 weights: ink on "
            "red raises the neuron's sum, ink on blue lowers it. The noise turns into strokes as the network learns."
        )
    with right:
        show_gradients(record.snapshots)
        st.caption(
            "How strongly the loss depends on each layer's weights, measured on 500 training images. "
            "Layers with small gradients learn slowly."
        )
        dead = ", ".join(
            f"{count} of {neurons} in layer {i}"
            for i, (count, neurons) in enumerate(zip(latest.dead_counts, latest.neuron_counts, strict=True), start=1)
        )
        if dead:
            st.caption(f"Neurons that never fire (their output is never above 0) for these images: {dead}.")


def rounded_time(seconds: float) -> str:
    """Return a time as people say it: "about 40 s"."""
    if seconds < 10:
        return f"about {max(1, round(seconds))} s"
    if seconds < 100:
        return f"about {5 * round(seconds / 5)} s"
    return f"about {round(seconds / 60)} min"
