"""Hostile inputs through every entrance: `python -m benchmarks.fuzz [--count 100000]`.

An input must be accepted, or refused by the exception that is meant for it, and must not keep the web process busy for
longer than MAX_BUSY. Anything else is a failure and ends with exit code 1. Inputs are made in one process and read in
another, whose memory is watched. The function that the sandbox runs reads networks, photographs and galleries, with the
sandbox's limits. If that process ends, as it may in the sandbox, the next input gets a new one. Only what the web
process does with the answer is timed. Some files go through the real sandbox, too.

"Busy" is the processor time of the thread that reads, so other work on the machine does not count.
"""

import argparse
import gc
import json
import os
import pickle
import select
import signal
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
from model.files import gallery_file, photographs, sandbox, uploads
from model.files.gallery_file import GalleryError, GalleryItem, read_gallery
from model.files.photographs import PhotographError, read_photograph
from model.files.strokes import DrawingError, parse_saved_strokes
from model.files.uploads import read_upload
from model.network import NetworkError
from model.training.settings import Settings, from_address
from pages.widgets.canvas.history import DrawingHistory
from pages.widgets.gallery.store import merge_gallery
from tests import hostile

REFUSALS = (DrawingError, GalleryError, NetworkError, PhotographError)
MIB = 2**20
WARM_UP_INPUTS = 50  # before memory is measured
STATES_PER_BOOK = 50
INPUTS_PER_CHILD = 500  # because memory that is not given back counts against its limit
MAX_SECONDS = 60
MAX_BUSY = 0.1  # seconds of the web process for one input


class Outcome(NamedTuple):
    """What became of an input."""

    word: str  # "accepted", "refused", or what went wrong
    busy: float = 0.0  # seconds of the web process


class Reader:
    """A process that reads the inputs of an entrance, one by one.

    It is a fork of a process that has imported everything, so a new one is ready at once when it ends.
    """

    def __init__(self, key: str) -> None:
        self.is_sandbox = ENTRANCES[key].sandbox is not None
        self.count = self.before = self.most = 0  # inputs; its memory in bytes, at first and at most
        self.fork = 0  # its process id
        self.origin = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.fuzz", "--read", key],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},  # as model/files/sandbox.py does
        )
        self.start()

    def start(self) -> None:
        """Wait until a fork is there."""
        self.fork, self.count = self._answer(MAX_SECONDS) or 0, 0

    def read(self, value: Any) -> Outcome:
        """Have an input read, and return its outcome."""
        assert self.origin.stdin is not None
        if self.is_sandbox and self.count == INPUTS_PER_CHILD:
            os.kill(self.fork, signal.SIGKILL)
            self._answer(MAX_SECONDS)
            self.start()
        self.count += 1
        data = pickle.dumps(value)
        self.origin.stdin.write(struct.pack("<I", len(data)) + data)
        self.origin.stdin.flush()
        answer = self._answer(sandbox.MAX_WAIT if self.is_sandbox else MAX_SECONDS)
        if answer == "late":
            os.kill(self.fork, signal.SIGKILL)
            answer = self._answer(MAX_SECONDS)
        if answer == "ended":
            self.start()
            return Outcome("refused" if self.is_sandbox else "Its process has ended, or took longer than a minute.")
        memory = int(psutil.Process(self.fork).memory_info().rss)
        if self.count == WARM_UP_INPUTS:
            self.before = self.before or memory
        if self.count >= WARM_UP_INPUTS:
            self.most = max(self.most, memory)
        return Outcome(*answer)

    def _answer(self, seconds: float) -> Any:
        """Return what it says, or "late" if it says nothing for so long."""
        assert self.origin.stdout is not None
        ready, _, _ = select.select([self.origin.stdout], [], [], seconds)
        return json.loads(self.origin.stdout.readline()) if ready else "late"

    def close(self) -> None:
        """End both processes."""
        os.kill(self.fork, signal.SIGKILL)
        self.origin.kill()
        self.origin.communicate()


def read_for_ever(key: str) -> None:
    """Run in the reader's process: let a fork read what comes, and start another whenever one ends."""
    entrance = ENTRANCES[key]
    web, reader = entrance.web(), entrance.sandbox and entrance.sandbox()
    gc.collect()
    gc.freeze()  # as pages/widgets/app/server_tuning.py does
    gc.set_threshold(5_000, 20, 10)
    while True:
        fork = os.fork()
        if not fork:
            say(os.getpid())
            read_all(web, reader)
            os._exit(0)
        os.waitpid(fork, 0)
        say("ended")


def read_all(web: Callable[[Any], object], reader: Callable[[bytes], bytes] | None) -> None:
    """Run in the fork: read what comes, and report the outcome."""
    if reader:
        sandbox.MAX_SECONDS = 3600.0  # of computing, for all inputs together
        sandbox.MAX_MEMORY_BYTES += int(
            psutil.Process().memory_info().vms
        )  # the child has not imported what this process has
        sandbox.limit_this_process(MIB)
    while head := sys.stdin.buffer.read(4):
        value = pickle.loads(sys.stdin.buffer.read(*struct.unpack("<I", head)))
        began = time.thread_time()
        try:
            if reader:
                value = reader(value)
                began = time.thread_time()
            web(value)
            word = "accepted"
        except REFUSALS as error:
            word = "refused" if str(error) else "refused without a reason"
        except MemoryError:
            return  # the child ends too, and the server says that the file is damaged
        except Exception as error:
            if "bad_alloc" in str(error):  # OpenCV's MemoryError
                return
            word = traceback.format_exc()
        refused_inside = reader and word == "refused"
        say(Outcome(word, 0.0 if refused_inside else time.thread_time() - began))


def say(what: Any) -> None:
    """Send an answer to the process that asked."""
    print(json.dumps(what), flush=True)


def photograph_reader() -> Callable[[bytes], bytes]:
    """Return what model/files/photograph_ink.py runs in its process."""
    from model.files import photograph_ink

    photograph_ink.warm_up()
    return lambda data: photographs.pack_answer(photograph_ink.find_digits(data))


def gallery_reader() -> Callable[[bytes], bytes]:
    """Return what model/files/gallery_file.py runs in its process."""
    gallery_file.warm_up()
    return gallery_file.pack_answer


def add_to_gallery(brought: list[GalleryItem]) -> None:
    """Add drawings to an almost full gallery whose drawings begin like these."""
    merge_gallery(list(ALMOST_FULL), brought)


ALMOST_FULL = gallery_file.unpack(hostile.FULL_GALLERIES[0])[:-1]


class Canvas:
    """A history that receives one state after the other."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, state: tuple[Any, Any]) -> None:
        """Receive a state, every other time with the overlay of the history's seed."""
        if self.count % STATES_PER_BOOK == 0:
            self.history = DrawingHistory()
        self.count += 1
        canvas_json, png_url = state
        if self.count % 2 and isinstance(canvas_json, dict):
            canvas_json["overlay"] = self.history.seed["overlay"]
        self.history.receive(canvas_json, png_url)
        self.history.receive(canvas_json, png_url)
        json.dumps(self.history.seed, allow_nan=False)  # it goes back to the browser


def follow(address: dict[str, str]) -> None:
    """Open a link. Settings that it cannot have are not raised but named."""
    chosen, refused = from_address(address)
    assert isinstance(chosen, Settings)
    if refused:
        raise DrawingError("Some settings cannot be chosen.")


class Entrance(NamedTuple):
    """A way for strangers' input into the app."""

    name: str
    share: float  # of all inputs
    inputs: Callable[[], SearchStrategy[Any]]
    web: Callable[[], Callable[[Any], object]]  # what the web process does with the input, or with the sandbox's answer
    sandbox: Callable[[], Callable[[bytes], bytes]] | None = None  # what the sandbox does with the input first


ENTRANCES = {
    "canvas": Entrance("canvas states", 0.30, hostile.canvas_states, Canvas),
    "kept": Entrance("kept strokes", 0.20, hostile.kept_strokes, lambda: parse_saved_strokes),
    "links": Entrance("links", 0.15, hostile.links, lambda: follow),
    "galleries": Entrance(
        "gallery zips",
        0.15,
        hostile.galleries,
        lambda: lambda answer: add_to_gallery(gallery_file.unpack_answer(answer)),
        gallery_reader,
    ),
    "networks": Entrance(
        ".keras files", 0.10, hostile.networks, lambda: uploads.unpack_answer, lambda: uploads.pack_answer
    ),
    "photographs": Entrance(
        "photographs", 0.097, hostile.photographs, lambda: photographs.unpack_answer, photograph_reader
    ),
    "galleries, child": Entrance(
        "gallery zips, real sandbox", 0.001, hostile.galleries, lambda: lambda data: add_to_gallery(read_gallery(data))
    ),
    "networks, child": Entrance(".keras files, real sandbox", 0.001, hostile.networks, lambda: read_upload),
    "photographs, child": Entrance("photographs, real sandbox", 0.001, hostile.photographs, lambda: read_photograph),
}


class Row(NamedTuple):
    """What became of an entrance's inputs."""

    name: str
    inputs: int
    accepted: int
    refused: int
    busy: float  # milliseconds of the web process, at most
    growth: float  # of memory, in MiB, at its highest
    failures: list[str]


def fuzz(key: str, count: int, start: int = 0) -> Row:
    """Send so many inputs to an entrance. start: the seed that chooses the inputs."""
    reader = Reader(key)
    outcomes: Counter[str] = Counter()
    busy = 0.0
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
        nonlocal busy
        word, seconds = reader.read(value)
        busy = max(busy, seconds)
        outcomes[word if word in ("accepted", "refused") else "failed"] += 1
        if word not in ("accepted", "refused"):
            failures.append(f"{value!r:.2000}\n{word}")

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
        busy * 1000,
        growth,
        failures,
    )


def fuzz_in_process(key: str, count: int, start: int) -> Row:
    """Do the same in a process of its own, so that all cores work."""
    command = [sys.executable, "-m", "benchmarks.fuzz", "--entrance", key, "--count", str(count), "--seed", str(start)]
    return Row(*json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


def main() -> int:
    """Send all inputs, print the table, and return the exit code."""
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
    print(f"{'entrance':28}{'inputs':>9}{'accepted':>10}{'refused':>9}{'busy':>11}{'memory':>12}", flush=True)
    rows = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = {key: round(arguments.count * entrance.share) for key, entrance in ENTRANCES.items()}
        for row in pool.map(lambda key: fuzz_in_process(key, counts[key], arguments.seed), ENTRANCES):
            rows.append(row)
            figures = f"{row.inputs:>9,}{row.accepted:>10,}{row.refused:>9,}{row.busy:>8.0f} ms{row.growth:>+8.1f} MiB"
            print(f"{row.name:28}{figures}", flush=True)
    failures = [failure for row in rows for failure in row.failures]
    print(f"{sum(row.inputs for row in rows):,} inputs in {time.monotonic() - began:.0f} s, {len(failures)} failures")
    for failure in failures[:5]:
        print(failure, file=sys.stderr)
    longest = max(row.busy for row in rows)
    print(f"the web process was busy with one input for {longest:.0f} ms at most")
    return 1 if failures or longest > MAX_BUSY * 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
