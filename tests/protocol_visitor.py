"""A visitor without a browser, who speaks Streamlit's protocol and can send what no honest browser sends."""

import http.cookiejar
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect
from websockets.typing import Subprotocol

MAX_RUN_SECONDS = 60


class ProtocolVisitor:
    """One session with a server. Use as a context manager.

    session: the identifier to ask for, as a browser does when it was cut off.
    """

    def __init__(self, url: str, page: str = "", session: str = "", query: str = "") -> None:
        self.url, self.page, self.query = url, page, query
        self.session = ""  # the identifier that the server gives
        self.page_hash = ""  # the server's name for the page
        self.ids: dict[str, str] = {}  # of the widgets that were shown, by their keys
        self.elements: dict[tuple[int, ...], tuple[str, Any]] = {}  # what was shown last: kind and content, by place
        self.states: dict[str, WidgetState] = {}
        self.cookies = http.cookiejar.CookieJar()
        self.http = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.http.open(f"{url}/_stcore/health").read()
        names = [Subprotocol("streamlit"), Subprotocol(self.xsrf or "none")]
        self.stack = ExitStack()
        self.socket = self.stack.enter_context(
            connect(
                url.replace("http", "ws", 1) + "/_stcore/stream",
                subprotocols=[*names, *([Subprotocol(session)] if session else [])],
                additional_headers={"Cookie": f"_streamlit_xsrf={self.xsrf}"},
                max_size=None,
            )
        )

    @property
    def xsrf(self) -> str:
        """Return the token that proves that a request comes from the app's own page."""
        return next((str(cookie.value) for cookie in self.cookies if cookie.name == "_streamlit_xsrf"), "")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def run(self, states: Mapping[str, Mapping[str, Any]] | None = None) -> Self:
        """Run the page and wait for its end.

        states: what the browser sends for each widget, by its key and the name of the field in WidgetStates.proto.
        """
        for key, value in (states or {}).items():
            state = WidgetState(id=self.ids[key])
            for kind, content in value.items():
                if kind == "json_trigger_value":
                    state.id = f"$$STREAMLIT_INTERNAL_KEY_{state.id}__events"
                if kind.endswith("_array_value"):
                    getattr(state, kind).data.extend(content)
                elif kind == "file_uploader_state_value":
                    state.file_uploader_state_value.CopyFrom(content)
                else:
                    setattr(state, kind, content)
            self.states[key] = state
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name, message.rerun_script.page_script_hash = self.page, self.page_hash
        message.rerun_script.widget_states.widgets.extend(self.states.values())
        triggers = ("trigger_value", "json_trigger_value")
        self.states = {key: state for key, state in self.states.items() if state.WhichOneof("value") not in triggers}
        self.socket.send(message.SerializeToString())
        return self.wait()

    def wait(self) -> Self:
        """Wait until the page has run."""
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=MAX_RUN_SECONDS, decode=False))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id or self.session
                self.elements = {}
            elif kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
            elif kind == "delta":
                self._take(tuple(message.metadata.delta_path), message.delta)
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return self

    def _take(self, place: tuple[int, ...], delta: Any) -> None:
        if delta.WhichOneof("type") == "new_element":
            kind = delta.new_element.WhichOneof("type")
            content = getattr(delta.new_element, kind)
        elif delta.WhichOneof("type") == "add_block":
            kind = delta.add_block.WhichOneof("type")
            content = delta.add_block if kind is None else getattr(delta.add_block, kind)
        else:
            return
        self.elements[place] = (kind or "", content)
        name = getattr(content, "id", "") or (delta.add_block.id if delta.WhichOneof("type") == "add_block" else "")
        if name.startswith("$$ID-"):
            self.ids[name.split("-", 2)[2]] = name

    def of_kind(self, kind: str) -> list[Any]:
        """Return what the page shows of a kind: "markdown", "exception", "alert", ..."""
        return [content for each, content in self.elements.values() if each == kind]

    def ask_for_upload(self, name: str) -> FileURLs:
        """Ask the server for the address of an upload."""
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session
        self.socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(self.socket.recv(timeout=MAX_RUN_SECONDS, decode=False))
            if answer.WhichOneof("type") == "file_urls_response":
                urls: FileURLs = answer.file_urls_response.file_urls[0]
                return urls

    def upload(self, path: str, data: bytes, method: str = "PUT", name: str = "file.keras") -> None:
        """Send a file to an address of this server, as the file uploader does. Raises urllib.error.HTTPError."""
        border = "border"
        body = (
            f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
            + data
            + f"\r\n--{border}--\r\n".encode()
        )
        self.http.open(
            urllib.request.Request(
                self.url + path,
                data=body,
                method=method,
                headers={"Content-Type": f"multipart/form-data; boundary={border}", "X-Xsrftoken": self.xsrf},
            )
        ).read()
