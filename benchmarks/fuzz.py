"""Hostile inputs through every entrance: `python -m benchmarks.fuzz [--count 100000]`.

An input is accepted, or refused by the exception that is meant for it; anything else is a failure, and ends with exit
code 1. Inputs are made in one process and read in another, whose memory is watched. Networks and photographs are read
by the function that their child process runs, and with its limits; where that breaks off, as the child may, the next
input gets a new process. Some of them go through the real child, too.
"""

import argparse
import codecs
import json
import os
import pickle
import select
import struct
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import psutil
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from benchmarks.machine import describe
from model import child
from model.gallery_file import unpack
from model.keras_file import read_keras
from model.network import NetworkError, check_reads_digits
from model.photographs import PhotographError, read_photograph
from model.settings import Settings, from_address
from model.uploads import read_upload
from pages.widgets.drawing import DrawingError, read_kept
from pages.widgets.sketchbook import Sketchbook
from tests import hostile

REFUSALS = (DrawingError, NetworkError, PhotographError)
MIB = 2**20
WARM = 50  # inputs, before memory counts
A_BOOK = 50  # canvas states, one after the other
A_CHILD = 200  # inputs, because memory that is not given back counts against its limit
LONGEST = 60  # seconds


class Reader:
    """A process that reads one input of an entrance after the other."""

    def __init__(self, key: str) -> None:
        self.key, self.is_child = key, key in CHILDREN
        self.count = self.before = self.most = 0  # inputs; bytes that it holds, at first and at most
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Have a process ready."""
        if self.process is None or (self.is_child and self.count % A_CHILD == 0):
            self.close()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.fuzz", "--read", self.key],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},  # as model/child.py does
            )
            self.count = 0
            self._answer(LONGEST)

    def read(self, value: Any) -> str:
        """What became of an input: "accepted", "refused", or what went wrong."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.count += 1
        data = pickle.dumps(value)
        self.process.stdin.write(struct.pack("<I", len(data)) + data)
        self.process.stdin.flush()
        answer = self._answer(child.SECONDS if self.is_child else LONGEST)
        if answer is None:
            self.close()
            return "refused" if self.is_child else "Its process has ended, or takes longer than a minute."
        memory = int(psutil.Process(self.process.pid).memory_info().rss)
        if self.count == WARM:
            self.before = self.before or memory
        if self.count >= WARM:
            self.most = max(self.most, memory)
        return answer

    def _answer(self, seconds: float) -> str | None:
        """What it says; None where it has ended, or says nothing for so long."""
        assert self.process is not None
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else b""
        return str(json.loads(line)) if line else None

    def close(self) -> None:
        """End it."""
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


def read_for_ever(key: str) -> None:
    """In the reader's process: read what comes, and say what became of it."""
    read = ENTRANCES[key].reader()
    if key in CHILDREN:
        codecs.lookup("cp437")  # as model/uploads.py does
        child.SECONDS = 3600.0  # of computing, for all inputs together
        child.MEMORY += int(psutil.Process().memory_info().vms)  # the child has not imported what is imported here
        child.limit_this_process(MIB)
    say("ready")
    while head := sys.stdin.buffer.read(4):
        value = pickle.loads(sys.stdin.buffer.read(*struct.unpack("<I", head)))
        try:
            read(value)
            say("accepted")
        except REFUSALS as error:
            say("refused" if str(error) else "refused without a reason")
        except MemoryError:
            return  # so does the child: the server says that the file is damaged
        except Exception as error:
            if "bad_alloc" in str(error):  # OpenCV's MemoryError
                return
            say(traceback.format_exc())


def say(what: str) -> None:
    """To the process that asked."""
    print(json.dumps(what), flush=True)


def network_reader() -> Callable[[bytes], object]:
    """What model/uploads.py does in its child."""

    def read(data: bytes) -> None:
        check_reads_digits(read_keras(data))

    return read


def photograph_reader() -> Callable[[bytes], object]:
    """What model/paper.py does in its process."""
    import cv2

    from model import paper

    cv2.setNumThreads(1)
    paper.rehearse()
    return paper.find_digits


class Canvas:
    """A sketchbook that one state after the other goes to."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, state: tuple[Any, Any]) -> None:
        """Give it a state, every other time with the overlay of its seed."""
        if self.count % A_BOOK == 0:
            self.book = Sketchbook()
        self.count += 1
        canvas_json, png_url = state
        if self.count % 2 and isinstance(canvas_json, dict):
            canvas_json["overlay"] = self.book.seed["overlay"]
        self.book.receive(canvas_json, png_url)
        self.book.receive(canvas_json, png_url)
        json.dumps(self.book.seed, allow_nan=False)  # it goes back to the browser


def follow(address: dict[str, str]) -> None:
    """Open a link; what it asks for in vain is no exception but named."""
    chosen, refused = from_address(address)
    assert isinstance(chosen, Settings)
    if refused:
        raise DrawingError("Some of it cannot be chosen.")


class Entrance(NamedTuple):
    """A way in."""

    name: str
    share: float  # of all inputs
    inputs: Callable[[], SearchStrategy[Any]]
    reader: Callable[[], Callable[[Any], object]]


ENTRANCES = {
    "canvas": Entrance("canvas states", 0.30, hostile.canvas_states, Canvas),
    "kept": Entrance("kept strokes", 0.20, hostile.kept_strokes, lambda: read_kept),
    "gallery": Entrance("gallery zips", 0.15, hostile.galleries, lambda: unpack),
    "links": Entrance("links", 0.15, hostile.links, lambda: follow),
    "networks": Entrance(".keras files", 0.10, hostile.networks, network_reader),
    "photographs": Entrance("photographs", 0.097, hostile.photographs, photograph_reader),
    "networks, child": Entrance(".keras files, real child", 0.0015, hostile.networks, lambda: read_upload),
    "photographs, child": Entrance("photographs, real child", 0.0015, hostile.photographs, lambda: read_photograph),
}


CHILDREN = ("networks", "photographs")  # which have limits


class Row(NamedTuple):
    """What became of an entrance's inputs."""

    name: str
    inputs: int
    accepted: int
    refused: int
    slowest: float  # milliseconds
    growth: float  # of memory, in MiB, at its highest
    failures: list[str]


def fuzz(key: str, count: int, start: int = 0) -> Row:
    """Send so many inputs to an entrance. start: another number, other inputs."""
    reader = Reader(key)
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    failures: list[str] = []

    @seed(start)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(ENTRANCES[key].inputs())
    def send(value: Any) -> None:
        nonlocal slowest
        reader.prepare()
        began = time.perf_counter()
        answer = reader.read(value)
        slowest = max(slowest, time.perf_counter() - began)
        outcomes[answer if answer in ("accepted", "refused") else "failed"] += 1
        if answer not in ("accepted", "refused"):
            failures.append(f"{value!r:.2000}\n{answer}")

    try:
        send()
    finally:
        reader.close()
    growth = (reader.most - reader.before) / MIB
    return Row(
        ENTRANCES[key].name,
        outcomes.total(),
        outcomes["accepted"],
        outcomes["refused"],
        slowest * 1000,
        growth,
        failures,
    )


def in_a_process(key: str, count: int, start: int) -> Row:
    """The same in a process of its own, so that all cores work."""
    command = [sys.executable, "-m", "benchmarks.fuzz", "--entrance", key, "--count", str(count), "--seed", str(start)]
    return Row(*json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


def main() -> int:
    """Send all, and print the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="of inputs, through all entrances together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--entrance", choices=ENTRANCES, help="send all of them through this one, and print JSON")
    parser.add_argument("--read", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        read_for_ever(arguments.read)
        return 0
    if arguments.entrance:
        print(json.dumps(fuzz(arguments.entrance, arguments.count, arguments.seed)))
        return 0
    print(describe())
    began = time.monotonic()
    print(f"{'entrance':26}{'inputs':>9}{'accepted':>10}{'refused':>9}{'slowest':>11}{'memory':>12}", flush=True)
    rows = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = {key: round(arguments.count * entrance.share) for key, entrance in ENTRANCES.items()}
        for row in pool.map(lambda key: in_a_process(key, counts[key], arguments.seed), ENTRANCES):
            rows.append(row)
            figures = (
                f"{row.inputs:>9,}{row.accepted:>10,}{row.refused:>9,}{row.slowest:>8.0f} ms{row.growth:>+8.1f} MiB"
            )
            print(f"{row.name:26}{figures}", flush=True)
    failures = [failure for row in rows for failure in row.failures]
    print(f"{sum(row.inputs for row in rows):,} inputs in {time.monotonic() - began:.0f} s, {len(failures)} failures")
    for failure in failures[:5]:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
