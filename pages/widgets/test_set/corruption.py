"""Spoil the test images and see how many are still read right."""

from functools import cache, partial
from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.corruption import Corruption, corrupt
from model.evaluate import read_images
from model.mnist import Mnist
from model.network import Network
from model.wording import as_percent, with_article
from pages.widgets.app.navigation import request_page_rerun
from pages.widgets.digit.latest_experiment import end_experiment
from pages.widgets.networks.mnist_predictions import accuracy_of
from pages.widgets.networks.network_cache import NetworkCache
from pages.widgets.ui.charts import PADDING, Specification, pair_legend, pair_scale, show_chart, specification
from pages.widgets.ui.images import image_html
from pages.widgets.ui.palette import NEUTRAL, SHAPES


class Slider(NamedTuple):
    """A way to spoil, and how far."""

    name: str
    label: str
    lowest: float
    highest: float
    step: float
    curve: int = 1  # a curve takes every so many of the slider's places
    unit: float = 1  # in that of `Corruption`

    @property
    def places(self) -> list[float]:
        """Where it can stand."""
        steps = round((self.highest - self.lowest) / self.step)
        return [self.lowest + i * self.step for i in range(steps + 1)]


SLIDERS = {
    "rotation": Slider("rotation", "Rotation in degrees, clockwise", -90, 90, 5, curve=2),
    "right": Slider("shift right", "Shift to the right in pixels", -10, 10, 1),
    "down": Slider("shift down", "Shift down in pixels", -10, 10, 1),
    "pen": Slider("pen", "Pen: wider by pixels on each side; below 0 thinner", -1.0, 2.0, 0.25),
    "noise": Slider("noise", "Noise in % of full ink (standard deviation)", 0, 100, 5, unit=0.01),
}
HEIGHT = 320
POINTS, HERE = "points", "here"  # the chart's names for its data
EVERY = 0.1  # seconds: how soon the next point of a curve follows
# Which curve is drawn, where it is none: the one that the next run shows, which may not be what is there at the click
STOPPED, NEXT = "stopped", "next"

Settings = dict[str, float]  # where each slider stands

# What was found out for each network and way to spoil, by all visitors together
accuracies: NetworkCache[float] = NetworkCache()


def show_corruption(networks: dict[str, Network], mnist: Mnist) -> None:
    """The sliders, ten spoiled images, the accuracy, and a curve of it; networks: by their names for people."""
    st.markdown(
        "All 10,000 test images are spoiled in the same way. A network knows what it was trained on: *Simple* saw "
        "MNIST as it is; *Robust* saw bent and tilted digits, too, written with many pens. Neither saw "
        "shifted ones; a network that you train yourself can. A dense network has a weight for each pixel: where a "
        "digit is shifted by a few pixels, it meets other weights, and to the network it is another picture. That is "
        "why the page *Draw* moves yours to the middle."
    )
    settings = choose_settings()
    how = corruption_of(settings)
    computed = compute(networks, mnist, how)
    show_examples(networks, mnist, how)
    for place, (name, network) in zip(st.columns(2), networks.items(), strict=False):
        with place:
            st.metric(f"{name}: test images read right", as_percent(computed[name]))
            st.caption(f"Unspoiled: {as_percent(accuracy_of(network, mnist))}")
    show_curve(networks, mnist, settings)


def key_of(field: str) -> str:
    """A slider's key."""
    return f"spoil_{field}"


def choose_settings() -> Settings:
    """The sliders' places, in their units."""
    for field in SLIDERS:
        st.session_state.setdefault(key_of(field), nothing(field))
    places = [place for _ in range(0, len(SLIDERS), 2) for place in st.columns(2)]  # row by row, also on a phone
    for place, (field, slider) in zip(places, SLIDERS.items(), strict=False):
        with place:
            st.slider(
                slider.label,
                slider.lowest,
                slider.highest,
                step=slider.step,
                key=key_of(field),
                persist_state="session",
            )
    settings: Settings = {field: st.session_state[key_of(field)] for field in SLIDERS}
    with places[-1]:
        st.button("Reset", key="spoil_reset", on_click=start_over, disabled=not any(settings.values()))
    return settings


def reset() -> None:
    """Leave the images as they are."""
    st.session_state.update({key_of(field): nothing(field) for field in SLIDERS})


def start_over() -> None:
    """Leave the images as they are; an experiment that spoiled them is over."""
    reset()
    end_experiment("test_set")
    request_page_rerun()


def nothing(field: str) -> float:
    """Where a slider stands that changes nothing; a number of its own type, as Streamlit wants it."""
    return type(SLIDERS[field].step)(0)


def corruption_of(settings: Settings) -> Corruption:
    """What the sliders ask for."""
    return Corruption(**{field: place * SLIDERS[field].unit for field, place in settings.items()})


def compute(networks: dict[str, Network], mnist: Mnist, how: Corruption) -> dict[str, float]:
    """How often the networks are right on images that are spoiled like this, by their names."""
    spoiled = cache(lambda: corrupt(mnist.x_test, how))  # for both networks, where either needs it

    def share_right(network: Network) -> float:
        return float(np.mean(read_images(network, spoiled()).argmax(axis=1) == mnist.y_test))

    return {name: accuracies.get(network, partial(share_right, network), how) for name, network in networks.items()}


def show_examples(networks: dict[str, Network], mnist: Mnist, how: Corruption) -> None:
    """The first test image of each digit, spoiled, and what the networks read in it."""
    numbers = [int(np.argmax(mnist.y_test == digit)) for digit in range(10)]
    images = corrupt(mnist.x_test[numbers], how)
    read = {name: read_images(network, images).argmax(axis=1) for name, network in networks.items()}
    figures = (
        f"<figure>{image_html(image, f'{with_article(digit).capitalize()}, spoiled')}"
        + "".join(f"<figcaption>{answer(int(read[name][digit]), digit)}</figcaption>" for name in networks)
        + "</figure>"
        for digit, image in enumerate(images)
    )
    whose = " and, below, ".join(networks)
    st.html(f'<div class="spoiled">{"".join(figures)}</div>')
    st.caption(f"The first test image of each digit, and what it is read as by {whose}; ✗ is wrong.")


def answer(read: int, label: int) -> str:
    """A digit read, marked where it is wrong."""
    return str(read) if read == label else f"<strong>{read} ✗</strong>"


def show_curve(networks: dict[str, Network], mnist: Mnist, settings: Settings) -> None:
    """Accuracy over the range of one slider, the others where they are: what is known, and the rest on request."""
    field: str = st.segmented_control(
        "Accuracy over the range of",
        list(SLIDERS),
        default="rotation",
        format_func=lambda field: SLIDERS[field].name,
        required=True,
        key="spoil_over",
        persist_state="session",
    )
    slider = SLIDERS[field]
    places = slider.places[:: slider.curve]
    missing = [how for place in places if is_missing(networks, how := corruption_of(settings | {field: place}))]
    # What is drawn: with any other choice, the drawing is over.
    curve = (field, tuple(networks), tuple(settings[other] for other in SLIDERS if other != field))
    if st.session_state.setdefault("spoil_drawn", STOPPED) == NEXT:
        st.session_state["spoil_drawn"] = curve
    is_drawn = bool(missing) and st.session_state["spoil_drawn"] == curve

    @st.fragment(run_every=EVERY if is_drawn else None)
    def grow() -> None:
        left = [how for how in missing if is_missing(networks, how)]
        if is_drawn and (not left or st.session_state["spoil_drawn"] != curve):
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            if is_drawn:
                st.button("Stop", key="spoil_stop", on_click=draw, args=(STOPPED,))
                st.progress(1 - len(left) / len(places), f"{len(places) - len(left)} of {len(places)} points")
            elif st.button("Draw the curve", key="spoil_draw", on_click=draw, args=(NEXT,), disabled=not missing):
                st.rerun()
        tables = {POINTS: points(networks, settings, field), HERE: pd.DataFrame({"place": [settings[field]]})}
        show_chart(curve_chart(slider, tuple(networks)), "spoil_curve", tables)
        if is_drawn:
            compute(networks, mnist, left[0])

    grow()
    st.caption(
        "The dashed line is where the slider stands. Each point is the accuracy on all 10,000 images, and stays known: "
        "moving the slider adds one, too."
    )


def draw(what: str) -> None:
    """Begin to draw the curve that is shown next, or stop."""
    st.session_state["spoil_drawn"] = what


def is_missing(networks: dict[str, Network], how: Corruption) -> bool:
    """Whether there is something yet to find out."""
    return any(accuracies.known(network, how) is None for network in networks.values())


def points(networks: dict[str, Network], settings: Settings, field: str) -> pd.DataFrame:
    """What is known of the curve: a row a point."""
    slider = SLIDERS[field]
    rows = [
        {"place": place, "accuracy": accuracy, "network": name}
        for place in slider.places
        for name, network in networks.items()
        if (accuracy := accuracies.known(network, corruption_of(settings | {field: place}))) is not None
    ]
    return pd.DataFrame(rows, columns=["place", "accuracy", "network"])


@st.cache_data(show_spinner=False)
def curve_chart(slider: Slider, names: tuple[str, ...]) -> Specification:
    """The chart without its data."""
    range_of_x = alt.Scale(domain=[slider.lowest, slider.highest], nice=False)
    base = alt.Chart(alt.NamedData(POINTS)).encode(
        x=alt.X("place:Q", title=slider.label, scale=range_of_x),
        y=alt.Y(
            "accuracy:Q",
            title="Test images read right",
            axis=alt.Axis(format=".0%"),
            scale=alt.Scale(domain=[0, 1]),
        ),
        color=alt.Color("network:N", title=None, scale=pair_scale(names), legend=pair_legend(names)),
        tooltip=[
            alt.Tooltip("network:N", title="Network"),
            alt.Tooltip("place:Q", title=slider.label),
            alt.Tooltip("accuracy:Q", title="Read right", format=".2%"),
        ],
    )
    here = alt.Chart(alt.NamedData(HERE)).mark_rule(aria=False, color=NEUTRAL, strokeDash=[4, 4]).encode(x="place:Q")
    line = base.mark_line(aria=False, point=False)
    points = base.mark_point(aria=False, filled=True, size=60).encode(
        shape=alt.Shape("network:N", title=None, scale=alt.Scale(domain=list(names), range=SHAPES))
    )
    chart = here + line + points
    about = f"Accuracy on spoiled test images by {slider.name}"
    title = "Accuracy on spoiled test images"
    return specification(chart.properties(height=HEIGHT, padding=PADDING, title=title, description=about))
