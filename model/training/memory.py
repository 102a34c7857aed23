"""How much memory there is left, also in a container that may use less than the machine has."""

from pathlib import Path

import psutil

CONTROL_GROUP = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """Bytes that a new process could take before the system, or the container's limit, ends something."""
    return min([int(psutil.virtual_memory().available), *container_memory(CONTROL_GROUP)])


def container_memory(folder: Path) -> list[int]:
    """What is left of the container's limit (Linux' control groups, version 2); nothing where there is none.

    Files that were read stay in memory until it is needed otherwise, so they count as free.
    """
    try:
        limit, used = ((folder / name).read_text().strip() for name in ("memory.max", "memory.current"))
        statistics = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    except OSError:
        return []
    return [] if limit == "max" else [int(limit) - int(used) + int(statistics.get("inactive_file", 0))]
