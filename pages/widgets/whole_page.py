"""A change in a fragment that the rest of the page has to show.

A callback asks for it, and the fragment's run lets the page run again as a whole.
"""

import streamlit as st


def ask_for_whole_page() -> None:
    """Have the page run again, once the fragment does."""
    st.session_state["whole_page"] = True


def rerun_if_asked() -> None:
    """Run the page again if that was asked for; to be called first or last in a fragment."""
    if st.session_state.pop("whole_page", False):
        st.rerun()
