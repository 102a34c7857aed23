"""The suite with an unpatched Streamlit: `python -m pytest -p tests.unpatched -m "not bounds"`.

The bounds on what a browser sends (pages/widgets/app/streamlit_patches.py) are the only patches, so all other tests
pass without them.
"""

import sys

from streamlit.web.cli import main

from pages.widgets.app import streamlit_patches
from tests.browser.server import Server

streamlit_patches.bound_what_browsers_send = lambda: None
Server.command = (sys.executable, "-m", "tests.unpatched")

if __name__ == "__main__":  # a server that a test starts
    main()
