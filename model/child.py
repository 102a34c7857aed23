"""A child process that reads what may come from anybody, with limits of time, memory and open files.

A damaged file can make its reader crash, eat all memory or never return, and while it reads, other threads of its
process may have to wait. So a child reads, and the server only takes plain bytes from it and checks them.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

SECONDS = 5.0
MEMORY = 512 * 2**20  # bytes

REFUSED = 3  # the child's exit code where its answer is the reason

# When a class uploads at once, each file has two cores' worth of its five seconds, and memory is for two children.
_AT_A_TIME = threading.BoundedSemaphore(2)


def ask(module: str, data: bytes, largest_answer: int) -> tuple[int, bytes]:
    """The exit code and the answer of a child that runs `module` on the data; the answer has one byte too many where it
    is too large. Raises TimeoutError where that takes longer than SECONDS, OSError where there is no room for a child.

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
                cwd=Path(__file__).parents[1],
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},  # each thread takes memory
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"longer than {SECONDS:.0f} seconds") from error
        answer.seek(0)
        return child.returncode, answer.read(largest_answer + 1)


def reply(read: Callable[[bytes], bytes], refusal: type[Exception], largest: int, largest_answer: int) -> int:
    """In the child: read standard input and write the answer to standard output; the exit code.

    read: from the data to the answer; raises `refusal` with the reason where it cannot. largest: bytes of data.
    """
    limit_this_process(largest_answer)
    try:
        answer, exit_code = read(sys.stdin.buffer.read(largest)), 0
    except refusal as error:
        answer, exit_code = str(error).encode(), REFUSED
    sys.stdout.buffer.write(answer)
    return exit_code


def limit_this_process(largest_answer: int) -> None:
    """Bound what reading may take from the machine, before the first byte of the data is read."""
    if sys.platform == "win32":
        return  # Windows has no such limits; the parent's clock works there, too
    import resource

    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: int(SECONDS) + 1,  # the parent's clock comes first, if the parent still lives
        resource.RLIMIT_FSIZE: largest_answer,
        resource.RLIMIT_NOFILE: 0,  # what is open stays open; no other file of the server can be opened
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        # macOS refuses a limit of memory that is below what it has set aside for every process
        with contextlib.suppress(ValueError) if sys.platform == "darwin" else contextlib.nullcontext():
            resource.setrlimit(limit, (value, value))
