"""What a publishing has to do: what there is, what there should be, and the order from the one to the other.

What there is is learnt from the bucket itself: S3's listing gives each object's MD5, so that neither a run that was killed nor a hand
in the bucket can make a list of ours wrong. What a listing does not tell lies in one small object, the note: with which headers files
of each name were last written, and which addresses the edge has still to forget.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from chalicelib.portals.actions.writing import Spool
from chalicelib.portals.records import Page, Published

MOST = 100  # addresses forgotten one by one; for more, all of a host is fetched anew, which counts as one
EVERYTHING = "/*"
FINGERPRINTED, ICONS, CARDS, CLINICS, HOSTS = range(5)  # see `turn`


class Note(Struct, frozen=True, kw_only=True):
    """What the bucket's listing does not tell."""

    headers: Mapping[str, str] = {}  # the last part of a key -> what its files were written with
    pending: Mapping[str, Sequence[str]] = {}  # host -> addresses that the edge has still to forget

    def written(self) -> bytes:
        """As it lies in the bucket."""
        return json.dumps({"headers": self.headers, "pending": self.pending}, indent=1, sort_keys=True).encode()


class Wanted(Struct, kw_only=True):
    """What was rendered: every key, and the headers of the files of each name."""

    keys: set[str] = set()
    headers: dict[str, str] = {}


class Plan(Struct, frozen=True, kw_only=True):
    """What a publishing has to do. `before` and `after` are the note while something is still to be done, and when all is."""

    published: Published
    languages: Mapping[str, str]  # of clinics that are new or speak otherwise than before
    gone: Sequence[str]  # clinics that are no more
    before: Note
    after: Note


def read(note: bytes | None) -> Note:
    """The note, or an empty one where there is none (or one of another make: then every page is written once more)."""
    found = json.loads(note or b"{}")
    return Note(headers=found.get("headers", {}), pending=found.get("pending", {}))


def compare(rendered: Iterable[tuple[str, Page]], there: Mapping[str, str], note: Note, laid: Spool) -> Wanted:
    """Lay by every page that is not in the bucket as it should be; `there` is key -> tag."""
    wanted = Wanted()
    for key, page in rendered:
        wanted.keys.add(key)
        same = there.get(key) == page.tag
        if turn(key) != FINGERPRINTED:  # those change their address with their headers
            wanted.headers[_name(key)] = page.headers
            same = same and note.headers.get(_name(key)) == page.headers
        if not same:
            laid.lay(key, page)
    return wanted


def plan(wanted: Wanted, changed: Collection[str], there: Collection[str], note: Note) -> Plan:
    """The way from what is there to what is wanted, for a bucket that nothing stands before."""
    writes = sorted(changed, key=lambda key: (turn(key), key))
    gone = (key for key in there if key not in wanted.keys and turn(key) != FINGERPRINTED)
    removes = sorted(gone, key=lambda key: (-turn(key), key))
    published = Published(written=tuple(writes), removed=tuple(removes), kept=len(wanted.keys) - len(writes))
    return Plan(published=published, languages={}, gone=(), before=note, after=Note(headers=wanted.headers))


def with_edge(made: Plan, there: Collection[str], told: Mapping[str, str], known: Mapping[str, str]) -> Plan:
    """The same, where an edge must be told. `told` are all clinics' languages, `known` what it knows of them."""
    new = {clinic: spoken for clinic, spoken in told.items() if known.get(clinic) != spoken}
    gone = sorted(known.keys() - told.keys())
    stale = [*(key for key in made.published.written if key in there and turn(key) != FINGERPRINTED), *made.published.removed]
    pending = _pending(made.before.pending, stale)
    published = Published(
        written=made.published.written,
        removed=made.published.removed,
        kept=made.published.kept,
        languages=(*sorted(new), *gone),
        forgotten=tuple(host + address for host, addresses in pending.items() for address in addresses),
    )
    before = Note(headers=made.before.headers, pending=pending)
    return Plan(published=published, languages=new, gone=gone, before=before, after=made.after)


def _pending(old: Mapping[str, Sequence[str]], stale: Iterable[str]) -> dict[str, Sequence[str]]:
    """The addresses of these keys and those left over from a run that was broken off, by host."""
    found = {host: set(addresses) for host, addresses in old.items()}
    for key in stale:
        host, _, place = key.partition("/")
        found.setdefault(host, set()).update(_addresses(place))
    return {host: sorted(each) if len(each) <= MOST and EVERYTHING not in each else (EVERYTHING,) for host, each in sorted(found.items())}


def _addresses(place: str) -> Iterable[str]:
    """An object as readers ask for it, and as the edge asks for it: the edge's maker recommends to name both."""
    yield f"/{place}"
    if place.endswith("index.html"):
        yield f"/{place.removesuffix('index.html')}"


def in_turn(keys: Iterable[str]) -> Iterable[Sequence[str]]:
    """Keys that stand in the order of their turns, each turn by itself."""
    return ([*each] for _, each in groupby(keys, turn))


def turn(key: str) -> int:
    """When a key is written: what pages name before the pages, the pages of a clinic before those that lead to them."""
    host, first, *rest = key.split("/")
    if first == "a":
        return FINGERPRINTED
    if not key.endswith(".html"):
        return ICONS if key.endswith(".svg") else CARDS
    return CLINICS if host == "patient" and rest else HOSTS


def _name(key: str) -> str:
    return key.rpartition("/")[2]
