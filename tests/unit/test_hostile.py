"""What benchmarks/fuzz.py sends by the thousand, a little of it: each input is accepted, or refused as it should be."""

import sys

import pytest

from benchmarks.fuzz import ENTRANCES, fuzz


@pytest.mark.skipif(sys.platform == "win32", reason="it waits for its reader with select, which takes sockets only")
@pytest.mark.parametrize(
    ("entrance", "count"), [(key, 2 if key.endswith("child") else 60) for key in ENTRANCES], ids=list(ENTRANCES)
)
def test_an_input_is_accepted_or_refused(entrance: str, count: int) -> None:
    row = fuzz(entrance, count)
    assert not row.failures, row.failures[0]
    assert row.inputs >= count
    assert row.accepted or count < 60, "some are honest"
