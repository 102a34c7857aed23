"""A photograph of 10 megapixels, as a phone takes it: `python -m benchmarks.photograph`.

Measures how long `read_photograph` takes, the peak memory of its child process, and whether this process grows. Only
Linux tells the peak of a process that is still running.
"""

import io
import os
import statistics
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import psutil
from PIL import Image

from benchmarks.made_photographs import make_photograph
from model.files.photographs import read_photograph
from model.offline.drawn_digits import draw_digit
from model.pen_digits import PenDigit

SIZE = (3648, 2736)
TIMES = 10
MEBIBYTE = 2**20


def large_photograph(kind: str) -> bytes:
    """Return an artificial photograph of 10 megapixels, with a fine grain of its own."""
    random = np.random.default_rng(0)
    label, strokes = draw_digit(random)
    small = np.asarray(Image.open(io.BytesIO(make_photograph([PenDigit(label, "", "", strokes)], random))))
    large = cv2.resize(small, SIZE, interpolation=cv2.INTER_CUBIC).astype(np.int16)
    large += random.integers(-6, 7, large.shape, dtype=np.int16)
    file = io.BytesIO()
    Image.fromarray(np.clip(large, 0, 255).astype(np.uint8)).save(file, kind, quality=90)
    return file.getvalue()


class Watch(threading.Thread):
    """Watches the peak memory of this process' children."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.start()

    def run(self) -> None:
        """Look at the children again and again, until the program ends."""
        while True:
            for child in psutil.Process().children():
                try:
                    status = Path(f"/proc/{child.pid}/status").read_text()
                except OSError:  # it has ended
                    continue
                # A child is a copy of this process until it has become another program.
                if child.pid != os.getpid() and "VmHWM:" in status and is_reader(child):
                    self.peak = max(self.peak, int(status.split("VmHWM:")[1].split()[0]) * 1024)
            time.sleep(0.002)


def is_reader(child: psutil.Process) -> bool:
    """Return whether the child has become the program that reads."""
    try:
        return "model.files.photograph_ink" in child.cmdline()
    except psutil.Error:
        return False


def main() -> None:
    """Run the command line."""
    print(f"{SIZE[0]} x {SIZE[1]} pixels, {TIMES} times each, {os.cpu_count()} cores")
    watch = Watch()
    for kind in ("JPEG", "PNG", "WEBP"):
        data = large_photograph(kind)
        read_photograph(data)
        before, watch.peak, seconds = psutil.Process().memory_info().rss, 0, []
        for _ in range(TIMES):
            start = time.perf_counter()
            read_photograph(data)
            seconds.append(time.perf_counter() - start)
        grown = psutil.Process().memory_info().rss - before
        print(
            f"{kind:5s} {len(data) / MEBIBYTE:5.1f} MiB: median {statistics.median(seconds):.2f} s, "
            f"worst {max(seconds):.2f} s; child's peak {watch.peak / MEBIBYTE:.0f} MiB; "
            f"this process has grown by {grown / MEBIBYTE:.1f} MiB"
        )


if __name__ == "__main__":
    main()
