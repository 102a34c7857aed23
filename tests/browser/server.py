"""A real server of the app on this machine, for browser tests and benchmarks."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAX_SECONDS = 120  # to start or stop on a busy machine


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """`streamlit run` as `make run` and the image start it, on a free port. Use as a context manager."""

    command = (sys.executable, "-m", "streamlit")

    def __init__(self, script: Path = ROOT / "streamlit_app.py") -> None:
        self.script = script
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (closed on leaving)

    def start(self) -> None:
        """Start the server, and return when it answers."""
        self.process = subprocess.Popen(
            [
                *(*self.command, "run", str(self.script)),
                *("--server.address", "127.0.0.1", "--server.port", str(self.port), "--server.headless", "true"),
            ],
            cwd=ROOT,
            env=os.environ | {"MALLOC_ARENA_MAX": "1"},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + MAX_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1)
                return
            except OSError:
                time.sleep(0.02)
        raise TimeoutError(f"The server did not start:\n{self.printed()}")

    def stop(self) -> None:
        """Stop the server as an operator would."""
        self.process.terminate()
        self.process.wait(timeout=MAX_SECONDS)

    def printed(self) -> str:
        """Return everything that the server has printed so far."""
        self.log.seek(0)
        return self.log.read()

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.log.close()
