"""The menu: the pages in sections, and below them what a teacher wants at hand.

It is not Streamlit's own: in that of Streamlit 1.67 axe-core finds two serious faults, lists of no list items.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from pages.widgets.app.projector import is_projected, show_projector_switch
from pages.widgets.app.qr_code import show_qr_code
from pages.widgets.ui.browser_component import browser_component

browser_part = browser_component("menu", Path(__file__).with_suffix(".js"))


def show_menu(sections: Mapping[str, Iterable[Page]], current: Page) -> None:
    """Show the pages under the titles of their sections, and scroll to the top when the current page is another one."""
    with st.sidebar:
        for title, pages in sections.items():
            if title:
                st.markdown(f"**{title}**")
            for page in pages:
                st.page_link(page, width="stretch")
        st.divider()
        show_projector_switch()
        show_qr_code()
        st.caption(
            "What you draw stays in this tab and your session; the server does not keep it or pass it on."
            # Community Cloud overrides .streamlit/config.toml
            + (" Streamlit counts how this app is used." if st.get_option("browser.gatherUsageStats") else "")
        )
        browser_part(data={"page": current.url_path, "isProjected": is_projected()}, key="menu")
