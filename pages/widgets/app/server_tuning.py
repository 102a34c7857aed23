"""What lets one process serve a whole class: memory that stays, heaps that are shared, and runs that take turns."""

import ctypes
import gc
import sys
import threading

import streamlit as st

# Runs of the draw page, each in a thread of its own, take turns: threads that all want Python's interpreter lock are
# woken two hundred times a second only to wait again, and with a hundred of them that takes more time than their work.
# Whoever has it may take it again: a fragment runs by itself, and within the page.
DRAW_PAGE_LOCK = threading.RLock()


@st.cache_resource(show_spinner=False)
def apply_server_tuning() -> None:
    """Once, when the server's first page is there.

    What is in memory by now stays, so the garbage collector need not look at it again: going through all of it stops
    every visitor for an eighth of a second, several times a minute under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 10)


M_ARENA_MAX = -8  # glibc's malloc.h


@st.cache_resource(show_spinner=False)
def save_memory() -> None:
    """Once, as early as a page can: have threads share the heaps that are there by now, four or five.

    Each run of a page is a thread, and glibc gives threads up to eight heaps a core, each of which keeps what it has
    freed; as they wait for the interpreter anyway, one is enough. Only what starts the server can have it be one from
    the first thread on (the Makefile and the Dockerfile do): with 16, a class leaves 100 MiB more behind. Other
    libraries have no such heaps.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(M_ARENA_MAX, 1)
