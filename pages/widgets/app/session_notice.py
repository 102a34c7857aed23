"""Says that a new session has begun, and without what, where a browser's tab remembers an earlier one.

A session lives in one server's memory: it ends with the server, and when the page is loaded again.
"""

import logging
import secrets
from pathlib import Path
from typing import Any

import streamlit as st

from pages.widgets.ui.component_events import component_event

log = logging.getLogger(__name__)

browser_part = st.components.v2.component(
    "inkling_new_session",
    html='<p aria-live="polite"></p>',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show_session_notice(holds: dict[str, bool]) -> None:
    """Have the tab remember this session and what is in it, and tell the visitor where it remembers another one.

    It tells the eyes by a toast, and the ears by a region of its own: a toast is none that is read out.

    holds: whether there is something that a new session would be without, by its name for people.
    """
    data = {
        "session": st.session_state.setdefault("session", secrets.token_hex(8)),
        "holds": holds,
        "sentence": st.session_state.get("new_session_sentence", ""),
    }
    browser_part(data=data, key="new_session", on_lost_change=notify_of_new_session, on_reconnected_change=lambda: None)


def notify_of_new_session() -> None:
    """The tab remembers another session."""
    try:
        before: dict[str, Any] = component_event("new_session", "lost")
        sentence = notice_text(before["isReload"] is True, before["holds"], before["drawing"] is True)
    except (LookupError, TypeError):
        log.warning("A browser remembers what is no session.", exc_info=True)
        return
    if sentence:
        st.session_state["new_session_sentence"] = sentence
        st.toast(sentence, duration="infinite")  # who waits for a server looks elsewhere


def notice_text(is_reload: bool, holds: dict[str, Any], drawing: bool) -> str:
    """What there is to say; nothing where the visitor misses nothing and has done it.

    holds: what was in the earlier session. drawing: whether the tab brings one along.
    """
    gone = " and ".join(f"your {name}" for name in ("gallery", "networks") if holds[name] is True)
    if gone:
        cause = "The page was loaded again" if is_reload else "The connection to the server was lost"
        return f"{cause}, so this is a new session without {gone}{', but with your drawing' if drawing else ''}."
    if drawing and not is_reload:
        return "The connection to the server was lost and is back, and so is your drawing."
    return ""
