"""The settings of a training: starting points, controls, and the page's address, which says the same."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import streamlit as st

from model.augmentation import jitter_picture
from model.mnist import MnistError, load_mnist
from model.network import ACTIVATIONS
from model.training.settings import (
    CHOICES,
    MAX_HIDDEN_LAYERS,
    MAX_WIDTH,
    NOTEBOOK,
    OPTIMIZERS,
    QUICK,
    Settings,
    from_address,
    to_address,
)
from pages.widgets.app.projector import in_pixels
from pages.widgets.digit.latest_experiment import end_experiment
from pages.widgets.ui.images import image_html

log = logging.getLogger(__name__)

LABELS = {
    "hidden": "Hidden layers",
    "activation": "Activation",
    "optimizer": "Optimizer",
    "learning_rate": "Learning rate",
    "batch_size": "Batch size",
    "epochs": "Epochs",
    "dropout": "Dropout",
    "rotation": "Rotation",
    "shift": "Shift",
    "pen": "Pen width",
    "images": "Training images",
    "seed": "Seed",
}
EXPLANATIONS = {
    "hidden": "Layers between the 784 inputs and the 10 outputs. Without any, each digit is one weighted sum of "
    "pixels.",
    "activation": "What each hidden neuron does with its weighted sum before it passes it on.",
    "optimizer": f"How a gradient becomes a step. {' '.join(each.explanation for each in OPTIMIZERS.values())}",
    "learning_rate": "How long a step is. These do well: "
    f"{', '.join(f'{each.label} near {each.usual_rate:g}' for each in OPTIMIZERS.values())}.",
    "batch_size": "How many images each step looks at. Small: more steps an epoch, and noisier ones.",
    "epochs": "How often it looks at all of the training images.",
    "dropout": "Share of the hidden neurons that are left out at random in each step, so that none is relied on alone.",
    "images": "How many of MNIST's 60,000 it may learn from. One in ten of them is held out for validation.",
    "seed": "Where chance begins: the same seed gives the same first weights and the same order of images.",
    "rotation": "Turned by up to so many degrees.",
    "shift": "Moved by up to so many pixels.",
    "pen": "Made wider or thinner by up to so many per cent.",
}
PREVIEWED = 8


OWN = "Train your own"  # the part of the page that all this is on
STARTING_POINTS = {
    "Quick": (QUICK, "10,000 images, 5 epochs, done in seconds"),
    "Simple": (NOTEBOOK, "what the network of that name learned with: all 60,000 images, 20 epochs"),
}


def put(settings: Settings) -> None:
    """Set all controls."""
    for name in CHOICES:
        st.session_state[key(name)] = getattr(settings, name)
    st.session_state[key("hidden")] = len(settings.hidden)
    for i, width in enumerate(settings.hidden):
        st.session_state[width_key(i)] = width


def start_from(settings: Settings) -> None:
    """Set all controls; what an experiment has set up before is gone."""
    put(settings)
    end_experiment("training")


def key(name: str) -> str:
    """The session's name for a setting's control."""
    return f"setting_{name}"


def width_key(i: int) -> str:
    """The session's name for the width of a hidden layer, counted from 0."""
    return f"setting_width_{i}"


def asked_in_address() -> bool:
    """Whether the page's address says anything of a training."""
    return any(name in st.query_params for name in asdict(QUICK))


def choose_settings() -> Settings:
    """All controls, each with what it does. The address says the same, so that it can be handed out as a link."""
    if key("epochs") not in st.session_state:
        settings, refused = from_address(st.query_params)
        put(settings)
        st.session_state["refused"] = refused
    show_starting_points()
    complaint = st.container()
    with st.container(border=True):
        settings = show_controls()
    with complaint:
        show_refused(settings)
    address = to_address(settings)
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)
    return settings


def show_starting_points() -> None:
    """One click each."""
    st.markdown("**Start from** these settings or those of an experiment, then change what you like:")
    with st.container(horizontal=True):
        for name, (settings, _) in STARTING_POINTS.items():
            st.button(name, key=f"start_{name}", on_click=start_from, args=(settings,))
    st.caption("; ".join(f"*{name}*: {about}" for name, (_, about) in STARTING_POINTS.items()) + ".")


def show_controls() -> Settings:
    """The controls, in three groups."""
    st.markdown("**The network**")
    hidden = show_hidden_layers()
    left, right = st.columns(2)
    chosen: dict[str, Any] = {"hidden": hidden}
    with left:
        chosen["activation"] = choice("activation", st.selectbox, format_func=lambda name: ACTIVATIONS[name].label)
    with right:
        chosen["dropout"] = choice("dropout", st.select_slider, format_func="{:.0%}".format)
    st.markdown("**How it learns**")
    left, right = st.columns(2)
    with left:
        chosen["optimizer"] = choice("optimizer", st.selectbox, format_func=lambda name: OPTIMIZERS[name].label)
        chosen["batch_size"] = choice("batch_size", st.select_slider)
    with right:
        chosen["learning_rate"] = choice("learning_rate", st.select_slider, format_func="{:g}".format)
        chosen["epochs"] = choice("epochs", st.select_slider)
    st.markdown("**What it learns from**")
    left, right = st.columns(2)
    with left:
        chosen["images"] = choice("images", st.select_slider, format_func="{:,}".format)
    with right:
        chosen["seed"] = show_seed()
    st.markdown("Deformed images: every time the network looks at an image, it is")
    for name, column in zip(("rotation", "shift", "pen"), st.columns(3), strict=True):
        with column:
            chosen[name] = choice(name, st.select_slider)
    settings = Settings(**chosen)
    if settings.deforms:
        show_preview(settings)
    return settings


def choice(name: str, widget: Callable[..., Any], **arguments: Any) -> Any:
    """One control, and below it what it does."""
    chosen = widget(LABELS[name], CHOICES[name], key=key(name), persist_state="session", **arguments)
    st.caption(EXPLANATIONS[name])
    return chosen


def show_hidden_layers() -> tuple[int, ...]:
    """How many there are, and how wide each is."""
    count = st.slider(LABELS["hidden"], 0, MAX_HIDDEN_LAYERS, key=key("hidden"), persist_state="session")
    st.caption(EXPLANATIONS["hidden"])
    widths = []
    with st.container(horizontal=True):
        for i in range(count):
            st.session_state.setdefault(width_key(i), 64)
            width = st.number_input(
                f"Neurons in layer {i + 1}",
                1,
                MAX_WIDTH,
                key=width_key(i),
                persist_state="session",
                width=in_pixels(130),
            )
            widths.append(width)
    return tuple(widths)


def show_seed() -> int:
    """Too many choices for a slider."""
    seed = st.number_input(LABELS["seed"], 0, CHOICES["seed"][-1], key=key("seed"), persist_state="session")
    st.caption(EXPLANATIONS["seed"])
    return int(seed)


def show_preview(settings: Settings) -> None:
    """Some training images as they are, and each as the network may see it."""
    random = np.random.default_rng(settings.seed)
    try:
        images = some_images()
    except MnistError as error:
        log.exception("MNIST cannot be read.")
        st.error(str(error))
        return
    how = (settings.rotation, settings.shift, settings.pen)
    deformed = np.hstack([jitter_picture(image, *how, random) for image in images])
    both = np.vstack([np.hstack(list(images)), deformed])
    st.html(
        f'<div class="mosaic">{image_html(both, "Above, eight training images; below, the same ones deformed")}</div>'
    )
    st.caption("Above as they are, below as the network may see them.")


@st.cache_data(show_spinner=False)
def some_images() -> np.ndarray:
    """The first training images, uint8 [N, 28, 28]. Raises MnistError."""
    return load_mnist().x_train[:PREVIEWED].copy()


def show_refused(settings: Settings) -> None:
    """Which settings the link asked for in vain, as long as they are what was taken instead."""
    refused = st.session_state.get("refused", [])
    standing = [LABELS[name] for name in refused if getattr(settings, name) == getattr(QUICK, name)]
    if standing:
        st.warning(
            f"The link asks for something that cannot be chosen: {', '.join(standing)}. "
            "The default stands there instead: choose what was meant, or ask for the link again."
        )
