"""Corrupted test images, without a browser."""

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import load_network
from model.corruption import Corruption, corrupt
from model.evaluate import predict_images
from model.mnist import load_mnist
from model.network import Network
from pages.widgets.networks import network_cache
from pages.widgets.networks.network_cache import NetworkCache
from pages.widgets.test_set import corruption

MNIST = load_mnist()
NAMES = ("Simple", "Robust")


def page() -> None:
    from pages.widgets.networks.mnist_predictions import cached_mnist
    from pages.widgets.networks.picker import cached_network
    from pages.widgets.test_set.corruption import show_corruption

    networks = {"Simple": cached_network("notebook"), "Robust": cached_network("robust")}
    show_corruption(networks, cached_mnist())


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(corruption, "accuracies", NetworkCache())
    app = AppTest.from_function(page, default_timeout=120).run()
    assert not app.exception
    return app


def move_slider(app: AppTest, field: str, value: float) -> None:
    app.slider(f"corruption_{field}").set_value(value).run()
    assert not app.exception


def accuracies(app: AppTest) -> list[str]:
    return [metric.value for metric in app.metric]


def expected_accuracies(settings: Corruption) -> list[str]:
    images = corrupt(MNIST.x_test, settings)
    read = (predict_images(load_network(name), images).argmax(axis=1) for name in ("notebook", "robust"))
    return [f"{np.mean(answers == MNIST.y_test):.2%}" for answers in read]


def test_images_begin_without_corruption(app: AppTest) -> None:
    assert accuracies(app) == ["97.45%", "99.53%"]
    assert app.button("corruption_reset").disabled


def test_sliders_corrupt_all_test_images_and_reset_restores_them(app: AppTest) -> None:
    for field, value in (("rotation", 30), ("right", -2), ("down", 1), ("pen", 0.5), ("noise", 10)):
        move_slider(app, field, value)
    assert accuracies(app) == expected_accuracies(Corruption(pen=0.5, rotation=30, right=-2, down=1, noise=0.1))
    app.button("corruption_reset").click().run()
    assert accuracies(app) == ["97.45%", "99.53%"]
    assert app.slider("corruption_rotation").value == 0


@pytest.mark.parametrize(
    ("field", "value", "settings"),
    [
        ("rotation", -90, Corruption(rotation=-90)),
        ("right", 10, Corruption(right=10)),
        ("down", -10, Corruption(down=-10)),
        ("pen", -1.0, Corruption(pen=-1)),
        ("pen", 2.0, Corruption(pen=2)),
        ("noise", 100, Corruption(noise=1)),
    ],
)
def test_slider_ends_corrupt_all_test_images(app: AppTest, field: str, value: float, settings: Corruption) -> None:
    move_slider(app, field, value)
    assert accuracies(app) == expected_accuracies(settings)


def test_examples_mark_wrong_answers(app: AppTest) -> None:
    move_slider(app, "rotation", 90)
    (examples,) = (html.proto.body for html in app.get("html") if 'class="corrupted"' in html.proto.body)
    captions = re.findall(r"<figcaption>(?:<strong>)?(\d)( ✗)?", examples)
    assert len(captions) == 20
    for place, (read, wrong) in enumerate(captions):
        assert bool(wrong) == (int(read) != place // 2)
    assert any(wrong for _, wrong in captions)


def test_moved_slider_adds_points_to_its_curve(app: AppTest) -> None:
    for degrees in (30, -45):
        move_slider(app, "rotation", degrees)
    points = corruption.curve_points(networks(), dict.fromkeys(corruption.SLIDERS, 0), "rotation")
    assert sorted(set(points["place"])) == [-45, 0, 30]
    assert set(points["network"]) == set(NAMES)


def networks() -> dict[str, Network]:
    from pages.widgets.networks.picker import cached_network

    return {"Simple": cached_network("notebook"), "Robust": cached_network("robust")}


def test_drawn_curve_gets_all_its_points(app: AppTest) -> None:
    app.segmented_control("corruption_over").set_value("pen").run()
    app.button("corruption_draw").click().run()
    for _ in range(13):
        app.run()
    assert not app.exception
    points = corruption.curve_points(networks(), dict.fromkeys(corruption.SLIDERS, 0), "pen")
    assert sorted(set(points["place"])) == [step / 4 for step in range(-4, 9)]
    assert app.button("corruption_draw").disabled


def test_simultaneous_visitors_get_the_same_accuracies_while_the_cache_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(corruption, "accuracies", NetworkCache())
    monkeypatch.setattr(network_cache, "MAX_VALUES", 1)
    notebook = {"Simple": networks()["Simple"]}
    settings = [Corruption(right=pixels) for pixels in (0, 1, 2)] * 20
    with ThreadPoolExecutor(8) as visitors:
        found = list(
            visitors.map(lambda each: corruption.measure_accuracies(notebook, MNIST, each)["Simple"], settings)
        )
    assert found == found[:3] * 20
    assert found[0] == 0.9745
