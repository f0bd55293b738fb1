"""Publishing that is broken off anywhere leaves a portal that fits together, and the next run finishes it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import pytest

from chalicelib.kit.bucket import Bucket
from chalicelib.portals import actions as portals
from chalicelib.portals.actions import planning, publishing, writing
from chalicelib.portals.records import Page, Published
from chalicelib.portals.rules.problems import Untranslated
from tests.portals import markup
from tests.portals.conftest import TEMPLATES, App, Mend

pytestmark = pytest.mark.thorough

PAGES = dict[str, Page]
NOTE = publishing.NOTE


class Killed(Exception):
    """Nothing gets through any more."""


class Life:
    """Lets so many changes through, one at a time, and none after them."""

    def __init__(self, changes: float = float("inf")) -> None:
        self.left = changes
        self._lock = threading.Lock()

    def spend(self, change: Callable[[], object]) -> None:
        """Make the change, or raise Killed."""
        with self._lock:
            if self.left <= 0:
                raise Killed
            self.left -= 1
            change()


class Memory(Bucket):
    """A bucket in this process; objects are pages, as they would be served."""

    def __init__(self, life: Life, connections: int) -> None:
        super().__init__("memory", connections)
        self.life, self.kept = life, dict[str, Page]()

    def put(self, key: str, body: bytes, content_type: str, cache_control: str, metadata: Mapping[str, str] | None = None) -> None:
        status = int((metadata or {}).get("status", 200))
        page = Page(body=body, content_type=content_type, cache_control=cache_control, status=status)
        self.life.spend(lambda: self.kept.update({key: page}))

    def get(self, key: str, version: str = "") -> bytes | None:
        assert not version, "pages have none"
        return self.kept[key].body if key in self.kept else None

    def tags(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        return ((key, page.tag) for key, page in sorted(self.kept.items()) if key.startswith(prefix))

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.life.spend(lambda key=key: self.kept.pop(key, None))  # type: ignore[misc]  # mypy loses the default's type

    @property
    def pages(self) -> PAGES:
        """All but the note."""
        return {key: page for key, page in self.kept.items() if key != NOTE}


class Told:
    """An edge that notes what it is told."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.known: dict[str, str] = {}
        self.forgotten: set[str] = set()

    def languages(self) -> Mapping[str, str]:
        return dict(self.known)

    def tell(self, languages: Mapping[str, str], gone: Collection[str]) -> None:
        for clinic, spoken in languages.items():
            self.life.spend(lambda clinic=clinic, spoken=spoken: self.known.update({clinic: spoken}))  # type: ignore[misc]  # mypy loses the default's type
        for clinic in gone:
            self.life.spend(lambda clinic=clinic: self.known.pop(clinic, None))  # type: ignore[misc]  # mypy loses the default's type

    def forget(self, host: str, addresses: Sequence[str]) -> None:
        self.life.spend(lambda: self.forgotten.update(host + address for address in addresses))


class World:
    """A bucket and an edge, and the life of whoever changes them."""

    def __init__(self, connections: int = 16) -> None:
        self.life = Life()
        self.bucket, self.edge = Memory(self.life, connections), Told(self.life)

    def publish(self, app: App, **options: Any) -> Published:
        return portals.publish_portals(self.bucket, *app, edge=self.edge, **options)

    def copy(self, connections: int = 16) -> World:
        """Another just like it, whose edge nobody has told to forget anything."""
        other = World(connections)
        other.bucket.kept.update(self.bucket.kept)
        other.edge.known.update(self.edge.known)
        return other


@pytest.fixture(scope="module")
def before(app: App) -> App:
    """Two clinics, one of them with two languages."""
    brand, clinics, practitioners = app
    return brand, clinics[:2], practitioners


@pytest.fixture(scope="module")
def after(app: App) -> App:
    """The first has one language less and another telephone, the second is gone, a third has come."""
    brand, clinics, practitioners = app
    north = msgspec.structs.replace(clinics[0], languages=("en-US",), telephone="+1 203 555 0199")
    return brand, [north, clinics[2]], practitioners


@pytest.fixture
def world(before: App) -> World:
    """With the two clinics published."""
    made = World()
    made.publish(before)
    return made


@cache
def _named(host: str, body: bytes) -> frozenset[str]:
    """The keys of all that a page or a manifest loads."""
    if body.startswith(b"{"):
        return frozenset(markup.key_of(host, icon["src"]) for icon in msgspec.json.decode(body)["icons"])
    document = markup.Document(Page(body=body, content_type="", cache_control=""))
    loaded = [
        link["href"] for rel in ("stylesheet", "modulepreload", "preload", "icon", "manifest") for link in document.all("link", rel=rel)
    ]
    return frozenset(markup.key_of(host, address) for address in (*loaded, *(script["src"] for script in document.all("script"))))


def fits_together(world: World) -> None:
    """Every page loads only what is there, and every language that the edge knows of has all its pages."""
    for key, page in world.bucket.pages.items():
        if key.endswith((".html", ".webmanifest")):
            assert _named(key.split("/")[0], page.body) <= world.bucket.kept.keys(), key
    layout = portals.layout()
    for clinic, spoken in world.edge.known.items():
        wanted = {f"patient/{clinic}/{tongue}/{name}" for tongue in spoken.split(",") for name in layout.tongue}
        assert wanted | {f"patient/{clinic}/{name}" for name in layout.clinic} <= world.bucket.kept.keys()


def is_whole(world: World, rendered: PAGES, old: PAGES) -> None:
    """The bucket holds what was rendered with its headers, old assets, and nothing else; the note has nothing left to do."""
    assert {key: page for key, page in world.bucket.pages.items() if key in rendered or "/a/" not in key} == rendered
    assert world.bucket.pages.keys() <= rendered.keys() | old.keys()
    assert planning.read(world.bucket.get(NOTE)).pending == {}


@pytest.mark.parametrize("writers", [1, 16])
@pytest.mark.parametrize("templates", ["the same", "changed"])
def test_a_publishing_that_is_killed_anywhere_fits_together_and_is_finished_by_the_next(
    world: World, after: App, changed: Mend, monkeypatch: pytest.MonkeyPatch, writers: int, templates: str
) -> None:
    look = changed("shell/css/tokens.css", "--text-xs: .75rem", "--text-xs: .7rem") if templates == "changed" else TEMPLATES
    rendered = portals.render(*after, templates=look)
    monkeypatch.setattr(publishing, "printed", lambda *_, **__: iter(rendered.items()))
    whole = world.copy()
    done = whole.publish(after)
    killed = 0
    while True:
        other = world.copy(writers)
        other.life.left = killed
        try:
            other.publish(after)
            break
        except Killed:
            fits_together(other)
        other.life.left = float("inf")
        other.publish(after)
        fits_together(other)
        is_whole(other, rendered, world.bucket.pages)
        assert other.edge.known == whole.edge.known
        assert all(any(each in other.edge.forgotten for each in (address, f"{address.split('/')[0]}/*")) for address in done.forgotten), (
            killed
        )
        killed += 1
    assert killed > len(done.written) + len(done.removed) + len(done.languages)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(world: World, after: App) -> None:
    other = world.copy()
    world.life.left = 0
    said = world.publish(after, dry_run=True)
    assert said == other.publish(after)
    assert said.written
    assert said.removed
    assert said.forgotten
    assert said.languages == ("north", "south", "prairie")


def test_publishing_again_tells_the_edge_nothing(world: World, before: App) -> None:
    world.life.left = 0
    done = world.publish(before)
    assert (done.written, done.removed, done.languages, done.forgotten) == ((), (), (), ())


def test_the_edge_knows_each_clinic_s_languages_its_own_first(world: World) -> None:
    assert world.edge.known == {"north": "en,es", "prairie": "en"}


def test_what_is_new_is_forgotten_by_nobody(world: World) -> None:
    assert world.edge.forgotten == set()


def test_one_clinic_s_change_is_forgotten_and_no_more(world: World, before: App) -> None:
    brand, clinics, practitioners = before
    done = world.publish((brand, [clinics[0], msgspec.structs.replace(clinics[1], telephone="+1 204 555 0199")], practitioners))
    assert world.edge.forgotten == set(done.forgotten)
    assert {"patient/prairie/en/book/", "patient/prairie/en/book/index.html", "patient/prairie/en/404.html"} <= world.edge.forgotten
    assert {address.split("/")[1] for address in world.edge.forgotten} == {"prairie"}
    assert {f"patient/{key}" for key in ("prairie/icon.svg", "prairie/manifest.webmanifest")}.isdisjoint(world.edge.forgotten)


def test_more_than_a_hundred_addresses_are_forgotten_as_a_whole(
    world: World, before: App, changed: Mend, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.copy().publish(before, templates=changed("shell/css/tokens.css", "--text-xs: .75rem", "--text-xs: .7rem"))
    monkeypatch.setattr(planning, "MOST", 40)  # between what the staff's host has and the patients'
    brand, clinics, practitioners = before
    assert world.publish((msgspec.structs.replace(brand, name="Another"), clinics, practitioners)).forgotten == (
        "patient/*",
        *sorted(
            f"staff/{name}" for key in portals.layout().staff if key.endswith(".html") for name in {key, key.removesuffix("index.html")}
        ),
    )


def test_other_headers_write_every_file_of_that_name_anew(world: World, before: App, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {
        key: msgspec.structs.replace(page, cache_control="no-cache") if key.endswith("icon.svg") else page
        for key, page in portals.render(*before).items()
    }
    monkeypatch.setattr(publishing, "printed", lambda *_, **__: iter(pages.items()))
    done = world.publish(before)
    assert set(done.written) == {key for key in pages if key.endswith("icon.svg")}
    is_whole(world, pages, world.bucket.pages)
    assert world.publish(before).written == ()


def test_what_a_hand_changed_in_the_bucket_is_put_right(world: World, before: App) -> None:
    rendered = portals.render(*before)
    world.bucket.put("patient/north/en/index.html", b"mine", "text/html", "no-store")
    world.bucket.delete(["patient/icon.svg"])
    world.bucket.put("patient/elsewhere/index.html", b"mine", "text/html", "no-store")
    done = world.publish(before)
    assert (done.written, done.removed) == (("patient/icon.svg", "patient/north/en/index.html"), ("patient/elsewhere/index.html",))
    is_whole(world, rendered, rendered)


@pytest.mark.parametrize("note", [None, b"{}", b'{"patient/index.html": "a digest of old"}'])
def test_without_a_note_pages_are_written_once_more(world: World, before: App, note: bytes | None) -> None:
    world.bucket.kept.pop(NOTE)
    if note is not None:
        world.bucket.put(NOTE, note, "application/json", "no-store")
    done = world.publish(before)
    assert set(done.written) == {key for key in world.bucket.pages if "/a/" not in key}
    assert world.publish(before).written == ()


def test_nothing_is_written_unless_all_can_be_rendered(world: World, before: App) -> None:
    brand, clinics, practitioners = before
    french = msgspec.structs.replace(clinics[1], languages=("en-CA", "fr-CA"))
    world.life.left = 0
    with pytest.raises(Untranslated, match="'fr'"):
        world.publish((msgspec.structs.replace(brand, name="Another"), [clinics[0], french], practitioners))


def test_writes_go_side_by_side_and_each_turn_ends_before_the_next(before: App, monkeypatch: pytest.MonkeyPatch) -> None:
    world, four, order, put = World(), threading.Barrier(4), list[int](), Memory.put
    first = iter(range(4))  # handed out one by one, whoever asks

    def slow(self: Memory, key: str, *rest: Any) -> None:
        if key != NOTE:
            if planning.turn(key) == planning.CLINICS and next(first, None) is not None:
                four.wait(30)
            order.append(planning.turn(key))
        put(self, key, *rest)

    monkeypatch.setattr(Memory, "put", slow)
    world.publish(before)
    assert order == sorted(order)
    assert next(first, None) is None


def test_a_write_that_is_refused_stops_those_that_wait(before: App) -> None:
    world = World()
    world.life.left = 3
    with pytest.raises(Killed):
        world.publish(before)
    assert len(world.bucket.kept) == 3


def test_who_looks_on_sees_every_step(before: App) -> None:
    world, steps = World(), list[tuple[str, int, int]]()
    done = world.publish(before, seen=lambda *step: steps.append(step))
    written = len(done.written)
    assert steps == [("Rendering", 1, 2), ("Rendering", 2, 2), *(("Writing", number, written) for number in range(1, written + 1))]


def test_a_portal_larger_than_the_memory_is_laid_by_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "HELD", 10)
    pages = {str(number): Page(body=bytes([number]) * number, content_type="a", cache_control="b", status=404) for number in range(9)}
    with writing.spool() as laid:
        for key, page in pages.items():
            laid.lay(key, page)
        assert {key: laid.page(key) for key in reversed([*laid])} == pages
