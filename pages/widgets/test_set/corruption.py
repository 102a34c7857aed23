"""How many test images are still read right when they are turned, shifted, noisy or drawn with another pen."""

from functools import cache, partial
from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.corruption import Corruption, corrupt
from model.evaluate import predict_images
from model.mnist import Mnist
from model.network import Network
from model.number_format import as_percent, with_article
from pages.widgets.digit.latest_experiment import start_over
from pages.widgets.networks.mnist_predictions import accuracy_of
from pages.widgets.networks.network_cache import NetworkCache
from pages.widgets.ui.charts import PADDING, Specification, pair_legend, pair_scale, show_chart, specification
from pages.widgets.ui.images import image_html
from pages.widgets.ui.palette import NEUTRAL, SHAPES


class Slider(NamedTuple):
    """A way to corrupt images, and how far it goes."""

    name: str
    label: str
    lowest: float
    highest: float
    step: float
    places_per_point: int = 1  # of a curve
    unit: float = 1  # times this, a place is what `Corruption` takes

    @property
    def places(self) -> list[float]:
        """Return the places where the slider can stand."""
        steps = round((self.highest - self.lowest) / self.step)
        return [self.lowest + i * self.step for i in range(steps + 1)]


SLIDERS = {
    "rotation": Slider("rotation", "Rotation in degrees, clockwise", -90, 90, 5, places_per_point=2),
    "right": Slider("shift right", "Shift to the right in pixels", -10, 10, 1),
    "down": Slider("shift down", "Shift down in pixels", -10, 10, 1),
    "pen": Slider("pen", "Pen: wider by pixels on each side; below 0 thinner", -1.0, 2.0, 0.25),
    "noise": Slider("noise", "Noise in % of full ink (standard deviation)", 0, 100, 5, unit=0.01),
}
HEIGHT = 320
POINTS, HERE = "points", "here"  # the chart's names for its data
POINT_INTERVAL = 0.1  # seconds between two points of a curve that is being drawn
# Keys of the session: the slider that a curve goes over, and the curve that is being drawn. While none is, the latter
# holds STOPPED or NEXT. NEXT is the curve that the next run shows, which may differ from the one that was clicked.
CURVE, DRAWING = "corruption_over", "corruption_drawing"
STOPPED, NEXT = "stopped", "next"

Settings = dict[str, float]  # where each slider stands

# The share read right for each network and corruption, shared by all visitors
accuracies: NetworkCache[float] = NetworkCache()


def show_corruption(networks: dict[str, Network], mnist: Mnist) -> None:
    """Show the sliders, ten corrupted images, the accuracy, and a curve of it. networks: by their names for people."""
    st.markdown(
        "All 10,000 test images are corrupted in the same way. A network knows what it was trained on: *Simple* saw "
        "MNIST as it is; *Robust* also saw digits that were bent, tilted, or written with other pens. Neither saw "
        "shifted digits, but a network that you train yourself can. A dense network has a weight for each pixel: if a "
        "digit is shifted by a few pixels, its ink meets other weights, and the network sees another picture. That is "
        "why the page *Draw* moves your digit to the middle."
    )
    settings = choose_settings()
    corruption = corruption_of(settings)
    shares_right = measure_accuracies(networks, mnist, corruption)
    show_examples(networks, mnist, corruption)
    for column, (name, network) in zip(st.columns(2), networks.items(), strict=False):
        column.metric(f"{name}: test images read right", as_percent(shares_right[name]))
        column.caption(f"Original images: {as_percent(accuracy_of(network, mnist))}")
    show_curve(networks, mnist, settings)


def slider_key(field: str) -> str:
    """Return the session's key of a slider."""
    return f"corruption_{field}"


def preselect_slider(field: str, place: float) -> None:
    """Corrupt the images with this slider alone, and have the curve go over it. To be called in a callback."""
    reset_sliders()
    st.session_state.update({slider_key(field): place, CURVE: field})


def choose_settings() -> Settings:
    """Let the visitor move the sliders; return their places, in their own units."""
    for field in SLIDERS:
        st.session_state.setdefault(slider_key(field), neutral_place(field))
    columns = [column for _ in range(0, len(SLIDERS), 2) for column in st.columns(2)]  # row by row, also on a phone
    for column, (field, slider) in zip(columns, SLIDERS.items(), strict=False):
        column.slider(
            slider.label,
            slider.lowest,
            slider.highest,
            step=slider.step,
            key=slider_key(field),
            persist_state="session",
        )
    settings: Settings = {field: st.session_state[slider_key(field)] for field in SLIDERS}
    is_neutral, reset = not any(settings.values()), ("test_set", reset_sliders)
    columns[-1].button("Reset", key="corruption_reset", on_click=start_over, args=reset, disabled=is_neutral)
    return settings


def reset_sliders() -> None:
    """Leave the images as they are."""
    st.session_state.update({slider_key(field): neutral_place(field) for field in SLIDERS})


def neutral_place(field: str) -> float:
    """Return where a slider changes nothing: 0, int or float as its step, because Streamlit wants one type."""
    return type(SLIDERS[field].step)(0)


def corruption_of(settings: Settings) -> Corruption:
    """Return what the sliders ask for."""
    return Corruption(**{field: place * SLIDERS[field].unit for field, place in settings.items()})


def measure_accuracies(networks: dict[str, Network], mnist: Mnist, corruption: Corruption) -> dict[str, float]:
    """Return the share of corrupted test images that each network reads right, by the networks' names."""
    corrupted = cache(lambda: corrupt(mnist.x_test, corruption))  # once for both networks, and only if needed

    def share_right(network: Network) -> float:
        return float(np.mean(predict_images(network, corrupted()).argmax(axis=1) == mnist.y_test))

    return {
        name: accuracies.get(network, partial(share_right, network), corruption) for name, network in networks.items()
    }


def show_examples(networks: dict[str, Network], mnist: Mnist, corruption: Corruption) -> None:
    """Show the first test image of each digit, corrupted, and what the networks read in it."""
    numbers = [int(np.argmax(mnist.y_test == digit)) for digit in range(10)]
    images = corrupt(mnist.x_test[numbers], corruption)
    read = {name: predict_images(network, images).argmax(axis=1) for name, network in networks.items()}
    figures = (
        f"<figure>{image_html(image, f'{with_article(digit).capitalize()}, corrupted')}"
        + "".join(f"<figcaption>{digit_html(int(read[name][digit]), digit)}</figcaption>" for name in networks)
        + "</figure>"
        for digit, image in enumerate(images)
    )
    st.html(f'<div class="corrupted">{"".join(figures)}</div>')
    readers = " and, below, ".join(networks)
    st.caption(f"The first test image of each digit, as read by {readers}; ✗ marks a wrong answer.")


def digit_html(read: int, label: int) -> str:
    """Return the digit read, marked if it is wrong."""
    return str(read) if read == label else f"<strong>{read} ✗</strong>"


def show_curve(networks: dict[str, Network], mnist: Mnist, settings: Settings) -> None:
    """Show the accuracy over the range of one slider: the points known by now and, on request, the others."""
    field: str = st.segmented_control(
        "Accuracy over the range of",
        list(SLIDERS),
        default="rotation",
        format_func=lambda field: SLIDERS[field].name,
        required=True,
        key=CURVE,
        persist_state="session",
    )
    slider = SLIDERS[field]
    places = slider.places[:: slider.places_per_point]
    along_curve = [corruption_of(settings | {field: place}) for place in places]
    missing = [corruption for corruption in along_curve if is_missing(networks, corruption)]
    # Once any of these changes, the curve that is being drawn is no longer this one.
    curve = (field, tuple(networks), tuple(settings[other] for other in SLIDERS if other != field))
    if st.session_state.setdefault(DRAWING, STOPPED) == NEXT:
        st.session_state[DRAWING] = curve
    is_drawing = bool(missing) and st.session_state[DRAWING] == curve

    @st.fragment(run_every=POINT_INTERVAL if is_drawing else None)
    def show_growing_curve() -> None:
        left = [corruption for corruption in missing if is_missing(networks, corruption)]
        if is_drawing and (not left or st.session_state[DRAWING] != curve):
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            if is_drawing:
                st.button("Stop", key="corruption_stop", on_click=set_drawing, args=(STOPPED,))
                st.progress(1 - len(left) / len(places), f"{len(places) - len(left)} of {len(places)} points")
            elif st.button(
                "Draw the curve", key="corruption_draw", on_click=set_drawing, args=(NEXT,), disabled=not missing
            ):
                st.rerun()
        tables = {POINTS: curve_points(networks, settings, field), HERE: pd.DataFrame({"place": [settings[field]]})}
        show_chart(curve_chart(slider, tuple(networks)), "corruption_chart", tables)
        if is_drawing:
            measure_accuracies(networks, mnist, left[0])

    show_growing_curve()
    st.caption(
        "The dashed line marks where the slider stands. Each point is the accuracy on all 10,000 images. Moving the "
        "slider adds points, too, and they stay."
    )


def set_drawing(state: str) -> None:
    """Draw the curve that is shown next (NEXT), or none (STOPPED)."""
    st.session_state[DRAWING] = state


def is_missing(networks: dict[str, Network], corruption: Corruption) -> bool:
    """Return whether a network's accuracy is not known yet."""
    return any(accuracies.known(network, corruption) is None for network in networks.values())


def curve_points(networks: dict[str, Network], settings: Settings, field: str) -> pd.DataFrame:
    """Return the known points of a curve, one a row: place, accuracy, network."""
    rows = [
        {"place": place, "accuracy": accuracy, "network": name}
        for place in SLIDERS[field].places
        for name, network in networks.items()
        if (accuracy := accuracies.known(network, corruption_of(settings | {field: place}))) is not None
    ]
    return pd.DataFrame(rows, columns=["place", "accuracy", "network"])


@st.cache_data(show_spinner=False)
def curve_chart(slider: Slider, names: tuple[str, ...]) -> Specification:
    """Return the chart, without its data."""
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
    title = "Accuracy on corrupted test images"
    chart = (here + line + points).properties(
        height=HEIGHT, padding=PADDING, title=title, description=f"{title} by {slider.name}"
    )
    return specification(chart)
