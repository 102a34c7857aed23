"""A child process that reads what may come from anybody, with limits of time, memory and open files.

A damaged file can make its reader crash, eat all memory or never return, and while it reads, other threads of its
process may have to wait. So a child reads, and the server only takes plain arrays from it and checks them.

Of each kind of file, one module says what it is (FileKind). The server calls `read` with that; the child calls `reply`.
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
MAX_MEMORY_BYTES = 512 * 2**20  # bytes

REFUSED = 3  # the child's exit code where its answer is the reason
MAX_REASON_BYTES = 1_000  # bytes
MAX_HEADER_BYTES = 100_000  # bytes of JSON in an answer

# When a class uploads at once, each file has two cores' worth of its five seconds, and memory is for two children.
_AT_A_TIME = threading.BoundedSemaphore(2)


class FileKind(NamedTuple, Generic[Content]):
    """A kind of file that strangers bring."""

    module: str  # what the child runs
    largest: int  # bytes of the file
    largest_answer: int  # bytes of what the child says of it
    unpack: Callable[[bytes], Content]  # what such an answer means; raises for what no honest child says
    refusal: type[Exception]  # its message is one sentence for the visitor: what happened, and what to do
    name: str  # "file" or "picture", and what to do where there is nothing in it,
    choose: str
    smaller: str  # where it is too large,
    again: str  # and where its reader breaks off


def read(kind: FileKind[Content], data: bytes) -> Content:
    """What is in a stranger's file, as a child has read it. Raises the kind's refusal.

    Takes MAX_WAIT at most, once its turn has come.
    """
    if not data:
        raise kind.refusal(f"This file is empty: {kind.choose}.")
    if len(data) > kind.largest:
        raise kind.refusal(f"This file is larger than {kind.largest // 2**20} MB: {kind.smaller}.")
    try:
        exit_code, answer = run(kind.module, data, kind.largest_answer)
    except TimeoutError as error:
        raise kind.refusal(
            f"Reading this {kind.name} took longer than it may and was stopped: {kind.again}."
        ) from error
    except OSError as error:  # no memory for another process, say
        raise kind.refusal(f"The server has no room to read this {kind.name} now: try again in a minute.") from error
    if exit_code == REFUSED:
        raise kind.refusal(answer[:MAX_REASON_BYTES].decode(errors="replace"))
    try:
        if exit_code != 0 or len(answer) > kind.largest_answer:
            raise ValueError(f"The child's exit code is {exit_code}, and its answer has {len(answer)} bytes.")
        return kind.unpack(answer)
    except Exception as error:  # whatever an answer raises that no honest child gives
        raise kind.refusal(f"This {kind.name} is damaged, so that its reader broke off: {kind.again}.") from error


def run(module: str, data: bytes, largest_answer: int) -> tuple[int, bytes]:
    """The exit code and the answer of a child that runs `module` on the data; the answer has one byte too many where it
    is too large. Raises TimeoutError where that takes longer than SECONDS or MAX_WAIT, OSError where there is no room
    for a child.

    They talk through files, because with pipes a child that does not read could stop this process on Windows, and one
    that never ends to write could fill its memory.
    """
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer, _AT_A_TIME:
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
        return child.returncode, answer.read(largest_answer + 1)


def serve(kind: FileKind[Any], read: Callable[[bytes], bytes]) -> int:
    """In the child: read standard input and write the answer to standard output; the exit code.

    read: from the data to the answer; raises the kind's refusal where it cannot.
    """
    limit_this_process(kind.largest_answer)
    try:
        answer, exit_code = read(sys.stdin.buffer.read(kind.largest)), 0
    except kind.refusal as error:
        answer, exit_code = str(error).encode(), REFUSED
    sys.stdout.buffer.write(answer)
    return exit_code


def pack(header: Any, *arrays: npt.NDArray[Any]) -> bytes:
    """An answer: a line of JSON with the header and each array's kind and shape, then the arrays."""
    line = json.dumps([header, [[array.dtype.str, array.shape] for array in arrays]])
    return b"".join([line.encode(), b"\n", *(array.tobytes() for array in arrays)])


def unpack(answer: bytes) -> tuple[Any, list[npt.NDArray[Any]]]:
    """The header and the arrays that `pack` wrote. Raises one exception or another for anything else."""
    end = answer.index(b"\n", 0, MAX_HEADER_BYTES) + 1
    header, kinds = json.loads(answer[:end])
    arrays = []
    for kind, shape in kinds:
        if min(shape, default=0) < 0:
            raise ValueError("an array of a negative size")
        array = np.frombuffer(answer, np.dtype(kind), math.prod(shape), end).reshape(shape)
        end += array.nbytes
        arrays.append(array.copy())  # or each would hold on to the whole answer
    return header, arrays


def limit_this_process(largest_answer: int) -> None:
    """Bound what reading may take from the machine, before the first byte of the data is read."""
    if sys.platform == "win32":
        return  # Windows has no such limits; the parent's clock works there, too
    import resource

    limits = {
        resource.RLIMIT_AS: MAX_MEMORY_BYTES,
        resource.RLIMIT_CPU: int(MAX_SECONDS),  # the system says so by SIGXCPU, and ends what goes on by SIGKILL
        resource.RLIMIT_FSIZE: largest_answer,
        resource.RLIMIT_NOFILE: 0,  # what is open stays open; no other file of the server can be opened
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        # macOS refuses a limit of memory that is below what it has set aside for every process
        with contextlib.suppress(ValueError) if sys.platform == "darwin" else contextlib.nullcontext():
            resource.setrlimit(limit, (value, value + 1 if limit == resource.RLIMIT_CPU else value))
