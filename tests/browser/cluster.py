"""Several servers of the app behind a real nginx with the shipped configuration, on this machine."""

import getpass
import os
import re
import shutil
import string
import subprocess
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from tests.browser.server import MAX_SECONDS, ROOT, Server, free_port

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
# /usr/sbin is not on every path.
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")


def local_configuration(servers: list[Server], port: int, folder: Path) -> str:
    """Return the shipped configuration with local addresses and paths, for a user who need not be root."""
    lines: list[str] = []
    for line in CONFIGURATION.read_text(encoding="utf-8").splitlines():
        if ":8501" in line:
            lines += [
                re.sub(r"\ba\b", letter, line.replace(":8501", f":{server.port}"))
                for letter, server in zip(string.ascii_lowercase, servers, strict=False)
            ]
        elif ":8502" not in line:
            lines.append(line)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"    {kind}_temp_path {folder / kind};\n" for kind in kinds)
    changes = {
        "user www-data;": f"user {getpass.getuser()};",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/log/nginx/": f"{folder}/",
        "/var/cache/nginx/": f"{folder}/",
        "http {\n": f"http {{\n{temporary}",
        "listen 80 ": f"listen 127.0.0.1:{port} ",
        "127.0.0.1:8500": f"127.0.0.1:{free_port()}",
    }
    text = "\n".join(lines)
    for shipped, here in changes.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    return text


class Cluster:
    """Servers behind one address. Use as a context manager.

    `url` is what a visitor opens; `servers` may be stopped and started one by one.
    """

    def __init__(self, count: int) -> None:
        self.servers = [Server() for _ in range(count)]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Cluster":
        with ExitStack() as starting:
            for server in self.servers:
                starting.enter_context(server)
            self.folder = Path(starting.enter_context(tempfile.TemporaryDirectory()))
            self._start_nginx()
            starting.callback(self._stop_nginx)
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def _start_nginx(self) -> None:
        """Start nginx, and return when it answers."""
        configuration = self.folder / "nginx.conf"
        configuration.write_text(local_configuration(self.servers, self.port, self.folder), encoding="utf-8")
        assert NGINX, "nginx is not installed"
        self.nginx = subprocess.Popen(
            [NGINX, "-p", str(self.folder), "-c", str(configuration), "-g", "daemon off;"], stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + MAX_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1)
                return
            except OSError:
                time.sleep(0.02)
        raise TimeoutError(f"nginx did not start:\n{self.complaints()}")

    def _stop_nginx(self) -> None:
        self.nginx.terminate()
        self.nginx.wait(timeout=MAX_SECONDS)

    def complaints(self) -> str:
        """Return nginx' error log."""
        return (self.folder / "error.log").read_text(encoding="utf-8")
