"""Closed to strangers: what a visitor who speaks Streamlit's protocol without a browser can and cannot do."""

import json
import re
import urllib.error
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLs, UploadedFileInfo
from websockets.exceptions import ConnectionClosed

from model.bundled_networks import BUNDLED
from tests.browser.server import Server
from tests.canvas_states import canvas_state
from tests.protocol_visitor import ProtocolVisitor

SEVEN = [(80.0, 60.0), (200.0, 60.0), (120.0, 230.0)]
NETWORK = (BUNDLED / "linear" / "network.keras").read_bytes()


@pytest.fixture
def stranger(server: Server) -> Iterator[ProtocolVisitor]:
    with ProtocolVisitor(server.url) as wire:
        yield wire.run()


@pytest.fixture
def other(server: Server) -> Iterator[ProtocolVisitor]:
    with ProtocolVisitor(server.url) as wire:
        yield wire.run()


def drawn(text: str | None = None) -> dict[str, dict[str, str]]:
    """Return a canvas' state as it is sent."""
    return {"canvas": {"json_value": json.dumps(canvas_state(SEVEN)) if text is None else text}}


def shown(wire: ProtocolVisitor) -> str:
    """Return everything on the page as text."""
    return "\n".join(str(content) for _, content in wire.elements.values())


def reads_seven(wire: ProtocolVisitor) -> bool:
    return 'data-testid=\\"prediction\\">7<' in shown(wire)


@pytest.mark.bounds
@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[" * 100_000,
        "1" * 5_000,
        "7",
        "[]",
        '{"drawing": 7}',
        '{"drawing": {"raw": [], "data": {}}}',
        '{"drawing": {"raw": {"objects": [[]]}, "data": "data:image/png;base64,AAAA"}}',
        '{"drawing": {"raw": {"objects": []}, "data": "data:image/png;base64,' + "A" * 3_000_000 + '"}}',
        '{"drawing": {"raw": {"objects": [' + "[]," * 1_000_000 + '[]]}, "data": ""}}',
    ],
    ids=range(11),
)
def test_a_malformed_canvas_does_not_end_the_session(stranger: ProtocolVisitor, text: str) -> None:
    stranger.run(drawn(text))
    assert not stranger.of_kind("exception")
    assert "This drawing cannot be read: press Clear and draw again." in shown(stranger)
    assert reads_seven(stranger.run(drawn()))


def test_an_oversized_message_ends_the_connection(stranger: ProtocolVisitor, other: ProtocolVisitor) -> None:
    with pytest.raises(ConnectionClosed):
        stranger.run({"canvas": {"json_value": json.dumps("x" * 4_000_000)}})
    assert reads_seven(other.run(drawn()))


@pytest.mark.bounds
def test_a_servers_first_message_is_bounded(own_server: Server, stranger: ProtocolVisitor) -> None:
    """The bound must stand before the page has run for the first time."""
    with ProtocolVisitor(own_server.url) as first:
        first.ids = stranger.ids  # another server has given the same widgets these ids
        first.run(drawn("no JSON") | {"new_session": {"json_trigger_value": "[" * 100_000}})
        assert not first.of_kind("exception")
        assert "This drawing cannot be read: press Clear and draw again." in shown(first)


def said(event: str, value: Any) -> dict[str, str]:
    """Return an event of one of the app's own components, as it is sent."""
    return {"json_trigger_value": json.dumps([{"event": event, "value": value}])}


@pytest.mark.parametrize("what", ["Burn", "", 7, ["Clear"], ["Clear", 7], ["Burn", "mark"], {"Clear": 1}, None])
@pytest.mark.parametrize(
    ("key", "event"),
    [("browser_canvas", "wanted"), ("browser_canvas", "kept"), ("live", "wanted"), ("new_session", "lost")],
)
def test_a_malformed_component_value_is_survived(stranger: ProtocolVisitor, key: str, event: str, what: Any) -> None:
    stranger.run({key: said(event, what)})
    assert not stranger.of_kind("exception")
    assert reads_seven(stranger.run(drawn()))


@pytest.mark.bounds
@pytest.mark.parametrize("text", ["no JSON", "[" * 100_000, "7", "[7]"], ids=["no JSON", "deep", "number", "list"])
def test_a_malformed_component_message_does_not_end_the_session(stranger: ProtocolVisitor, text: str) -> None:
    stranger.run({"browser_canvas": {"json_trigger_value": text}})
    assert not stranger.of_kind("exception")
    assert reads_seven(stranger.run(drawn()))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("live", said("wanted", "a network")),
        ("browser_canvas", said("wanted", ["Clear", ""])),
        ("browser_canvas", said("kept", "")),
    ],
)
def test_a_component_may_send_after_it_has_left_the_page(
    stranger: ProtocolVisitor, key: str, words: dict[str, str]
) -> None:
    stranger.run({"whole_number": {"bool_value": True}})
    stranger.run({key: words})
    assert not stranger.of_kind("exception")


def test_a_nonexistent_image_cannot_be_selected_on_the_map(server: Server) -> None:
    with ProtocolVisitor(server.url, "test_set") as wire:
        wire.run().run({"test_part": {"string_array_value": ["Map"]}})
        wire.run({"map": {"string_value": json.dumps({"selection": {"click": [{"image": 10**9}]}})}})
        assert not wire.of_kind("exception")
        assert ", labelled <strong>" in shown(wire), "the image selected before"


def test_details_of_an_exception_stay_in_the_log(server: Server) -> None:
    with ProtocolVisitor(server.url, "neuron") as wire:
        wire.run().run({"activation_of_neuron": {"int_value": 7}})
        (exception,) = wire.of_kind("exception")
        assert not exception.stack_trace
        for detail in ("Traceback", ".py", "site-packages", "int_value"):
            assert detail not in shown(wire)


def test_visitors_do_not_see_each_others_drawings(stranger: ProtocolVisitor, other: ProtocolVisitor) -> None:
    assert reads_seven(stranger.run(drawn()))
    stranger.run({"truth": {"string_array_value": ["7"]}})
    assert "Your gallery" in shown(stranger)
    other.run()
    assert "Your gallery" not in shown(other)
    assert not reads_seven(other)
    assert stranger.session not in shown(other), "a visitor who knows it could ask for that session"


def test_a_guessed_session_identifier_gives_a_new_session(server: Server, stranger: ProtocolVisitor) -> None:
    stranger.run(drawn())
    guess = str(uuid.UUID(int=uuid.UUID(stranger.session).int ^ 1))
    with ProtocolVisitor(server.url, session=guess) as thief:
        thief.run()
        assert thief.session not in (guess, stranger.session)
        assert not reads_seven(thief)


def uploaded(key: str, place: FileURLs, size: int) -> dict[str, dict[str, Any]]:
    """Return what a browser sends when a file has been uploaded."""
    info = UploadedFileInfo(file_id=place.file_id, name="file", size=size, file_urls=place)
    return {key: {"file_uploader_state_value": FileUploaderState(uploaded_file_info=[info])}}


def test_an_upload_belongs_to_its_session(server: Server) -> None:
    with (
        ProtocolVisitor(server.url, "training", query="epochs=5") as owner,
        ProtocolVisitor(server.url, "training", query="epochs=5") as thief,
    ):
        owner.run()
        thief.run()
        place = owner.ask_for_upload("file.keras")
        owner.upload(place.upload_url, NETWORK)
        mine = place.upload_url.replace(owner.session, thief.session)
        thief.upload(mine, b"", "DELETE")  # the same file id, in the other session
        fetched = thief.http.open(server.url + place.upload_url).read()
        assert fetched == thief.http.open(server.url).read(), "nobody can fetch it: the answer is the app's own page"
        thief.run(uploaded("upload_0", place, len(NETWORK)))
        assert "Loaded." not in shown(thief)
        assert "Loaded." in shown(owner.run(uploaded("upload_0", place, len(NETWORK))))


LARGE = bytes(19 * 2**20)


@pytest.mark.parametrize("data", [b"", b"odd", LARGE], ids=["nothing", "odd", "large"])
@pytest.mark.parametrize(
    ("page", "query", "opened", "key", "name", "sentence"),
    [
        ("training", "epochs=5", None, "upload", "file.keras", "empty|not a whole .keras file"),
        ("", "", "gallery_opened", "gallery", "file.zip", "empty|larger than 4 MB|not a gallery"),
        ("", "", "ways_in", "photograph", "file.png", "empty|not a picture"),
    ],
)
def test_a_malformed_file_does_not_end_the_session(
    server: Server, page: str, query: str, opened: str | None, key: str, name: str, sentence: str, data: bytes
) -> None:
    with ProtocolVisitor(server.url, page, query=query) as stranger:
        stranger.run().run({opened: {"bool_value": True}} if opened else {})
        place = stranger.ask_for_upload(name)
        stranger.upload(place.upload_url, data, name=name)
        stranger.run(uploaded(f"{key}_0", place, len(data)))
        assert not stranger.of_kind("exception")
        assert re.search(sentence, shown(stranger))
        stranger.run(uploaded(f"{key}_1", place, len(data)))
        assert f"{key}_2" not in stranger.ids, "the server has forgotten the file, so there is nothing to read"


def test_uploads_need_the_pages_token_and_are_limited(stranger: ProtocolVisitor) -> None:
    path = f"/_stcore/upload_file/{stranger.session}/file"
    with pytest.raises(urllib.error.URLError, match=r"413|Broken pipe|reset"):  # it does not read to the end
        stranger.upload(path, bytes(21 * 2**20))
    stranger.cookies.clear()  # as when another site makes the browser send it
    for method in ("PUT", "DELETE"):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            stranger.upload(path, b"", method)
