"""A package that was installed under a running server."""

import site
import sys
import venv
from pathlib import Path

import pytest

from tests.browser.server import Server
from tests.protocol_visitor import ProtocolVisitor


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_the_page_explains_a_canvas_installed_under_a_running_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.create(tmp_path, symlinks=True)
    (packages,) = tmp_path.glob("lib/python*/site-packages")
    later = []
    for package in (each for folder in site.getsitepackages() for each in Path(folder).iterdir()):
        link = packages / package.name
        if package.name.startswith("streamlit_drawable_canvas"):
            later.append((link, package))
        else:
            link.symlink_to(package)
    monkeypatch.setattr(Server, "command", (str(tmp_path / "bin" / "python"), *Server.command[1:]))
    with Server() as server:
        for link, package in later:
            link.symlink_to(package)
        for page in ("", "inside", "training"):
            with ProtocolVisitor(server.url, page) as visitor:
                (alert,) = visitor.run().of_kind("alert")
                assert "restart it" in alert.body
                assert not visitor.of_kind("exception")
                assert [link.page for link in visitor.of_kind("page_link")], "and the menu is there"
