"""A lecture hall: many visitors at once, `python -m benchmarks.hall strokes`.

Visitors without a browser speak Streamlit's websocket protocol, all in this one process, on the same machine as the
server. Each sends something once a second: a stroke of a drawing of two or three strokes, which was drawn with the
mouse in Chromium before, or a press on Clear after the last stroke. The time runs from the moment at which it was due,
even if the machine sent it later, until the bars are there. `--servers 2` starts two servers behind deploy/nginx.conf.
`--cpu 10` holds them to a tenth of a core with Debian's `cpulimit`. There, nobody draws before the whole class has the
page, which takes a while.

If the server is slow, a browser sends a drawing only when the pen has rested (widgets/canvas/live_preview.js): not
between strokes a second apart, but before Clear. The next drawing overtakes the empty canvas that Clear leaves. The
time of such an answer runs from its sending.
"""

import argparse
import asyncio
import itertools
import os
import signal
import statistics
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import numpy as np
import psutil

from benchmarks.machine import describe, memory_of
from benchmarks.recorded import Recorded, record_drawings
from benchmarks.websocket_visitor import AnswerError, Pace, WebsocketVisitor
from tests.browser.cluster import Cluster
from tests.browser.server import Server

SECONDS = 60  # of drawing
PERIOD = 1.0  # seconds from one stroke to the next
LOOK_AROUND = 3.0  # seconds from the page to the first stroke
LATEST_NETWORK = 2.2  # seconds from the page until a browser asks for the network (widgets/canvas/live_preview.js)
VISITS, STROKES_A_VISIT = 2_000, 15
SLIDE_PERIOD = 3.0

Drawings = list[list[Recorded]]


@dataclass
class Results:
    """What the visitors saw."""

    arrivals: list[float] = field(default_factory=list)  # seconds until each had the page
    first: list[float] = field(default_factory=list)  # each visitor's first stroke, in seconds
    strokes: list[float] = field(default_factory=list)  # all of them
    ends: list[float] = field(default_factory=list)  # when each was answered, by `time.perf_counter`
    errors: list[str] = field(default_factory=list)


async def sleep_until(moment: float) -> None:
    """Sleep until a moment of `time.perf_counter`."""
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))


async def draw_for_a_while(
    visitor: WebsocketVisitor, drawings: Drawings, begin: float, seconds: float, results: Results
) -> None:
    """Draw a stroke every PERIOD from `begin` on, or press Clear after the last stroke of a drawing."""
    moment = begin
    pace = Pace()
    for drawing in itertools.cycle(drawings):
        for stroke in (*drawing, None):
            if moment >= begin + seconds:
                return
            rest = pace.rest
            is_overtaken = moment + PERIOD < time.perf_counter()  # it was drawn while the server had an earlier one
            if not rest or (stroke is drawing[-1] and not is_overtaken):
                await take_turn(visitor, stroke, moment + rest, pace, results)
            if moment == begin:
                results.first.append(results.strokes[-1])
            moment += PERIOD


async def take_turn(
    visitor: WebsocketVisitor, stroke: Recorded | None, moment: float, pace: Pace, results: Results
) -> None:
    """Send a stroke, or Clear, at a moment. Raises AnswerError."""
    await sleep_until(moment)
    sent = time.perf_counter()
    if stroke is None:
        answer, wanted = await visitor.clear(), "Draw one digit"
    else:
        answer = await visitor.draw(stroke.canvas_json.replace(stroke.seed, visitor.seed))
        wanted = f'data-testid="prediction">{stroke.digit}<'
        if visitor.holds_networks:
            pace.took.append(answer.bars - sent)
    if wanted not in answer.html:
        raise AnswerError(f"no {wanted} in the answer")
    results.strokes.append(answer.bars - moment)
    results.ends.append(answer.bars)


async def visit(
    url: str,
    drawings: Drawings,
    seconds: float,
    results: Results,
    random: np.random.Generator,
    everybody: asyncio.Barrier | None = None,
) -> None:
    """Arrive, wait for everybody, look around while the browser fetches the network, draw, and leave."""
    visitor = WebsocketVisitor(url)
    came = time.perf_counter()
    try:
        await visitor.arrive()
        results.arrivals.append(time.perf_counter() - came)
        if everybody:
            await everybody.wait()
        begin = time.perf_counter() + LOOK_AROUND + random.uniform(0, PERIOD)
        fetching = asyncio.create_task(fetch_later(visitor, random.uniform(0, LATEST_NETWORK)))
        mine = [drawings[i] for i in random.permutation(len(drawings))]
        await draw_for_a_while(visitor, mine, begin, seconds, results)
        await fetching
        await visitor.leave()
    except Exception as error:  # it is counted in the table, and the others go on
        results.errors.append(repr(error))
        if everybody:
            await everybody.abort()


async def fetch_later(visitor: WebsocketVisitor, seconds: float) -> None:
    """Let the browser fetch its networks after so many seconds."""
    await asyncio.sleep(seconds)
    await visitor.fetch_networks()


async def warm_up(servers: list[Server]) -> None:
    """Visit each server before the class comes: a server reads its networks for its first visitor."""
    for server in servers:
        visitor = WebsocketVisitor(server.url)
        await visitor.arrive()
        await visitor.leave()


async def fill_hall(
    url: str, visitors: int, drawings: Drawings, seconds: float = SECONDS, begin_together: bool = False
) -> Results:
    """Let all visitors arrive at the same moment."""
    results = Results()
    randoms = np.random.default_rng(0).spawn(visitors)
    everybody = asyncio.Barrier(visitors) if begin_together else None
    await asyncio.gather(*(visit(url, drawings, seconds, results, random, everybody) for random in randoms))
    return results


def milliseconds(seconds: list[float]) -> str:
    """Return median, p95 and p99 as text."""
    shares = statistics.quantiles(seconds, n=100)
    return f"p50 {1000 * shares[49]:.0f} ms, p95 {1000 * shares[94]:.0f} ms, p99 {1000 * shares[98]:.0f} ms"


def report(name: str, results: Results) -> None:
    """Print the table's rows for one hall."""
    rate = len(results.ends) / (max(results.ends) - min(results.ends))
    print(f"{name}: {len(results.strokes):,} answers, {rate:.0f} a second: {milliseconds(results.strokes)}", end="; ")
    print(f"{len(results.errors)} errors", flush=True)
    if results.first:
        arrived, first = max(results.arrivals), 1000 * max(results.first)
        print(f"all in after {arrived:.2f} s; slowest first stroke {first:.0f} ms")
    for error in sorted(set(results.errors))[:5]:
        print(f"    {results.errors.count(error)} times: {error[:300]}")


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return how many seconds these processes have kept a core busy so far."""
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return float(sum(each.user + each.system for each in times))


@contextmanager
def servers_at_one_address(count: int) -> Iterator[tuple[str, list[Server]]]:
    """Start servers, several of them behind nginx, and yield their address and the servers."""
    if count == 1:
        with Server() as server:
            yield server.url, [server]
    else:
        with Cluster(count) as cluster:
            yield cluster.url, cluster.servers


@contextmanager
def limited_to(percent: int | None, servers: list[Server]) -> Iterator[None]:
    """Limit each server to a share of a core, in slices as in a container. None: no limit."""
    with ExitStack() as limits:
        for server in servers if percent else []:
            pid = server.process.pid
            limit = subprocess.Popen(["cpulimit", "-l", str(percent), "-p", str(pid)], stdout=subprocess.DEVNULL)
            limits.callback(os.kill, pid, signal.SIGCONT)  # it may have been stopped
            limits.callback(limit.wait)
            limits.callback(limit.terminate)
        yield


def strokes(visitors: int, servers: int, percent: int | None) -> None:
    """Let visitors arrive and draw a stroke a second each."""
    drawings = record_drawings()
    with servers_at_one_address(servers) as (url, running), limited_to(percent, running):
        asyncio.run(warm_up(running))
        parties = [server.process.pid for server in running], [os.getpid()]
        began, before = time.perf_counter(), [cpu_seconds(party) for party in parties]
        results = asyncio.run(fill_hall(url, visitors, drawings, begin_together=percent is not None))
        took = time.perf_counter() - began
        shares = [(cpu_seconds(party) - at) / took for party, at in zip(parties, before, strict=True)]
        report(f"{visitors} visitors, {servers} server(s)", results)
        print(f"server memory {memory_of(*running):.0f} MiB", end="; ")
        print(f"cores taken: servers {shares[0]:.2f}, visitors {shares[1]:.2f}")


def soak(visitors: int) -> None:
    """Let visitors come and go, and watch the server's memory."""
    drawings = record_drawings()
    with Server() as server:
        asyncio.run(come_and_go(server, visitors, drawings))


async def come_and_go(server: Server, visitors: int, drawings: Drawings) -> None:
    """Let so many visitors in at a time. When one leaves, the next one comes."""
    results = Results()
    waiting = iter(np.random.default_rng(0).spawn(VISITS))

    async def seat() -> None:
        for random in waiting:
            await visit(server.url, drawings, STROKES_A_VISIT * PERIOD, results, random)

    seats = asyncio.gather(*(seat() for _ in range(visitors)))
    marks = iter([1_000, *range(5_000, VISITS * STROKES_A_VISIT, 5_000)])
    mark: float = next(marks)
    while not seats.done():
        await asyncio.sleep(0.1)
        if len(results.strokes) >= mark:
            print(
                f"after {mark:,} strokes and {len(results.arrivals):,} visits: {memory_of(server):.0f} MiB", flush=True
            )
            mark = next(marks, float("inf"))
    await seats
    report(f"{VISITS:,} visits, {visitors} at a time", results)
    print(f"at the end: {memory_of(server):.0f} MiB")


def training(visitors: int) -> None:
    """Let visitors draw while two others train, one after the other."""
    drawings = record_drawings()
    with Server() as server:
        asyncio.run(draw_beside_trainings(server.url, visitors, drawings))


async def draw_beside_trainings(url: str, visitors: int, drawings: Drawings) -> None:
    """Train with the notebook's settings, which keep the worker busy for longer than the others draw."""
    trainees = [WebsocketVisitor(url) for _ in range(2)]
    for trainee in trainees:
        await trainee.arrive("training", "images=60000&epochs=20")
        await trainee.press("train")
    watching = [asyncio.create_task(trainee.watch()) for trainee in trainees]
    results = await fill_hall(url, visitors, drawings, SECONDS / 2)
    running = sum(not task.done() for task in watching)
    report(f"{visitors} visitors while two train", results)
    print(f"trainings that were not over at the end: {running}")
    for task in watching:
        task.cancel()


def sliders(visitors: int) -> None:
    """Let each visitor move a slider every three seconds, for which the server reads the 10,000 test images."""
    with Server() as server:
        results = asyncio.run(move_sliders(server.url, visitors))
        report(f"{visitors} visitors with sliders", results)
        print(f"server memory {memory_of(server):.0f} MiB")


async def move_sliders(url: str, visitors: int) -> Results:
    """One half breaks a network, the other corrupts the images."""
    results = Results()
    randoms = np.random.default_rng(0).spawn(visitors)
    ways = itertools.cycle([break_network, corrupt_images])
    await asyncio.gather(*(way(url, results, random) for way, random in zip(ways, randoms, strict=False)))
    return results


async def break_network(url: str, results: Results, random: np.random.Generator) -> None:
    """Move the sliders on Inside that damage a network."""
    visitor = WebsocketVisitor(url)
    await visitor.arrive("inside")
    await slide_for_a_while(visitor, {"noise": range(0, 301, 5), "pruned": range(101)}, results, random)


async def corrupt_images(url: str, results: Results, random: np.random.Generator) -> None:
    """The page Test set."""
    visitor = WebsocketVisitor(url)
    await visitor.arrive("test_set")
    await visitor.choose("test_part", "Corruption")
    places = {
        "corruption_rotation": range(-90, 91, 5),
        "corruption_right": range(-10, 11),
        "corruption_down": range(-10, 11),
    }
    await slide_for_a_while(visitor, places, results, random)


async def slide_for_a_while(
    visitor: WebsocketVisitor, places: dict[str, range], results: Results, random: np.random.Generator
) -> None:
    """Move one slider after the other to random places."""
    begin = time.perf_counter() + SLIDE_PERIOD * random.uniform()
    for i in range(round(SECONDS / SLIDE_PERIOD)):
        moment = begin + i * SLIDE_PERIOD
        await sleep_until(moment)
        key = list(places)[i % len(places)]
        try:
            answer = await visitor.slide(key, float(random.choice(places[key])))
        except Exception as error:  # it is counted in the table
            results.errors.append(repr(error))
            return
        results.strokes.append(answer.finished - moment)
        results.ends.append(answer.finished)


def main() -> None:
    """Run the command line."""
    parts = {"soak": (soak, 100), "training": (training, 60), "sliders": (sliders, 30)}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hall")
    parser.add_argument("part", choices=["strokes", *parts])
    parser.add_argument("--visitors", type=int, help="default: 150; soak: 100; training: 60; sliders: 30")
    parser.add_argument("--servers", type=int, default=1, help="of `strokes`, default: %(default)s")
    parser.add_argument("--cpu", type=int, metavar="PERCENT", help="of a core for each server, of `strokes`")
    arguments = parser.parse_args()
    print(describe(), flush=True)
    if arguments.part == "strokes":
        strokes(arguments.visitors or 150, arguments.servers, arguments.cpu)
        return
    part, visitors = parts[arguments.part]
    part(arguments.visitors or visitors)


if __name__ == "__main__":
    main()
