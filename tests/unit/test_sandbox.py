"""One sandbox reads all files of strangers, and says in one sentence why it cannot read a file."""

import signal
import subprocess
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from model.files import sandbox
from model.files.gallery_file import GALLERY
from model.files.photographs import PHOTOGRAPH
from model.files.sandbox import FileKind, pack, read, unpack
from model.files.uploads import NETWORK

KINDS: list[FileKind[Any]] = [NETWORK, PHOTOGRAPH, GALLERY]


def refusal(kind: FileKind[Any], data: bytes = b"some") -> str:
    """Return the reason, which must be one short sentence."""
    with pytest.raises(kind.error) as refused:
        read(kind, data)
    reason = str(refused.value)
    assert "\n" not in reason
    assert reason.endswith(".")
    assert reason.count(". ") == 0
    assert len(reason) < 250
    return reason


@pytest.mark.parametrize("kind", KINDS, ids=[kind.module for kind in KINDS])
def test_another_kind_of_file_is_refused_by_the_child(kind: FileKind[Any]) -> None:
    assert refusal(kind).startswith("This ")
    assert "is empty" in refusal(kind, b"")
    assert f"larger than {kind.max_bytes // 2**20} MB" in refusal(kind, bytes(kind.max_bytes + 1))


@pytest.mark.parametrize("kind", KINDS, ids=[kind.module for kind in KINDS])
def test_a_child_that_takes_too_long_is_stopped(kind: FileKind[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_WAIT", 0.001)  # no process starts as quickly
    assert "took too long" in refusal(kind)


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="Windows does not bound how long a process may compute.")
def test_a_child_that_computes_for_too_long_is_stopped() -> None:
    kind = KINDS[0]._replace(module="tests.endless")
    assert "took too long" in refusal(kind)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.module for kind in KINDS])
def test_a_server_without_room_asks_to_try_again(kind: FileKind[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no memory for another process")

    monkeypatch.setattr(subprocess, "run", fail)
    assert "no room" in refusal(kind)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.module for kind in KINDS])
@pytest.mark.parametrize(
    "answer",
    [
        (-9, b""),
        (1, pack(None)),
        (0, b""),
        (0, b"no line of JSON"),
        (0, b"[]\n"),
        (0, b'[null, [["|O", [1]]]]\n12345678'),
        (0, b'[null, [["|u1", [-1]]]]\n1234'),
        (0, b'[null, [["<f4", [1000000, 1000000, 1000000]]]]\n1234'),
        (0, pack([], np.zeros(3))),
        (0, b" " * 50_000_000),
    ],
    ids=[
        "killed",
        "failed",
        "nothing",
        "noise",
        "no arrays",
        "objects",
        "negative",
        "more than is there",
        "odd",
        "large",
    ],
)
def test_an_answer_that_no_honest_child_gives_is_rejected(
    kind: FileKind[Any], answer: tuple[int, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "run", lambda *_: answer)
    assert "damaged" in refusal(kind)


def test_an_answer_is_unpacked_as_it_was_packed() -> None:
    before: list[npt.NDArray[Any]] = [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.array([], np.uint8),
        np.array([True, False]),
    ]
    header, after = unpack(pack(["any", 1], *before))
    assert header == ["any", 1]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype
        assert other.flags.owndata, "a view would keep the whole answer in memory"
