"""The machine that the figures were measured on."""

import platform

import psutil


def describe() -> str:
    """Return the machine in one line, to stand next to each figure."""
    memory = psutil.virtual_memory().total / 2**30
    python = platform.python_version()
    return f"{psutil.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()}, Python {python}"
