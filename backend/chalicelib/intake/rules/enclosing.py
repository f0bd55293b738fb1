"""Files that answers name: whether each is there, and whether it is what its question asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from chalicelib.intake.records import Answered, Form, Item
from chalicelib.intake.rules import differing

PICTURE = "image/"


class FileStanding(StrEnum):
    """What is known of a document that an answer names."""

    READY = "ready"
    UNDER_WAY = "under-way"
    GONE = "gone"  # another patient's, another visit's, taken back, refused, or none


class Enclosed(NamedTuple):
    """A file of the visit: of which kind it is, and once it is ready its media type and bytes (0: not known yet)."""

    standing: FileStanding
    kind: str = ""
    content_type: str = ""
    size: int = 0


NONE = Enclosed(FileStanding.GONE)


def news(form: Form, before: Answered, given: Answered) -> list[tuple[str, str]]:
    """Each place where a file is named that was not named there before, and the file's id."""
    known = _places(form, before)
    return [(path, file) for path, file in differing.files(form.items, given) if (differing.place(path), file) not in known]


def wrong(form: Form, named: Iterable[tuple[str, str]], files: Mapping[str, Enclosed], before: Answered) -> Iterator[tuple[str, str]]:
    """Of places and the ids that are named there: whose file is not there, or is not what is asked for.

    `before`: answers that were handed in. What staff have made of a file since then is not held against who named it.
    """
    items, known = dict(differing.walked(form.items)), _places(form, before)
    for path, file in named:
        found, place = files.get(file, NONE), differing.place(path)
        if found.standing is FileStanding.GONE:
            yield path, "no-file"
        elif (place, file) not in known and not _is_asked_for(items[place], found):
            yield path, "wrong-file"


def _places(form: Form, given: Answered) -> set[tuple[str, str]]:
    return {(differing.place(path), file) for path, file in differing.files(form.items, given)}


def waiting(form: Form, given: Answered, files: Mapping[str, Enclosed]) -> list[tuple[str, str]]:
    """Places whose file nobody can look at yet."""
    named = differing.files(form.items, given)
    return [(path, "file-under-way") for path, file in named if files.get(file, NONE).standing is FileStanding.UNDER_WAY]


def _is_asked_for(item: Item, found: Enclosed) -> bool:
    if item.document_kind and found.kind != item.document_kind:
        return False
    if found.standing is not FileStanding.READY:
        return True  # its type and size are known once it was made anew
    return _is_of(item.mime_types, found.content_type) and not (item.max_size and found.size > item.max_size)


def _is_of(types: Collection[str], found: str) -> bool:
    """Whether a file is of a type. A picture is one of any kind: all of them are made anew as one."""
    return not types or found in types or (found.startswith(PICTURE) and any(each.startswith(PICTURE) for each in types))
