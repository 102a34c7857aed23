"""The front door of Inkling: page settings and menu, and what is on every page."""

from pathlib import Path

import streamlit as st

from pages.widgets.app.menu import show_menu
from pages.widgets.app.page_list import PAGES, SECTIONS
from pages.widgets.app.projector import is_projected
from pages.widgets.app.server_tuning import apply_server_tuning, save_memory
from pages.widgets.app.session_notice import show_session_notice
from pages.widgets.app.streamlit_patches import bound_what_browsers_send
from pages.widgets.app.style import show_logo, show_style
from pages.widgets.gallery.store import gallery_items
from pages.widgets.networks.session_networks import has_networks

ASSETS = Path(__file__).parent / "assets"

bound_what_browsers_send()
save_memory()
st.set_page_config("Inkling", ASSETS / "logo.svg", initial_sidebar_state="collapsed" if is_projected() else "auto")
show_style(ASSETS / "style.css")
show_logo(ASSETS)
show_session_notice({"gallery": bool(gallery_items()), "networks": has_networks()})

sections = {
    title: [
        st.Page(f"pages/{page.name}.py", title=page.title, icon=f":material/{page.icon}:", default=page is PAGES[0])
        for page in pages
    ]
    for title, pages in SECTIONS.items()
}
page = st.navigation([page for pages in sections.values() for page in pages], position="hidden")
show_menu(sections, page)
page.run()
apply_server_tuning()
