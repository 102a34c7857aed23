"""What browsers are told so that they can read a drawing themselves."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()


def told(app: AppTest) -> dict[str, Any]:
    """What the browser's part is given."""
    part = next(each.proto for each in app.get("bidi_component") if each.proto.component_name == "inkling_live")
    data: dict[str, Any] = json.loads(part.bytes)
    return data


def test_a_network_keeps_its_address_so_that_browsers_keep_the_network(app: AppTest) -> None:
    (robust,) = told(app)["networks"]
    assert robust.endswith(".gz")
    assert told(app.run())["networks"] == [robust]


def test_networks_are_named_in_the_order_of_their_answers(app: AppTest) -> None:
    robust = told(app)["networks"][0]
    app.segmented_control(key="network").set_value("notebook").run()
    notebook = told(app)["networks"][0]
    assert notebook != robust
    app.toggle(key="compare").set_value(True).run()
    assert told(app)["networks"] == [notebook, robust]


def test_where_streamlit_has_no_place_for_networks_the_server_answers_alone(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("streamlit.runtime.media_file_manager.MediaFileManager.add")
    app.run()
    assert not app.exception
    assert told(app)["networks"] == [None]


def test_a_number_is_left_to_the_server(app: AppTest) -> None:
    app.toggle(key="whole_number").set_value(True).run()
    assert not app.exception
    assert not [each for each in app.get("bidi_component") if each.proto.component_name == "inkling_live"]
