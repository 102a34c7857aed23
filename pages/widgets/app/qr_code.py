"""The app's address as a QR code for the phones of a class."""

from urllib.parse import urlsplit

import numpy as np
import segno
import streamlit as st

from pages.widgets.ui.images import image_html

MAX_ADDRESS_CHARACTERS = 300  # a longer address makes squares too small for a camera at the back of a room
THIS_COMPUTER = {"localhost", "127.0.0.1", "::1"}


def show_qr_code() -> None:
    """Show the button that opens the QR code."""
    if st.button("Invite the class", icon=":material/qr_code:", width="stretch"):
        invite(st.context.url or "")


def address_of(url: str) -> str:
    """Return the front page's address from that of any page. Raises ValueError if that is not an address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > MAX_ADDRESS_CHARACTERS:
        raise ValueError("This is not the address of a page.")
    return f"{parts.scheme}://{parts.netloc}/{st.get_option('server.baseUrlPath').strip('/')}"


@st.dialog("Invite the class")
def invite(url: str) -> None:
    """Show the address, large."""
    try:
        address = address_of(url)
    except ValueError:
        st.error("Inkling does not know the address of this page: copy it from the browser's address bar.")
        return
    if urlsplit(address).hostname in THIS_COMPUTER:
        st.warning("This address works on this computer only: open Inkling at an address that phones can reach.")
    squares = np.array(list(segno.make(address, error="m", micro=False).matrix_iter(border=4)), np.uint8)
    st.html(f'<div class="code">{image_html(255 * (1 - squares), "A QR code of the address below")}</div>')
    st.code(address, language=None)
