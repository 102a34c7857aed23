"""Tells visitors whose tab remembers an earlier session that a new one has begun, and what is gone.

A session lives in one server's memory: it ends with the server, and when the page is loaded again.
"""

import logging
import secrets
from pathlib import Path
from typing import Any

import streamlit as st

from pages.widgets.ui.browser_component import browser_component, component_event

log = logging.getLogger(__name__)

browser_part = browser_component("new_session", Path(__file__).with_suffix(".js"), html='<p aria-live="polite"></p>')


def show_session_notice(holds: dict[str, bool]) -> None:
    """Have the tab remember this session and what is in it, and tell visitors whose tab remembers another one.

    A toast tells it to eyes, and a live region to ears: screen readers do not read the toast.

    holds: whether the session has something that would be lost with it, by its name for people.
    """
    data = {
        "session": st.session_state.setdefault("session", secrets.token_hex(8)),
        "holds": holds,
        "sentence": st.session_state.get("new_session_sentence", ""),
    }
    browser_part(data=data, key="new_session", on_lost_change=notify_of_new_session, on_reconnected_change=lambda: None)


def notify_of_new_session() -> None:
    """Say what is lost: the tab remembers another session."""
    try:
        before: dict[str, Any] = component_event("new_session", "lost")
        sentence = notice_text(before["isReload"] is True, before["holds"], before["drawing"] is True)
    except (LookupError, TypeError):
        log.warning("A browser remembers a malformed session.", exc_info=True)
        return
    if sentence:
        st.session_state["new_session_sentence"] = sentence
        st.toast(sentence, duration="infinite")  # people look elsewhere while they wait for a server


def notice_text(is_reload: bool, holds: dict[str, Any], drawing: bool) -> str:
    """Return what to say; nothing where nothing is lost and the visitor loaded the page again.

    holds: what was in the earlier session. drawing: whether the tab still has one.
    """
    gone = " and ".join(f"your {name}" for name in ("gallery", "networks") if holds[name] is True)
    if gone:
        cause = "The page was loaded again" if is_reload else "The connection to the server was lost"
        return f"{cause}, so this is a new session without {gone}{', but with your drawing' if drawing else ''}."
    if drawing and not is_reload:
        return "The connection to the server was lost and is back, and so is your drawing."
    return ""
