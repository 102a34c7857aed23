"""The address that a class is invited to."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.widgets.app.qr_code import MAX_ADDRESS_CHARACTERS, address_of


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://inkling.example/inside?layer=2#top", "https://inkling.example/"),
        ("http://192.168.1.7:8501/", "http://192.168.1.7:8501/"),
        ("http://[::1]:8501/training", "http://[::1]:8501/"),
    ],
)
def test_qr_code_leads_to_the_front_page(url: str, address: str) -> None:
    assert address_of(url) == address


@pytest.mark.parametrize(
    "url",
    ["", "inkling.example", "javascript:alert(1)", "https://", f"https://a.example/{'a' * MAX_ADDRESS_CHARACTERS}"],
)
def test_malformed_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not the address"):
        address_of(url)


@given(st.text(max_size=50) | st.text(max_size=50).map("https://".__add__))
def test_any_text_is_an_address_or_refused(url: str) -> None:
    with contextlib.suppress(ValueError):
        assert address_of(url).startswith(("http://", "https://"))
