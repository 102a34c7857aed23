"""What lets one server process serve a whole class: garbage collection, heaps, and runs that take turns."""

import ctypes
import gc
import sys
import threading

import streamlit as st

# Runs of the draw page, each in a thread of its own, take turns: threads that all want Python's interpreter lock are
# woken two hundred times a second only to wait again, and with a hundred of them that takes more time than their work.
# A thread may take the lock twice, because a fragment runs within the page, too.
DRAW_PAGE_LOCK = threading.RLock()


@st.cache_resource(show_spinner=False)
def apply_server_tuning() -> None:
    """Have the garbage collector skip what is in memory by now; once, after the server's first page.

    All of that stays. Looking through it stops every visitor for an eighth of a second, several times a minute under
    load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 10)


M_ARENA_MAX = -8  # glibc's malloc.h


@st.cache_resource(show_spinner=False)
def save_memory() -> None:
    """Have threads share the four or five heaps that exist by now; once, as early as a page can.

    Each run of a page is a thread, and glibc gives threads up to eight heaps per core, each of which keeps the memory
    that it has freed. Threads wait for the interpreter anyway, so one heap would do, but only the command that starts
    the server can set that (the Makefile and the Dockerfile do): with 16, a class leaves 100 MiB more behind. Other C
    libraries have no such heaps.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(M_ARENA_MAX, 1)
