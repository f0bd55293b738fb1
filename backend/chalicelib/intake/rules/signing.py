"""Signatures: how one comes, whether it is one, where one is wanted, and what is kept to show it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Record
from chalicelib.intake.records import Evidence, Form, Item, Signature
from chalicelib.intake.rules import consents
from chalicelib.intake.rules.deciding import Tree

MOST_POINTS = 20_000  # numbers of a drawn name, all strokes together: many times a long name
WIDE, HIGH = 1000, 300  # of the field that a name is drawn in


class Signed(Record, frozen=True, kw_only=True):
    """A signature as a page sends it: where, how, and the name; a drawn one with its strokes (x and y in turn, whole numbers)."""

    path: Annotated[str, Meta(max_length=500)]
    kind: Signature
    name: Annotated[str, Meta(max_length=200)]
    strokes: Annotated[tuple[tuple[int, ...], ...], Meta(max_length=500)] = ()


def complaints(tree: Tree, signatures: Sequence[Signed], excused: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each place that is to be signed with these answers and is not, but for those `excused`, and each that is signed and not asked for."""
    by_path, expected = {each.path: each for each in signatures}, _names(tree)
    for path, (item, name) in expected.items():
        if path in by_path:
            if not _is_signed(item, name, by_path[path]):
                yield path, "signature"
        elif path not in excused:
            yield path, "signature"
    yield from ((path, "unknown") for path in by_path if path not in expected)


def _names(tree: Tree) -> Mapping[str, tuple[Item, str]]:
    """Each place that is signed, and the name there."""
    nodes = (node for node in tree.nodes if node.item.signature)
    return {node.path: (node.item, str(one.value)) for node in nodes for one in tree.answers(node)[:1]}


def _is_signed(item: Item, name: str, signed: Signed) -> bool:
    if signed.kind not in item.signature or " ".join(signed.name.split()) != " ".join(name.split()):
        return False
    return _is_drawn(signed.strokes) if signed.kind is Signature.DRAWN else not signed.strokes


def _is_drawn(strokes: Sequence[Sequence[int]]) -> bool:
    """Lines of whole points that lie on the field: a single touch is no name."""
    within = all(0 <= number <= (HIGH if place % 2 else WIDE) for stroke in strokes for place, number in enumerate(stroke))
    points = sum(len(stroke) for stroke in strokes)
    return within and all(len(stroke) % 2 == 0 and stroke for stroke in strokes) and 4 <= points <= MOST_POINTS


def evidence(
    form: Form, signatures: Sequence[Signed], language: str, by: str, proved: tuple[str, ...], now: datetime
) -> tuple[Evidence, ...]:
    """What shows each signature, once all of them were checked."""
    return tuple(
        Evidence(
            path=each.path,
            kind=each.kind,
            name=" ".join(each.name.split()),
            strokes=each.strokes,
            at=now,
            language=language,
            canonical=form.canonical,
            sha256=consents.sha256(form, each.path, language),
            by=by,
            proved=proved,
        )
        for each in signatures
    )


def last(found: Sequence[Evidence]) -> dict[str, Evidence]:
    """Of each place the signature that was given last, whether it stands or was taken back."""
    return {each.path: each for each in found}
