"""The settings of a training: starting points, controls, and the page's address, which holds the same settings."""

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
    "learning_rate": "How large a step is. Good values: "
    f"{', '.join(f'{each.label} near {each.usual_rate:g}' for each in OPTIMIZERS.values())}.",
    "batch_size": "How many images each step looks at. Small batches make more steps an epoch, and noisier ones.",
    "epochs": "How often the network looks at all the training images.",
    "dropout": "Share of the hidden neurons left out at random in each step, so that the network relies on none alone.",
    "images": "How many of MNIST's 60,000 the network may use. One in ten of them is held out for validation.",
    "seed": "Start of the random numbers: the same seed gives the same first weights and the same order of images.",
    "rotation": "Turned by up to this many degrees.",
    "shift": "Moved by up to this many pixels.",
    "pen": "Made wider or thinner by up to this many per cent.",
}
FORMATS: dict[str, Callable[[Any], str]] = {
    "activation": lambda name: ACTIVATIONS[name].label,
    "optimizer": lambda name: OPTIMIZERS[name].label,
    "dropout": "{:.0%}".format,
    "learning_rate": "{:g}".format,
    "images": "{:,}".format,
}
PREVIEW_IMAGES = 8
BUNDLED_PART, OWN_PART = "The bundled networks", "Train your own"  # of the page
STARTING_POINTS = {
    "Quick": (QUICK, "10,000 images, 5 epochs, done in seconds"),
    "Simple": (NOTEBOOK, "how the network of that name learned: all 60,000 images, 20 epochs"),
}


def choose_part() -> str:
    """Show the control that switches between the parts of the page, and return the chosen part."""
    part: str = st.segmented_control(
        "Part of this page",
        [BUNDLED_PART, OWN_PART],
        default=OWN_PART if any(name in st.query_params for name in asdict(QUICK)) else BUNDLED_PART,
        required=True,
        key="part",
        persist_state="session",
        label_visibility="collapsed",
    )
    return part


def set_up(settings: Settings) -> None:
    """Open the part of the page that trains, with all its controls set."""
    st.session_state["part"] = OWN_PART
    set_controls(settings)


def set_controls(settings: Settings) -> None:
    """Set all controls."""
    for name in CHOICES:
        st.session_state[setting_key(name)] = getattr(settings, name)
    st.session_state[setting_key("hidden")] = len(settings.hidden)
    for i, width in enumerate(settings.hidden):
        st.session_state[setting_key(f"width_{i}")] = width


def apply_starting_point(settings: Settings) -> None:
    """Set all controls; the page then no longer shows what an earlier experiment set up."""
    set_controls(settings)
    end_experiment("training")


def setting_key(name: str) -> str:
    """Return the session key of a setting's control; "width_0" is the width of the first hidden layer."""
    return f"setting_{name}"


def choose_settings() -> Settings:
    """Show all controls and return the settings; keep them in the page's address, so that it works as a link."""
    if setting_key("epochs") not in st.session_state:
        settings, refused = from_address(st.query_params)
        set_controls(settings)
        st.session_state["refused_settings"] = refused
    show_starting_points()
    warning_place = st.container()
    with st.container(border=True):
        settings = show_controls()
    with warning_place:
        show_refused_settings(settings)
    address = to_address(settings)
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)
    return settings


def show_starting_points() -> None:
    """Show a button for each starting point."""
    st.markdown("**Start from** these settings or those of an experiment, then change what you like:")
    with st.container(horizontal=True):
        for name, (settings, _) in STARTING_POINTS.items():
            st.button(name, key=f"start_{name}", on_click=apply_starting_point, args=(settings,))
    st.caption("; ".join(f"*{name}*: {about}" for name, (_, about) in STARTING_POINTS.items()) + ".")


def show_controls() -> Settings:
    """Show the controls in three groups, and return the settings that they stand for."""
    st.markdown("**The network**")
    chosen: dict[str, Any] = {"hidden": show_hidden_layers()}
    chosen |= show_columns(["activation"], ["dropout"])
    st.markdown("**How it learns**")
    chosen |= show_columns(["optimizer", "batch_size"], ["learning_rate", "epochs"])
    st.markdown("**What it learns from**")
    chosen |= show_columns(["images"], ["seed"])
    st.markdown("Deformed images: every time the network looks at an image, the image is")
    chosen |= show_columns(["rotation"], ["shift"], ["pen"])
    settings = Settings(**chosen)
    if settings.deforms:
        show_preview(settings)
    return settings


def show_columns(*columns: list[str]) -> dict[str, Any]:
    """Show the controls of each column's settings, and return what is chosen by the names of the settings."""
    chosen: dict[str, Any] = {}
    for column, names in zip(st.columns(len(columns)), columns, strict=True):
        with column:
            chosen |= {name: show_control(name) for name in names}
    return chosen


def show_control(name: str) -> Any:
    """Show one control and, below it, what it does; return what is chosen."""
    label, choices, key = LABELS[name], CHOICES[name], setting_key(name)
    if name == "seed":  # too many choices for a slider
        chosen = st.number_input(label, choices[0], choices[-1], key=key, persist_state="session")
    else:
        widget: Any = st.selectbox if name in ("activation", "optimizer") else st.select_slider
        chosen = widget(label, choices, key=key, persist_state="session", format_func=FORMATS.get(name, str))
    st.caption(EXPLANATIONS[name])
    return chosen


def show_hidden_layers() -> tuple[int, ...]:
    """Show controls for the number of hidden layers and the width of each; return the widths in order."""
    count = st.slider(LABELS["hidden"], 0, MAX_HIDDEN_LAYERS, key=setting_key("hidden"), persist_state="session")
    st.caption(EXPLANATIONS["hidden"])
    widths = []
    with st.container(horizontal=True):
        for i in range(count):
            key = setting_key(f"width_{i}")
            st.session_state.setdefault(key, 64)
            width = st.number_input(
                f"Neurons in layer {i + 1}", 1, MAX_WIDTH, key=key, persist_state="session", width=in_pixels(130)
            )
            widths.append(width)
    return tuple(widths)


def show_preview(settings: Settings) -> None:
    """Show some training images as they are, and below each as the network may see it."""
    random = np.random.default_rng(settings.seed)
    try:
        images = preview_images()
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
def preview_images() -> np.ndarray:
    """Return the first training images, uint8 [N, 28, 28]. Raises MnistError."""
    return load_mnist().x_train[:PREVIEW_IMAGES].copy()


def show_refused_settings(settings: Settings) -> None:
    """Show which settings of the link cannot be chosen, as long as their defaults are still set instead."""
    refused = st.session_state.get("refused_settings", [])
    standing = [LABELS[name] for name in refused if getattr(settings, name) == getattr(QUICK, name)]
    if standing:
        st.warning(
            f"The link asks for something that cannot be chosen: {', '.join(standing)}. "
            "The default is set instead: choose what you meant, or ask for the link again."
        )
