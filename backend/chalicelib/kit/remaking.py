"""Makes a file anew that a stranger sent, in a process of its own that may not grow, linger, or take us with it when it falls.

Decoders are large programs in C, and files are made to break them. What happens to the process is told as a refusal.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys

import msgspec
from msgspec import Struct

from chalicelib.kit import formats
from chalicelib.kit.formats import Format, Picture
from chalicelib.kit.refusing import Reason, Refused

# Bytes: what it may ask for to write into, and all that it may see. With the libraries it then holds less than 512 MB.
WRITABLE, ADDRESS_SPACE = 430 * 1024 * 1024, 1024 * 1024 * 1024
CPU_SECONDS = 8
SET_DUMPABLE = 4  # linux/prctl.h
WALL_SECONDS = 10


class Remade(Struct, frozen=True):
    """The new file, what it is, and a picture of each of its pages; a photograph is its own picture and has no others."""

    content_type: str
    body: bytes
    pages: tuple[Picture, ...]


class Broken(Exception):
    """The process could not do its work, whatever the file is: a fault of ours or of the machine, never the sender's."""


class _Told(Struct, frozen=True):
    """What the process says at its end."""

    remade: Remade | None = None
    reason: Reason | None = None


def checked(content: bytes, declared: str) -> Format:
    """The format by what stands at byte 0. Refused for an empty file, another format, or another one than was declared."""
    if not content:
        raise Refused(Reason.EMPTY)
    found = formats.sniffed(content)
    if found is None:
        raise Refused(Reason.FORMAT)
    if found not in formats.DECLARED.get(declared, frozenset()):
        raise Refused(Reason.DIFFERENT)
    return found


def remade(content: bytes, declared: str) -> Remade:
    """The file made anew, within bounds of memory and time. Refused, with the reason, where that cannot be; Broken where nothing can."""
    command = [sys.executable, "-S", "-m", "chalicelib.kit.remaking", checked(content, declared).value]
    try:
        done = subprocess.run(  # noqa: S603 - a program of ours; what a stranger sent is its input alone, and it knows none of our secrets
            command, input=content, env=_environ(), capture_output=True, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Broken("it did not end, though its processor time is bounded") from error
    if done.returncode < 0:  # a signal: its bounds ended it, or it fell; the file asks for more than any card or letter does
        raise Refused(Reason.LARGE)
    if done.returncode:
        raise Broken(done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200])
    told = msgspec.msgpack.decode(done.stdout, type=_Told)
    if told.remade is None:
        raise Refused(told.reason or Reason.UNREADABLE)
    return told.remade


def conceal() -> None:
    """Keep this process's memory and environment from the one that decodes, which is the same user's (prctl(2), PR_SET_DUMPABLE; Linux)."""
    ctypes.CDLL(None).prctl(SET_DUMPABLE, 0, 0, 0, 0)


def _environ() -> dict[str, str]:
    """The same code on the same path, and nothing else of ours: no key, no name of a table."""
    loader = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each), **loader}


def main(kind: Format) -> None:
    """Inside the process: bound it, read the file, make it anew, say what became of it."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (WRITABLE, WRITABLE))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        told = _Told(remade=_made(content, kind))
    except Refused as refused:
        told = _Told(reason=refused.reason)
    except MemoryError:
        told = _Told(reason=Reason.LARGE)
    sys.stdout.buffer.write(msgspec.msgpack.encode(told))


def _made(content: bytes, kind: Format) -> Remade:
    if kind is Format.PDF:
        from chalicelib.kit import papers  # each only where it is needed: loading them takes a quarter of a second

        paper = papers.remade(content)
        return Remade(Format.PDF.value, paper.body, paper.pages)
    from chalicelib.kit import pictures

    picture = pictures.remade(content, kind)
    return Remade(Format.JPEG.value, picture.body, (picture,))


if __name__ == "__main__":
    main(Format(sys.argv[1]))
