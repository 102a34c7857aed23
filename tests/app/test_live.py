"""What browsers are sent so that they can read a drawing themselves."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()


def sent(app: AppTest) -> tuple[dict[str, Any], bytes]:
    """What the browser's part is given: the frame, and its content."""
    part = next(each.proto for each in app.get("bidi_component") if each.proto.component_name == "inkling_live")
    end = 4 + int.from_bytes(part.bytes[:4], "little")
    return json.loads(part.bytes[4:end]), part.bytes[end:]


def test_a_network_is_sent_once_when_it_is_asked_for(app: AppTest) -> None:
    frame, content = sent(app)
    assert len(frame["networks"]) == 1
    assert frame["content"] is None
    assert content == b""
    app.session_state["wanted_network"] = frame["networks"][0]
    app.run()
    frame, content = sent(app)
    assert frame["content"] == frame["networks"][0]
    assert 1_300_000 < len(content) < 1_400_000
    app.run()
    assert sent(app)[1] == b""


def test_what_is_not_on_the_page_is_not_sent(app: AppTest) -> None:
    for wish in ("", "robust", "0" * 16, None, 7):
        app.session_state["wanted_network"] = wish
        app.run()
        assert not app.exception
        assert sent(app)[1] == b""


def test_networks_are_named_in_the_order_of_their_answers(app: AppTest) -> None:
    robust = sent(app)[0]["networks"][0]
    app.segmented_control(key="network").set_value("notebook").run()
    notebook = sent(app)[0]["networks"][0]
    assert notebook != robust
    app.toggle(key="compare").set_value(True).run()
    assert sent(app)[0]["networks"] == [notebook, robust]


def test_a_number_is_left_to_the_server(app: AppTest) -> None:
    app.toggle(key="whole_number").set_value(True).run()
    assert not app.exception
    assert not [each for each in app.get("bidi_component") if each.proto.component_name == "inkling_live"]
