"""A child process that reads what may come from anybody, with limits of time, memory and open files.

A damaged file can make its reader crash, eat all memory or never return, and meanwhile other threads of its process may
have to wait. So a child reads the file, and the server takes nothing but plain arrays from the child and checks them.

One module describes each kind of file in a FileKind. The server calls `read` with it, and the child calls `serve`.
"""

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

Content = TypeVar("Content")

MAX_SECONDS = 5.0  # of computing
MAX_WAIT = 20.0  # seconds by the clock: a busy server reads an honest file, too
MAX_MEMORY_BYTES = 512 * 2**20

REFUSED = 3  # the child's exit code if its answer is the reason for refusing the file
MAX_REASON_BYTES = 1_000
MAX_HEADER_BYTES = 100_000  # of JSON in an answer

# When a class uploads at once, two children share the cores, and the memory suffices.
_CHILD_SLOTS = threading.BoundedSemaphore(2)


class FileKind(NamedTuple, Generic[Content]):
    """A kind of file that strangers bring, and what the visitor is advised to do when one cannot be read."""

    module: str  # the module that the child runs
    max_bytes: int
    max_answer_bytes: int
    unpack_answer: Callable[[bytes], Content]  # raises for an answer that no honest child gives
    error: type[Exception]  # its message tells the visitor in one sentence what happened and what to do
    name: str  # "file" or "picture"
    if_empty: str
    if_too_large: str
    if_unreadable: str


def read(kind: FileKind[Content], data: bytes) -> Content:
    """Read a stranger's file in a child process and return what is in it. Raises the kind's error.

    Takes at most MAX_WAIT seconds once its turn has come.
    """
    if not data:
        raise kind.error(f"This file is empty: {kind.if_empty}.")
    if len(data) > kind.max_bytes:
        raise kind.error(f"This file is larger than {kind.max_bytes // 2**20} MB: {kind.if_too_large}.")
    try:
        exit_code, answer = run(kind.module, data, kind.max_answer_bytes)
    except TimeoutError as error:
        raise kind.error(f"Reading this {kind.name} took too long and was stopped: {kind.if_unreadable}.") from error
    except OSError as error:  # no memory for another process, say
        raise kind.error(f"The server has no room to read this {kind.name} now: try again in a minute.") from error
    if exit_code == REFUSED:
        raise kind.error(answer[:MAX_REASON_BYTES].decode(errors="replace"))
    try:
        if exit_code != 0 or len(answer) > kind.max_answer_bytes:
            raise ValueError(f"The child's exit code is {exit_code}, and its answer has {len(answer)} bytes.")
        return kind.unpack_answer(answer)
    except Exception as error:  # an answer that no honest child gives can raise anything
        raise kind.error(f"This {kind.name} is damaged and cannot be read: {kind.if_unreadable}.") from error


def run(module: str, data: bytes, max_answer_bytes: int) -> tuple[int, bytes]:
    """Run `module` on the data in a child, and return its exit code and its answer.

    An answer that is too large is cut off one byte above the limit. Raises TimeoutError if the child takes longer than
    MAX_SECONDS or MAX_WAIT, OSError if there is no room for a child.

    They talk through files. With pipes, a child that does not read could block this process on Windows, and a child
    that never stops writing could fill its memory.
    """
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer, _CHILD_SLOTS:
        question.write(data)
        question.seek(0)
        try:
            child = subprocess.run(
                [sys.executable, "-m", module],
                stdin=question,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).parents[2],
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},  # each thread takes memory
                timeout=MAX_WAIT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"longer than {MAX_WAIT:.0f} seconds") from error
        if hasattr(signal, "SIGXCPU") and child.returncode == -signal.SIGXCPU:
            raise TimeoutError(f"more than {MAX_SECONDS:.0f} seconds of computing")
        answer.seek(0)
        return child.returncode, answer.read(max_answer_bytes + 1)


def serve(kind: FileKind[Any], read: Callable[[bytes], bytes]) -> int:
    """Answer in the child: read standard input, write the answer to standard output, and return the exit code.

    read: makes the answer from the data; raises the kind's error if it cannot.
    """
    limit_this_process(kind.max_answer_bytes)
    try:
        answer, exit_code = read(sys.stdin.buffer.read(kind.max_bytes)), 0
    except kind.error as error:
        answer, exit_code = str(error).encode(), REFUSED
    sys.stdout.buffer.write(answer)
    return exit_code


def pack(header: Any, *arrays: npt.NDArray[Any]) -> bytes:
    """Return an answer: a line of JSON with the header and each array's type and shape, then the arrays."""
    line = json.dumps([header, [[array.dtype.str, array.shape] for array in arrays]])
    return b"".join([line.encode(), b"\n", *(array.tobytes() for array in arrays)])


def unpack(answer: bytes) -> tuple[Any, list[npt.NDArray[Any]]]:
    """Return the header and the arrays that `pack` wrote. Raises any exception for anything else."""
    end = answer.index(b"\n", 0, MAX_HEADER_BYTES) + 1
    header, types = json.loads(answer[:end])
    arrays = []
    for dtype, shape in types:
        if min(shape, default=0) < 0:
            raise ValueError("an array of a negative size")
        array = np.frombuffer(answer, np.dtype(dtype), math.prod(shape), end).reshape(shape)
        end += array.nbytes
        arrays.append(array.copy())  # a view would keep the whole answer in memory
    return header, arrays


def limit_this_process(max_answer_bytes: int) -> None:
    """Limit what reading may take from the machine. Called before the first byte of the data is read."""
    if sys.platform == "win32":
        return  # Windows has no such limits, but the parent's clock works there, too
    import resource

    limits = {
        resource.RLIMIT_AS: MAX_MEMORY_BYTES,
        resource.RLIMIT_CPU: int(MAX_SECONDS),  # the system sends SIGXCPU, and a second later SIGKILL
        resource.RLIMIT_FSIZE: max_answer_bytes,
        resource.RLIMIT_NOFILE: 0,  # what is open stays open; no other file of the server can be opened
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        # macOS refuses a memory limit below what it sets aside for every process
        with contextlib.suppress(ValueError) if sys.platform == "darwin" else contextlib.nullcontext():
            resource.setrlimit(limit, (value, value + 1 if limit == resource.RLIMIT_CPU else value))
