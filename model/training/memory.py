"""How much memory is left, also in a container that may use less than the machine has."""

from pathlib import Path

import psutil

CONTROL_GROUP = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """Return how many bytes a new process could take before the system or the container's limit ends a process."""
    return min([int(psutil.virtual_memory().available), *container_memory(CONTROL_GROUP)])


def container_memory(folder: Path) -> list[int]:
    """Return the bytes left of the container's limit (Linux control groups, version 2); an empty list without a limit.

    The system keeps files that were read in memory until it needs the space, so they count as free.
    """
    try:
        limit, used = ((folder / name).read_text().strip() for name in ("memory.max", "memory.current"))
        statistics = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    except OSError:
        return []
    return [] if limit == "max" else [int(limit) - int(used) + int(statistics.get("inactive_file", 0))]
