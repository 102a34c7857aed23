"""Browsers get what they need to read a drawing themselves."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()


def live_data(app: AppTest) -> dict[str, Any]:
    """Return the data of the component that reads in the browser."""
    part = next(each.proto for each in app.get("bidi_component") if each.proto.component_name == "inkling_live")
    data: dict[str, Any] = json.loads(part.bytes)
    return data


def test_a_network_keeps_its_address_between_runs(app: AppTest) -> None:
    (robust,) = live_data(app)["networks"]
    assert robust.endswith(".gz")
    assert live_data(app.run())["networks"] == [robust]


def test_networks_are_listed_in_the_order_of_their_answers(app: AppTest) -> None:
    robust = live_data(app)["networks"][0]
    app.segmented_control(key="network").set_value("notebook").run()
    notebook = live_data(app)["networks"][0]
    assert notebook != robust
    app.toggle(key="compare").set_value(True).run()
    assert live_data(app)["networks"] == [notebook, robust]


def test_without_streamlits_media_manager_the_server_answers_alone(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("streamlit.runtime.media_file_manager.MediaFileManager.add")
    app.run()
    assert not app.exception
    assert live_data(app)["networks"] == [None]


def test_a_multi_digit_number_has_no_live_preview(app: AppTest) -> None:
    app.toggle(key="whole_number").set_value(True).run()
    assert not app.exception
    assert not [each for each in app.get("bidi_component") if each.proto.component_name == "inkling_live"]
