"""The machine that the figures were measured on, and the memory of the servers on it."""

import platform

import psutil

from tests.browser.server import Server


def describe() -> str:
    """Return the machine in one line, to stand next to each figure."""
    memory = psutil.virtual_memory().total / 2**30
    python = platform.python_version()
    return f"{psutil.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()}, Python {python}"


def memory_of(*servers: Server) -> float:
    """Return the memory of all servers in MiB."""
    return float(sum(psutil.Process(server.process.pid).memory_info().rss for server in servers) / 2**20)
