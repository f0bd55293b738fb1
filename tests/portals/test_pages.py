"""What every page of every clinic in every language must be."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import UndefinedError

from chalicelib.intake.records import Form
from chalicelib.kit import zone
from chalicelib.portals import actions as portals
from chalicelib.portals.actions.pages import CLINIC_PAGES, STAFF_PAGES, key
from chalicelib.portals.records import Page
from chalicelib.portals.rules.problems import IconMissing, Untranslated
from scripts.local import finding
from tests.portals import markup
from tests.portals.conftest import TEMPLATES, App, Mend
from tests.portals.markup import Document

PAGES = dict[str, Page]
METHODS = {"src", "href", "action"}


def documents(pages: PAGES) -> list[tuple[str, Document]]:
    return [(name, Document(page)) for name, page in pages.items() if markup.is_html(name)]


def test_every_clinic_has_every_page_in_each_of_its_languages(app: App, pages: PAGES) -> None:
    _, clinics, _ = app
    wanted = {
        f"patient/{clinic.id}/{tag.split('-')[0]}/{key(path)}" for clinic in clinics for tag in clinic.languages for path in CLINIC_PAGES
    }
    assert wanted <= pages.keys()
    assert {"patient/index.html", "patient/404.html"} <= pages.keys()
    assert {f"staff/{key(path)}" for path in STAFF_PAGES} <= pages.keys()
    assert {
        f"patient/{clinic.id}/{name}" for clinic in clinics for name in ("index.html", "icon.svg", "manifest.webmanifest")
    } <= pages.keys()


def test_the_addresses_that_the_edge_knows_are_those_that_there_are(app: App, pages: PAGES) -> None:
    layout = portals.layout()
    tongues = {clinic.id: portals.languages(clinic).split(",") for clinic in app[1]}
    made = {f"patient/{name}" for name in layout.brand} | {f"staff/{name}" for name in layout.staff}
    made |= {f"patient/{clinic}/{name}" for clinic in tongues for name in layout.clinic}
    made |= {f"patient/{clinic}/{tongue}/{name}" for clinic, spoken in tongues.items() for tongue in spoken for name in layout.tongue}
    forms = {name for name in pages if finding.matches(layout.forms, "/".join(name.split("/")[3:]))}
    assert len({name for name in forms if "/rest/" not in name}) == 10 * sum(map(len, tongues.values()))
    assert made | forms == {name for name in pages if "/a/" not in name}
    for name in pages:
        host, path = name.split("/", 1)
        clinic = finding.clinic(f"/{path}")
        found = finding.staff(f"/{path}") if host == "staff" else finding.patient(f"/{path}", tongues.get(clinic, ()))
        assert f"{host}/{found}" == name


def test_what_says_that_nothing_is_there_has_the_status_to_it(pages: PAGES) -> None:
    for name, page in pages.items():
        assert page.status == (404 if name.endswith("404.html") else 200), name


def test_files_of_one_name_have_the_same_headers(pages: PAGES) -> None:
    headers: dict[str, set[str]] = {}
    for name, page in pages.items():
        if "/a/" not in name:
            headers.setdefault(name.rpartition("/")[2], set()).add(page.headers)
    assert {name: len(each) for name, each in headers.items()} == dict.fromkeys(headers, 1)


def test_a_page_says_its_language_its_name_and_where_its_content_begins(app: App, pages: PAGES) -> None:
    tags = {f"{clinic.id}/{tag.split('-')[0]}": tag for clinic in app[1] for tag in clinic.languages}
    for name, document in documents(pages):
        (html,) = document.all("html")
        place = "/".join(name.split("/")[1:3])
        assert html["lang"] == tags.get(place, html["lang"]), name
        assert html["dir"] == "ltr"
        assert len(document.all("h1")) == 1, name
        assert len(document.all("main", id="main")) == 1
        assert document.all("a", href="#main")
        assert re.search(r"<title>\S[^<]+ – \S[^<]+</title>", document.source), name
        assert document.all("meta", name="description")[0]["content"], name


def test_nothing_is_inline(pages: PAGES) -> None:
    for name, document in documents(pages):
        assert document.inline == [], name
        for tag, attributes in document.tags:
            assert tag not in {"style", "iframe", "object", "embed", "base"}, name
            assert "style" not in attributes, (name, tag)
            assert not [attribute for attribute in attributes if attribute.startswith("on")], (name, tag)
            assert not attributes.get("href", "").startswith("javascript:")


def test_a_page_asks_nobody_else(pages: PAGES) -> None:
    for name, document in documents(pages):
        for attribute in METHODS:
            for address in document.texts(attribute):
                assert address.startswith(("/", "#", "tel:", "sms:", "mailto:")), (name, address)
                assert not address.startswith("//"), (name, address)


def test_every_address_on_a_page_leads_somewhere(pages: PAGES) -> None:
    for name, document in documents(pages):
        host = name.split("/")[0]
        for attribute in METHODS:
            for address in document.texts(attribute):
                if address.startswith("/"):
                    target = markup.key_of(host, address)
                    assert target in pages, (name, address)
                    fragment = address.partition("#")[2]
                    assert not fragment or f'id="{fragment}"' in pages[target].body.decode(), (name, address)
                elif address.startswith("#"):
                    assert f'id="{address[1:]}"' in document.source, (name, address)


def test_ids_are_unique_and_what_names_them_finds_them(pages: PAGES) -> None:
    for name, document in documents(pages):
        ids = Counter(document.texts("id"))
        assert [one for one, times in ids.items() if times > 1] == [], name
        for attribute in ("for", "aria-labelledby", "aria-describedby", "form"):
            for names in document.texts(attribute):
                assert set(names.split()) <= set(ids), (name, attribute, names)


def test_translations_of_a_page_name_each_other(app: App, pages: PAGES) -> None:
    clinic = next(clinic for clinic in app[1] if len(clinic.languages) > 1)
    for path in CLINIC_PAGES:
        if path.endswith(".html"):
            continue
        named = []
        for tag in clinic.languages:
            document = Document(pages[f"patient/{clinic.id}/{tag.split('-')[0]}/{key(path)}"])
            named.append({link["hreflang"]: link["href"] for link in document.all("link", rel="alternate")})
            others = [link for link in document.all("a") if "data-language" in link]
            assert {link["hreflang"] for link in others} == set(clinic.languages) - {tag}
            assert all(link["lang"] == link["hreflang"] for link in others)
        assert named[0] == named[1] == {tag: f"/{clinic.id}/{tag.split('-')[0]}/{path}" for tag in clinic.languages}


def test_a_sprite_holds_the_icons_of_its_page_and_no_others(pages: PAGES) -> None:
    for name, document in documents(pages):
        used = {use["href"].removeprefix("#") for use in document.all("use")}
        assert used == {symbol["id"] for symbol in document.all("symbol")}, name


def test_every_icon_we_keep_is_used(pages: PAGES) -> None:
    used = {symbol["id"] for _, document in documents(pages) for symbol in document.all("symbol")}
    assert {f"i-{path.stem}" for path in (TEMPLATES / "shell/icons").glob("*.svg")} == used


def test_the_footer_says_where_when_and_who(app: App, pages: PAGES) -> None:
    brand, clinics, _ = app
    for clinic in clinics:
        for tag in clinic.languages:
            text = pages[f"patient/{clinic.id}/{tag.split('-')[0]}/index.html"].body.decode().split("<footer")[1]
            for expected in (zone.VERSION, brand.name, clinic.name, clinic.address.line[0], clinic.address.postal_code, clinic.telephone):
                assert expected in text


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("north/en", "<td>8:00\u00a0AM – 12:00\u00a0PM<br>1:00\u00a0PM – 6:00\u00a0PM</td>"),
        ("north/en", "Monday to Friday"),
        ("north/es", "lunes a viernes"),
        ("north/es", "8:00\u00a0a.\u00a0m. – 12:00\u00a0p.\u00a0m."),
        ("south/en", "08:30 – 18:30"),
        ("north/es", "Habla inglés y español"),
        ("north/en", "In an emergency, call 911."),
        ("south/en", "In an emergency, call 999."),
        ("south/en", "London SE1 8XX"),
        ("north/en", "New Haven, CT 06511"),
    ],
)
def test_the_home_page_words_things_as_its_place_does(pages: PAGES, place: str, text: str) -> None:
    assert text in pages[f"patient/{place}/index.html"].body.decode()


@pytest.mark.parametrize(
    ("place", "order"), [("north/en", "month day year"), ("north/es", "day month year"), ("south/en", "day month year")]
)
def test_a_birth_date_is_asked_in_the_order_of_the_place(pages: PAGES, place: str, order: str) -> None:
    source = pages[f"patient/{place}/book/details/index.html"].body.decode()
    assert re.findall(r'name="birth-(\w+)"', source) == order.split()


def test_practitioners_are_offered_for_what_they_do(pages: PAGES) -> None:
    source = pages["patient/north/en/book/index.html"].body.decode()
    links = re.findall(r'href="/north/en/book/time/\?([^"]+)"', source)
    assert "service=annual" in links
    assert "service=annual&amp;practitioner=bea" in links
    assert links.index("service=annual") < links.index("service=annual&amp;practitioner=bea")
    assert "service=nurse&amp;practitioner=dana" in links
    assert "service=nurse" not in links  # one person alone: nothing to choose
    assert "service=nurse&amp;practitioner=bea" not in links


def test_a_clinic_without_online_booking_asks_for_a_call(app: App) -> None:
    brand, clinics, practitioners = app
    features = msgspec.structs.replace(clinics[0].features, self_booking=False)
    made = portals.render(brand, [msgspec.structs.replace(clinics[0], features=features)], practitioners)
    for path in ("book/", "book/time/"):
        source = made[f"patient/north/en/{path}index.html"].body.decode()
        assert "Please book by telephone" in source
        assert 'name="start"' not in source


def test_rendering_twice_gives_the_same_bytes(app: App, forms: dict[str, list[Form]], pages: PAGES) -> None:
    assert portals.render(*app, forms=forms) == pages


def _messages() -> set[str]:
    found = extract_from_dir(str(TEMPLATES), [("**.html", "jinja2.ext:babel_extract")], {"**.html": {"trimmed": "true", "silent": "false"}})
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", ["es"])
def test_the_catalogue_holds_every_text_of_the_templates_and_no_other(language: str) -> None:
    with (TEMPLATES / f"locale/{language}.po").open("rb") as opened:
        entries = [entry for entry in read_po(opened, locale=language) if entry.id]
    assert {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in entries} == _messages()
    for entry in entries:
        source = entry.id if isinstance(entry.id, str) else entry.id[0]
        for words in [entry.string] if isinstance(entry.string, str) else list(entry.string or ()):
            blanks = r"%\(\w+\)s|\{\w+\}"
            assert Counter(re.findall(blanks, words)) == Counter(re.findall(blanks, source)), source


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("locale/es.po", 'msgid "Book a visit"\nmsgstr "Reservar una cita"', 'msgid "Book a visit"\nmsgstr ""', "Book a visit"),
        ("locale/es.po", 'msgid "Book a visit"\nmsgstr', '#, fuzzy\nmsgid "Book a visit"\nmsgstr', "Book a visit"),
        ("locale/es.po", 'msgid "Book a visit"', 'msgid "Something else"', "Book a visit"),
        ("locale/es.po", 'msgstr[1] "{n} horarios"', 'msgstr[1] ""', "{n} time"),
        ("clinics/home.html", "{% trans %}Find us{% endtrans %}", "{% trans %}Brand new words{% endtrans %}", "Brand new words"),
    ],
    ids=["empty", "fuzzy", "missing", "no plural", "new in a template"],
)
def test_a_text_without_words_fails_the_publishing_and_is_named(app: App, changed: Mend, file: str, old: str, new: str, named: str) -> None:
    with pytest.raises(Untranslated, match=re.escape(named)):
        portals.render(*app, templates=changed(file, old, new))


def test_a_clinic_that_speaks_a_language_without_a_catalogue_fails_the_publishing(app: App, changed: Mend) -> None:
    brand, clinics, practitioners = app
    french = msgspec.structs.replace(clinics[1], languages=("en-CA", "fr-CA"))
    with pytest.raises(Untranslated, match="'fr'"):
        portals.render(brand, [french], practitioners)


def test_a_services_name_must_be_there_in_each_language(app: App) -> None:
    brand, clinics, practitioners = app
    renamed = msgspec.structs.replace(clinics[0].services[0], name={"en": "Annual check-up"})
    clinic = msgspec.structs.replace(clinics[0], services=(renamed, *clinics[0].services[1:]))
    with pytest.raises(Untranslated, match="Annual check-up"):
        portals.render(brand, [clinic], practitioners)


def test_an_unknown_icon_is_named(app: App) -> None:
    brand, clinics, practitioners = app
    drawn = msgspec.structs.replace(clinics[0].services[0], icon="unicorn")
    clinic = msgspec.structs.replace(clinics[0], services=(drawn, *clinics[0].services[1:]))
    with pytest.raises(IconMissing, match="unicorn"):
        portals.render(brand, [clinic], practitioners)


def test_a_template_may_not_speak_of_what_it_was_not_told(app: App, changed: Mend) -> None:
    with pytest.raises(UndefinedError, match="nothing_of_the_kind"):
        portals.render(*app, templates=changed("portals/problem.html", "<h1>", "<h1>{{ nothing_of_the_kind }}"))


def test_what_a_clinic_writes_stays_text(app: App) -> None:
    brand, clinics, practitioners = app
    clinic = msgspec.structs.replace(clinics[1], name="<b onclick=x>Rose & Sons</b>")
    source = portals.render(brand, [clinic], practitioners)["patient/prairie/en/index.html"].body.decode()
    assert "<b onclick" not in source
    assert "Rose &amp; Sons" in source


def test_licences_stand_beside_what_they_cover() -> None:
    assert "ISC License" in Path(TEMPLATES / "shell/icons/LICENSE").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in Path(TEMPLATES / "shell/fonts/LICENSE").read_text("utf-8")
