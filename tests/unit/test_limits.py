"""Uploads meet the same limit in Python, in Streamlit, and in the proxies in front of it."""

import re
import tomllib
from pathlib import Path

from model.files.limits import MAX_GALLERY_BYTES, MAX_NETWORK_BYTES, MAX_PHOTOGRAPH_BYTES

ROOT = Path(__file__).parents[2]
MAX_FILE_BYTES = max(MAX_NETWORK_BYTES, MAX_PHOTOGRAPH_BYTES, MAX_GALLERY_BYTES)
MAX_REQUEST_MEGABYTES = MAX_FILE_BYTES // 2**20 + 1  # a request is a little larger than the file in it


def test_streamlit_accepts_the_largest_file_and_no_larger() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["server"]["maxUploadSize"] * 2**20 == MAX_FILE_BYTES


def test_the_proxies_let_the_largest_file_through() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    assert max(map(int, re.findall(r"client_max_body_size (\d+)m;", nginx))) == MAX_REQUEST_MEGABYTES
    kubernetes = (ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")
    assert re.findall(r"proxy-body-size: (\d+)m", kubernetes) == [str(MAX_REQUEST_MEGABYTES)]
