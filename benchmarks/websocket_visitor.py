"""A visitor without a browser, who says over the websocket what Streamlit's JavaScript says, and receives the answers.

A browser would take a hundred times as much of the machine. A class of these visitors leaves the server room on two
cores.
"""

import asyncio
import json
import time
import urllib.request
from collections import deque
from typing import Any, NamedTuple

from streamlit.proto.AutoRerun_pb2 import AutoRerun
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ContextInfo
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from pages.widgets.canvas.live_preview import LATEST_ANSWERS, REST, SLOW_ANSWER
from tests.canvas_states import canvas_state

MAX_ANSWER_SECONDS = 300  # a browser would wait for ever
OVERTAKEN = ForwardMsg.FINISHED_EARLY_FOR_RERUN  # another run of the script follows
WHOLE_PAGE = ForwardMsg.FINISHED_SUCCESSFULLY  # not a fragment alone
BARS = 'data-source="server"'  # in the HTML of an answer


class Element(NamedTuple):
    """A widget with one of the app's keys, and the fragment that runs again when it changes."""

    content: Any  # its protobuf
    fragment: str


class Answer(NamedTuple):
    """An answer, and when it came by `time.perf_counter`."""

    bars: float  # NaN if it has no bars
    finished: float
    html: str  # of the bars


class AnswerError(Exception):
    """Something other than an answer came, such as an error on the page."""


class Pace:
    """When a browser that answers by itself sends a drawing, as in widgets/canvas/live_preview.js."""

    def __init__(self) -> None:
        self.took: deque[float] = deque(maxlen=LATEST_ANSWERS)  # seconds, from sending until the bars are there

    @property
    def rest(self) -> float:
        """Return how many seconds the pen has to rest first."""
        return REST if max(self.took, default=0) > SLOW_ANSWER else 0


class WebsocketVisitor:
    """One visit: `arrive` comes first, then what the visitor does, one after the other."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.socket: ClientConnection | None = None
        self.cookie = ""  # of a load balancer
        self.query = ""
        self.context = ContextInfo(timezone="UTC", locale="en-US", url=url, color_scheme="light")
        self.page = ""
        self.elements: dict[str, Element] = {}
        self.states: dict[str, WidgetState] = {}  # as a browser keeps and sends them, by the widget's id
        self.holds_networks = False
        self.repeated: AutoRerun | None = None  # a fragment that runs again and again

    async def arrive(self, path: str = "", query: str = "") -> None:
        """Load the page, connect, and wait until it is complete."""
        self.query = query
        self.cookie = await asyncio.to_thread(load, f"{self.url}/{path}")
        await self.connect()
        await self.run(page=path)

    async def connect(self) -> None:
        """Start a session."""
        self.socket = await connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": self.cookie},
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=MAX_ANSWER_SECONDS,
        )

    async def leave(self) -> None:
        """Close the tab."""
        assert self.socket is not None
        await self.socket.close()

    async def draw(self, canvas_json: str) -> Answer:
        """Send what is on the canvas."""
        canvas = self.elements["canvas"]
        self.states[canvas.content.id] = WidgetState(id=canvas.content.id, json_value=canvas_json)
        return await self.run(canvas.fragment)

    async def press(self, key: str) -> Answer:
        """Click a button."""
        button = self.elements[key]
        return await self.run(button.fragment, WidgetState(id=button.content.id, trigger_value=True))

    async def clear(self) -> Answer:
        """Send what the canvas sends when Clear has emptied it."""
        state = canvas_state()
        state["drawing"]["raw"]["overlay"] = self.seed
        return await self.draw(json.dumps(state))

    async def slide(self, key: str, value: float) -> Answer:
        """Move a slider."""
        slider = self.elements[key]
        state = WidgetState(id=slider.content.id)
        state.double_array_value.data.append(value)
        self.states[slider.content.id] = state
        return await self.run(slider.fragment)

    async def choose(self, key: str, option: str) -> Answer:
        """Choose one of several options."""
        choice = self.elements[key]
        state = WidgetState(id=choice.content.id)
        state.string_array_value.data.append(option)
        self.states[choice.content.id] = state
        return await self.run(choice.fragment)

    async def watch(self) -> None:
        """Run the fragment that runs by itself, for as long as it asks for that."""
        while self.repeated:
            await asyncio.sleep(self.repeated.interval)
            await self.run(self.repeated.fragment_id)

    async def fetch_networks(self) -> None:
        """Fetch the networks that move the bars while the pen draws, as widgets/canvas/live_preview.js does."""
        for address in json.loads(self.elements["live"].content.bytes)["networks"]:
            await asyncio.to_thread(load, f"{self.url}{address}", self.cookie)
        self.holds_networks = True

    async def trigger(self, key: str, event: str, value: str) -> Answer:
        """Send what a component's setTriggerValue sends."""
        component = self.elements[key]
        name = f"$$STREAMLIT_INTERNAL_KEY_{component.content.id}__events"
        state = WidgetState(id=name, json_trigger_value=json.dumps([{"event": event, "value": value}]))
        return await self.run(component.fragment, state)

    @property
    def seed(self) -> str:
        """Return the mark by which the server knows the canvas (see DrawingHistory)."""
        overlay: str = json.loads(self.elements["canvas"].content.json)["initialDrawing"]["overlay"]
        return overlay

    async def run(self, fragment: str = "", trigger: WidgetState | None = None, page: str = "") -> Answer:
        """Run the script or a fragment of it, and return the answer. Raises AnswerError, TimeoutError."""
        assert self.socket is not None
        message = BackMsg()
        state = message.rerun_script
        state.context_info.CopyFrom(self.context)
        state.fragment_id, state.page_script_hash, state.page_name = fragment, self.page, page
        state.query_string = self.query
        state.widget_states.widgets.extend(self.states.values())
        if trigger:
            state.widget_states.widgets.append(trigger)
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(MAX_ANSWER_SECONDS):
            return await self.receive_answer()

    async def receive_answer(self) -> Answer:
        """Receive all messages until the script has run."""
        assert self.socket is not None
        bars, html, repeated = float("nan"), "", None
        async for data in self.socket:
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "navigation":
                self.page = message.navigation.page_script_hash
            elif kind == "auto_rerun":
                repeated = message.auto_rerun
            elif kind == "delta" and message.delta.HasField("new_element"):
                if new := self.show(message.delta):
                    bars, html = time.perf_counter(), new
            elif kind == "script_finished" and message.script_finished != OVERTAKEN:
                if message.script_finished == WHOLE_PAGE:
                    self.repeated = repeated
                return Answer(bars, time.perf_counter(), html)
        raise AnswerError("The connection was closed.")

    def show(self, delta: Delta) -> str:
        """Remember a new element, and return its HTML if it holds an answer's bars, else "". Raises AnswerError."""
        element = delta.new_element
        kind = str(element.WhichOneof("type"))
        content = getattr(element, kind)
        if kind == "exception" or (kind == "alert" and content.format == content.ERROR):
            raise AnswerError(str(content))
        if kind == "html":
            return content.body if BARS in content.body else ""
        name = getattr(content, "id", "")
        if name:
            key = name.split("-", 2)[2]
            self.elements[key] = Element(content, delta.fragment_id)
            if state := first_state(kind, content):
                self.states.setdefault(name, state)
        return ""


def first_state(kind: str, content: Any) -> WidgetState | None:
    """Return what a browser sends for an untouched widget, or None if it sends nothing."""
    state = WidgetState(id=content.id)
    if kind == "slider" and not content.options:  # with options, the server knows its place by itself
        state.double_array_value.data.extend(content.value if content.set_value else content.default)
    elif kind == "checkbox":
        state.bool_value = content.value if content.set_value else content.default
    elif kind == "button_group":
        chosen = content.raw_values if content.set_value else [content.options[i].content for i in content.default]
        state.string_array_value.data.extend(chosen)
    else:
        return None
    return state


def load(address: str, cookie: str = "") -> str:
    """Fetch a page or a file, and return its cookies, ready to be sent back."""
    request = urllib.request.Request(address, headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=MAX_ANSWER_SECONDS) as response:
        response.read()
        cookies = response.headers.get_all("Set-Cookie") or []
    return "; ".join(cookie.split(";")[0] for cookie in cookies)
