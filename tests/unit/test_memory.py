"""How much memory is left, on a machine and in a container."""

from pathlib import Path

import psutil

from model.training.memory import available_memory, container_memory


def test_container_limit_counts_and_cached_files_do_not(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("700\n")
    (tmp_path / "memory.stat").write_text("anon 500\ninactive_file 150\n")
    assert container_memory(tmp_path) == [450]
    (tmp_path / "memory.max").write_text("max\n")
    assert container_memory(tmp_path) == []
    assert container_memory(tmp_path / "missing") == []


def test_available_memory_is_at_most_the_machines() -> None:
    assert 0 < available_memory() <= psutil.virtual_memory().total
