"""Training your own network, without a browser: controls, address, code, and a real training with its result."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from model.bundled_networks import BUNDLED
from model.files.keras_file import read_keras
from model.mnist import MnistError
from model.training.export import script
from model.training.settings import NOTEBOOK, QUICK, Settings, from_address, to_address
from model.training.training_record import Record
from pages.widgets.networks.session_networks import MAX_RUNS
from pages.widgets.training.job_view import job_queue, queue_sentence, rounded_time
from pages.widgets.training.settings_form import STARTING_POINTS, preview_images

ROOT = Path(__file__).parents[2]
SMALL = replace(QUICK, images=600, epochs=2)
LONG = replace(QUICK, images=60_000, epochs=50)  # takes until it is stopped, on any machine


@pytest.fixture(scope="module", autouse=True)
def one_job_queue() -> Iterator[None]:
    yield
    job_queue().close()
    st.cache_resource.clear()


def open_page(settings: Settings = QUICK, **address: str) -> AppTest:
    """Open the page by a link with these settings."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    app.switch_page("pages/training.py")
    for name, value in (to_address(settings) | address).items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def settings_in_address(app: AppTest) -> Settings:
    # AppTest returns a list for a parameter that the app has set, and text for one that the test has set.
    texts = {name: value if isinstance(value, str) else value[0] for name, value in dict(app.query_params).items()}
    settings, refused = from_address(texts)
    assert refused == []
    return settings


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception


def wait_until(app: AppTest, condition: Callable[[Record], bool]) -> None:
    """Wait until the visitor's latest training meets the condition, and the page shows it."""
    deadline = time.monotonic() + 240  # seconds, however busy the machine is
    while not condition(app.session_state["runs"].job.record):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    app.run()
    assert not app.exception


def wait_for_end(app: AppTest) -> None:
    wait_until(app, lambda record: not record.is_active)


def code_of(app: AppTest) -> Any:
    return app.code[0].value.strip()


def test_link_sets_controls_and_code() -> None:
    settings = Settings((30, 20), "tanh", "sgd", 0.1, 64, 7, 0.2, 10, 1, 20, 2000, 42)
    app = open_page(settings)
    assert app.selectbox(key="setting_activation").value == "tanh"
    assert app.slider(key="setting_hidden").value == 2
    assert app.number_input(key="setting_width_1").value == 20
    assert app.select_slider(key="setting_learning_rate").value == 0.1
    assert code_of(app) == script(settings).strip()
    assert settings_in_address(app) == settings
    assert app.warning == [] or not app.warning


def test_controls_set_link_and_code() -> None:
    app = open_page()
    app.slider(key="setting_hidden").set_value(3).run()
    app.number_input(key="setting_width_2").set_value(7).run()
    app.select_slider(key="setting_epochs").set_value(9).run()
    wanted = replace(QUICK, hidden=(64, 64, 7), epochs=9)
    assert settings_in_address(app) == wanted
    assert code_of(app) == script(wanted).strip()
    assert f"{wanted.parameters:,} parameters" in " ".join(markdown.value for markdown in app.markdown)
    app.slider(key="setting_hidden").set_value(0).run()
    assert settings_in_address(app) == replace(wanted, hidden=())


def test_nonsense_in_link_falls_back_to_default_and_is_named() -> None:
    app = open_page(QUICK, epochs="1e9", activation="<b>", hidden="64-0", seed="7", other="x")
    assert not app.exception
    (warning,) = app.warning
    assert "Hidden layers, Activation, Epochs" in warning.value
    assert "<b>" not in warning.value
    assert settings_in_address(app) == replace(QUICK, seed=7)
    app.select_slider(key="setting_epochs").set_value(9).run()
    assert "Epochs" not in app.warning[0].value


def test_starting_point_ends_experiment() -> None:
    app = open_page()
    press(app, "600 images")
    assert any("Press *Train*" in info.value for info in app.info)
    press(app, "Quick")
    assert not any("Press *Train*" in info.value for info in app.info)


@pytest.mark.parametrize("name", STARTING_POINTS)
def test_starting_point_takes_one_click(name: str) -> None:
    app = open_page(replace(QUICK, hidden=(5, 5, 5), rotation=45))
    press(app, name)
    assert settings_in_address(app) == STARTING_POINTS[name][0]


def test_notebook_settings_warn_about_validating_on_test_images() -> None:
    app = open_page(NOTEBOOK)
    assert "validates on the test images" in app.info[0].value
    assert not open_page(replace(NOTEBOOK, epochs=3)).info


def test_deformed_images_are_previewed() -> None:
    assert not any('class="mosaic"' in html.proto.body for html in open_page().get("html"))
    assert any('class="mosaic"' in html.proto.body for html in open_page(replace(QUICK, rotation=20)).get("html"))


def test_missing_data_set_is_explained_in_preview(monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_missing() -> None:
        raise MnistError("The file mnist.npz is missing: restore it.")

    monkeypatch.setattr("pages.widgets.training.settings_form.load_mnist", raise_missing)
    preview_images.clear()
    assert "restore it" in open_page(replace(QUICK, rotation=20)).error[0].value


def test_trained_network_reaches_draw_page() -> None:
    job_queue().close()
    st.cache_resource.clear()  # as in a server that has just started
    app = open_page(SMALL)
    facts = " ".join(markdown.value for markdown in app.markdown)
    assert "TensorFlow takes a few seconds to start." in facts
    assert "latest trainings" not in facts
    press(app, "Train")
    assert app.button(key="train").disabled
    wait_for_end(app)
    assert "of the test images right, after 2 epochs" in app.success[0].value
    record = app.session_state["runs"].job.record
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels[:3] == ["Network (.keras)", "Script (.py)", "Notebook (.ipynb)"]
    assert [layer.weights.shape for layer in read_keras(record.keras_file).layers] == [(784, 64), (64, 64), (64, 10)]
    assert list(app.dataframe[0].value["name"]) == ["Mine 1"]

    press(app, "One more epoch")
    wait_for_end(app)
    assert "after 3 epochs" in app.success[0].value
    assert any("The latest trainings on this server took about" in markdown.value for markdown in app.markdown)
    assert list(app.dataframe[0].value["epochs"]) == [3]

    app.select_slider(key="setting_epochs").set_value(1).run()
    press(app, "Train")
    wait_for_end(app)
    assert list(app.dataframe[0].value["name"]) == ["Mine 1", "Mine 2"]
    assert app.pills(key="overlay_2").value == ["Mine 1", "Mine 2"]

    assert any("It appears on Draw as “Mine 2”, and is chosen already." in each.value for each in app.caption)

    app.switch_page("pages/draw.py").run()
    assert not app.exception
    chooser = app.segmented_control(key="network")
    assert chooser.options == ["Robust", "Simple", "Mine 1", "Mine 2"]
    assert chooser.value == "Mine 2"
    chooser.set_value("Mine 1").run()
    assert not app.exception
    assert any("You trained it: 64-64 ReLU, Adam 0.001, batch 32, 600 images" in c.value for c in app.caption)

    other = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    assert other.segmented_control(key="network").options == ["Robust", "Simple"]

    app.switch_page("pages/training.py").run()
    assert list(app.dataframe[0].value["name"]) == ["Mine 1", "Mine 2"]
    assert settings_in_address(app) == replace(SMALL, epochs=1), "the controls must be as they were"
    app.switch_page("pages/draw.py").run()
    assert app.segmented_control(key="network").value == "Mine 1", "the visitor's own choice must stay"


def test_two_sessions_take_turns() -> None:
    first, second = open_page(replace(LONG, seed=1)), open_page(replace(SMALL, seed=2))
    press(first, "Train")
    press(second, "Train")
    assert any("You are 2nd: one training is ahead of yours" in info.value for info in second.info)
    third = open_page(SMALL)
    press(third, "Train")
    press(third, "Leave the queue")
    assert any("You left the queue" in info.value for info in third.info)
    assert not third.button(key="train").disabled
    wait_until(first, lambda record: bool(record.points))
    press(first, "Stop")
    wait_for_end(first)
    wait_for_end(second)
    assert "after 2 epochs" in second.success[0].value
    records = [app.session_state["runs"].job.record for app in (first, second)]
    assert [record.settings.seed for record in records] == [1, 2]
    assert records[0].epochs_trained < 50


def test_page_works_without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    app = open_page()
    assert "TensorFlow is not installed on this server" in app.warning[0].value
    assert app.button(key="train").disabled
    assert code_of(app) == script(QUICK).strip()


def test_oldest_run_makes_room_and_choice_falls_back() -> None:
    app = open_page(SMALL)
    press(app, "Train")
    wait_for_end(app)
    app.switch_page("pages/draw.py").run()
    app.segmented_control(key="network").set_value("Mine 1").run()
    runs = app.session_state["runs"]
    runs.done |= {f"Mine {number}": runs.job.record for number in range(2, MAX_RUNS + 2)}
    runs.name = f"Mine {MAX_RUNS + 1}"
    app.run()
    assert not app.exception
    chooser = app.segmented_control(key="network")
    assert chooser.value == "robust"
    assert "Mine 1" not in chooser.options
    assert len(chooser.options) == 2 + MAX_RUNS


def test_upload_joins_networks_or_is_refused_with_reason() -> None:
    app = open_page()
    app.file_uploader[0].upload("mine.keras", (BUNDLED / "notebook" / "network.keras").read_bytes()).run()
    assert not app.exception
    assert "Loaded. It appears on Draw as “Uploaded 1”, and is chosen already." in app.success[0].value
    app.file_uploader[0].upload("<b>.keras", b"nonsense").run()
    assert not app.exception
    assert "not a whole .keras file" in app.error[0].value
    app.switch_page("pages/draw.py").run()
    assert app.segmented_control(key="network").value == "Uploaded 1"


def test_times_and_places_read_naturally() -> None:
    assert queue_sentence(1, 0.0) == "It is your turn."
    assert queue_sentence(2, None) == "You are 2nd: one training is ahead of yours."
    assert queue_sentence(4, 32) == "You are 4th: 3 trainings are ahead of yours. Your turn comes in about 30 s."
    assert [rounded_time(seconds) for seconds in (0, 4.4, 12, 97, 100, 600)] == [
        "about 1 s",
        "about 4 s",
        "about 10 s",
        "about 95 s",
        "about 2 min",
        "about 10 min",
    ]
