"""Takes guards away, one at a time and in this process: a function's source with one piece of text replaced, or a value.

The mutated source is compiled in the function's own module and put into the very function object (`__code__`), so that
every name under which somebody imported it is weakened too. Everything is put back when the block ends.
"""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from chalicelib.doors import endpoint


@dataclass(frozen=True)
class Weakness:
    """A guard that is taken away: in `function` of `module` the text `guard` becomes `gap`. `rows` are asked first."""

    name: str
    module: str
    function: str
    guard: str
    gap: str
    rows: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def _found(module: str, function: str) -> Any:
    found: Any = importlib.import_module(module)
    for name in function.split("."):
        found = inspect.getattr_static(found, name)
    found = found.fget if isinstance(found, property) else found
    return inspect.unwrap(found)


@contextmanager
def weakened(weakness: Weakness) -> Iterator[None]:
    """The house without that guard."""
    function = _found(weakness.module, weakness.function)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(weakness.guard) == 1, (
        f"{weakness.name}: the guard stands {source.count(weakness.guard)} times in {weakness.function}"
    )
    lines = source.replace(weakness.guard, weakness.gap)
    body = lines[lines.index("def ") :]  # without its decorators: they stay as they are
    names: dict[str, Any] = {}
    exec(compile("from __future__ import annotations\n" + body, f"<{weakness.name}>", "exec"), function.__globals__, names)
    plain = function.__code__
    function.__code__ = names[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = plain


@contextmanager
def swapped(mapping: dict[Any, Any], key: Any, value: Any) -> Iterator[None]:
    """A table of the house with another entry."""
    plain = mapping[key]
    mapping[key] = value
    try:
        yield
    finally:
        mapping[key] = plain


def _door(name: str) -> endpoint.Opened:
    """The door of that name."""
    from app import app

    views = [entry.view_function for methods in app.routes.values() for entry in methods.values()]
    return next(view for view in views if isinstance(view, endpoint.Opened) and view.operation.name == name)


@contextmanager
def other_door(name: str, **members: Any) -> Iterator[None]:
    """A door whose operation says something else."""
    door = _door(name)
    plain = door.operation
    door.operation = msgspec.structs.replace(plain, **members)
    try:
        yield
    finally:
        door.operation = plain


Opened = Callable[[], Any]
