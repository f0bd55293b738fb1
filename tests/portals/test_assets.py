"""Stylesheets, modules and what a first load weighs."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from chalicelib.intake.records import Form
from chalicelib.portals import actions as portals
from chalicelib.portals.records import Page
from tests.portals import markup
from tests.portals.conftest import TEMPLATES, App, Mend
from tests.portals.markup import Document

PAGES = dict[str, Page]
Forms = dict[str, list[Form]]
KB = 1024
BUDGET = {"text/html": 6 * KB, "text/css": 8 * KB, "text/javascript": 10 * KB, "font/woff2": 20 * KB}
STYLESHEETS = sorted((TEMPLATES / "shell/css").glob("*.css"))
MODULES = sorted(TEMPLATES.glob("*/*.js"))
# What would tie a rule to left-to-right, or to a writing mode.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-(?:margin|padding))-(?:top|right|bottom|left)|top|right|bottom|left|"
    r"(?:min-|max-)?(?:width|height)|float|clear)\s*:|:\s*(?:left|right)\s*[;}]"
)
SHORTHAND = re.compile(r"(?<![\w-])(?:margin|padding|inset|border-radius):\s*([^;}]+)")


def _lopsided(css: str) -> list[str]:
    """Four-sided shorthands whose two inline sides differ: they would not turn round with the text."""
    found = [re.sub(r"\([^()]*\)", "()", re.sub(r"\([^()]*\)", "()", value)).split() for value in SHORTHAND.findall(css)]
    return [" ".join(sides) for sides in found if len(sides) == 4 and sides[1] != sides[3]]


def _keys(pages: PAGES) -> list[str]:
    return [key for key in pages if markup.is_html(key)]


def test_a_first_load_keeps_to_the_budget(pages: PAGES) -> None:
    for key in _keys(pages):
        load = markup.first_load(pages, key)
        assert len(load) <= 10, (key, list(load))
        assert sum(load.values()) <= 60 * KB, (key, load)
        for kind, most in BUDGET.items():
            total = sum(bytes_ for found, bytes_ in load.items() if pages[found].content_type.startswith(kind))
            assert total <= most, (key, kind, total)


def test_a_page_names_all_the_modules_it_will_need(pages: PAGES) -> None:
    for key in _keys(pages):
        host, document = key.split("/")[0], Document(pages[key])
        preloaded = {markup.key_of(host, link["href"]) for link in document.all("link", rel="modulepreload")}
        for script in document.all("script"):
            assert script["type"] == "module"
            own, *imported = markup.modules(pages, markup.key_of(host, script["src"]))
            assert set(imported) == preloaded, key
            assert own not in preloaded


def test_every_module_and_stylesheet_is_used_by_some_page(pages: PAGES) -> None:
    used = {found for key in _keys(pages) for found in markup.first_load(pages, key)}
    used |= {found for key in used if key.endswith(".js") for found in markup.modules_in_time(pages, key)}
    for host, foreign in {"patient/": "/theme.css", "staff/": "/theme-"}.items():
        there = {key for key in pages if key.endswith((".js", ".css")) and key.startswith(host)}
        assert {key for key in there if foreign not in key} <= used


def _there_in_time(pages: PAGES, key: str, attribute: str) -> set[str]:
    """What a page has; that of a form also what it brings from other pages (intake/bringing.js)."""
    found = set(Document(pages[key]).texts(attribute))
    if "/form/" in key:
        home = "/".join(key.split("/")[:3])
        found |= {each for path in ("forms/parts/", "documents/") for each in Document(pages[f"{home}/{path}index.html"]).texts(attribute)}
    return found


def test_every_word_and_element_a_module_asks_for_is_on_its_pages(pages: PAGES) -> None:
    for key in _keys(pages):
        host, document = key.split("/")[0], Document(pages[key])
        for script in document.all("script"):
            needed = markup.modules_in_time(pages, markup.key_of(host, script["src"]))
            source = "\n".join(pages[name].body.decode() for name in needed)
            source = re.sub(r"(?m)^\s*//.*$", "", source)
            words = set(re.findall(r"\bword\('([\w-]+)'", source))
            plurals = {f"{name}-other" for name in re.findall(r"\bcount\('([\w-]+)'", source)}
            missing = (words | plurals) - _there_in_time(pages, key, "data-word")
            assert missing == set(), (key, missing)
            asked = {name for names in re.findall(r"\$\('((?:#[\w-]+)(?: [^']*)?)'\)", source) for name in re.findall(r"#([\w-]+)", names)}
            asked |= set(re.findall(r"clone\('([\w-]+)'\)", source))
            assert asked <= (there := _there_in_time(pages, key, "id")), (key, asked - there)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_modules_texts_end_on_the_line_they_begin_on(module: Path) -> None:
    """What is published has no indents and no lines that look like comments; inside a text both would mean something."""
    assert [line for line in module.read_text("utf-8").splitlines() if line.count("`") % 2] == []


def test_published_modules_carry_no_comments_and_no_indents(pages: dict[str, Page]) -> None:
    modules = {key: page.body.decode() for key, page in pages.items() if key.endswith(".js")}
    assert len(modules) > 10
    assert [key for key, text in modules.items() if any(line.startswith((" ", "//")) or not line for line in text.splitlines())] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_makes_no_markup_and_runs_no_text(module: Path) -> None:
    source = module.read_text("utf-8")
    for banned in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "new Function", "srcdoc", "DOMParser",
                   "setAttribute('on", "setAttribute('style", ".style.", "localStorage", "http://", "https://"):  # fmt: skip
        assert banned not in source, banned
    assert len(source.splitlines()) <= 250


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_says_nothing_in_its_own_words(module: Path) -> None:
    source = re.sub(r"//.*", "", module.read_text("utf-8"))
    spoken = [
        text for text in re.findall(r"'([^'\n]*)'", source) if re.search(r"[A-Z][a-z]+ [a-z]|[a-z]\. |[a-z]+ [a-z]+ [a-z]+ [a-z]+", text)
    ]
    assert spoken == []


@pytest.mark.parametrize("sheet", STYLESHEETS, ids=lambda path: path.name)
def test_a_stylesheet_knows_no_left_and_right(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    css = re.sub(r"@media[^{]*", "", css)
    assert [found.group() for found in PHYSICAL.finditer(css)] + _lopsided(css) == []


@pytest.mark.parametrize("sheet", STYLESHEETS, ids=lambda path: path.name)
def test_colours_come_from_the_theme_alone(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;,) ])", css) == []
    shadows = re.compile(r"(?:--shadow[\w-]*|box-shadow|::backdrop \{ background):[^;}]*")
    assert "rgb(" not in shadows.sub("", css)


def test_every_token_that_is_used_is_set(pages: PAGES) -> None:
    sheets = {key: page.body.decode() for key, page in pages.items() if key.endswith(".css")}
    for key, theme in sheets.items():
        if "/theme" in key:
            host = key.split("/")[0]
            portal = next(css for key, css in sheets.items() if key.startswith(host) and "/theme" not in key)
            assert set(re.findall(r"var\((--[\w-]+)", portal)) <= set(re.findall(r"(--[\w-]+)\s*:", portal + theme)), key


def test_a_theme_sets_the_same_colours_by_day_and_by_night(pages: PAGES) -> None:
    for key, page in pages.items():
        if "/theme" in key:
            day, night = page.body.decode().split("@media")
            assert set(re.findall(r"(--[\w-]+):#", day)) == set(re.findall(r"(--[\w-]+):#", night)) != set()


def test_assets_never_change_and_pages_may(pages: PAGES) -> None:
    for key, page in pages.items():
        lasting = "immutable" in page.cache_control
        assert lasting == (key.split("/")[1] == "a"), key
        assert page.body, key
        assert page.content_type


def _prints(pages: PAGES, *, themes: bool) -> set[str]:
    """The fingerprints of the themes, or of all other assets save the rules of forms, which have one each."""
    return {key.split("/")[2] for key in pages if "/a/" in key and not key.endswith(".json") and ("/theme" in key) == themes}


def test_one_changed_asset_changes_the_address_of_all_but_the_themes(app: App, pages: PAGES, changed: Mend) -> None:
    made = portals.render(*app, templates=changed("shell/css/tokens.css", "--text-xs: .75rem", "--text-xs: .7rem"))
    assert len(_prints(pages, themes=False)) == len(_prints(made, themes=False)) == 1
    assert _prints(pages, themes=False) != _prints(made, themes=False)
    assert _prints(pages, themes=True) == _prints(made, themes=True)


def test_a_clinic_that_changes_its_colours_leaves_all_others_as_they_are(app: App, forms: Forms, pages: PAGES) -> None:
    brand, clinics, practitioners = app
    theme = msgspec.structs.replace(clinics[0].theme, brand="#7a3e9d", radius=4)
    made = portals.render(brand, [msgspec.structs.replace(clinics[0], theme=theme), *clinics[1:]], practitioners, forms=forms)
    changed = {key for key in made.keys() | pages.keys() if made.get(key) != pages.get(key)}
    assert {key for key in changed if not key.startswith("patient/north/")} == {
        key for key in made.keys() | pages.keys() if key.endswith("/theme-north.css")
    }


def test_a_clinic_that_joins_leaves_all_others_as_they_are(app: App, forms: Forms, pages: PAGES) -> None:
    brand, clinics, practitioners = app
    made = portals.render(brand, [*clinics, msgspec.structs.replace(clinics[0], id="northwest")], practitioners, forms=forms)
    changed = {key for key in pages if made.get(key) != pages[key]}
    assert changed == {"patient/index.html"}


def test_staff_get_no_module_of_the_patients_and_patients_none_of_the_staff(pages: PAGES) -> None:
    scripts = {
        host: {key.split("/", 3)[3] for key in pages if key.startswith(f"{host}/a/") and key.endswith(".js")}
        for host in ("patient", "staff")
    }
    assert not [name for name in scripts["patient"] if name.startswith("staff/")]
    assert {name.split("/")[0] for name in scripts["staff"]} == {"staff", "shell"}
