"""Keeps what a library would like to import, but this house does not need there, out of the cold start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def without(name: str) -> Iterator[None]:
    """Inside the block `import name` fails, as if it were not installed; no effect where it is loaded already."""
    if name in sys.modules:
        yield
        return
    modules: dict[str, Any] = sys.modules
    modules[name] = None  # what Python itself takes for "not to be had"
    try:
        yield
    finally:
        del modules[name]
