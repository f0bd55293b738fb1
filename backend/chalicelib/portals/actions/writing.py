"""Objects on their way into the bucket: laid by until all of them are rendered, then written side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from msgspec.structs import replace

from chalicelib.kit.bucket import Bucket
from chalicelib.portals.records import Page

HELD = 32 * 1024 * 1024  # bytes in memory; what is more lies in a temporary file


class Spool:
    """Pages by key, their bytes in a file: a whole portal may be larger than the memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._laid: dict[str, tuple[int, int, Page]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._laid)

    def lay(self, key: str, page: Page) -> None:
        """Keep a page until it is asked for."""
        at = self._file.seek(0, 2)
        self._file.write(page.body)
        self._laid[key] = at, len(page.body), replace(page, body=b"")

    def page(self, key: str) -> Page:
        """The page as it was laid by."""
        at, size, page = self._laid[key]
        self._file.seek(at)
        return replace(page, body=self._file.read(size))


@contextmanager
def spool() -> Iterator[Spool]:
    """A place to lay pages by, gone with the block."""
    with SpooledTemporaryFile(max_size=HELD) as file:
        yield Spool(file)


def write(bucket: Bucket, laid: Spool, keys: Iterable[str], step: Callable[[], None]) -> None:
    """Put these into the bucket, as many at once as it has connections; a fault stops those that wait. `step` is called after each."""
    with ThreadPoolExecutor(bucket.connections, thread_name_prefix="writer") as pool:
        waiting: set[Future[None]] = set()
        try:
            for key in keys:
                if len(waiting) >= 2 * bucket.connections:
                    waiting = _settled(waiting, step)
                waiting.add(pool.submit(put, bucket, key, laid.page(key)))
            while waiting:
                waiting = _settled(waiting, step)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _settled(waiting: set[Future[None]], step: Callable[[], None]) -> set[Future[None]]:
    """Wait for the first to be done; raises what it met. Returns the others."""
    done, others = wait(waiting, return_when=FIRST_COMPLETED)
    for each in done:
        each.result()
        step()
    return others


def put(bucket: Bucket, key: str, page: Page) -> None:
    """One page with its headers; a status other than 200 is told as metadata, which the edge makes the answer's status."""
    told = {} if page.status == 200 else {"status": str(page.status)}
    bucket.put(key, page.body, page.content_type, page.cache_control, told)
