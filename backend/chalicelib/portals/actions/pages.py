"""The pages: which there are, what each is told, and how it is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket as Compiled

from chalicelib.clinics.records import EMERGENCY, Brand, Clinic
from chalicelib.intake.actions import questionnaires
from chalicelib.intake.records import Form
from chalicelib.kit.problem import Problem
from chalicelib.people.records import Practitioner
from chalicelib.portals.actions import forming
from chalicelib.portals.actions.assets import HOUR, ICON, Bundle, theme_of
from chalicelib.portals.actions.icons import Sprite
from chalicelib.portals.actions.wording import SOURCE, Tongue, catalogue
from chalicelib.portals.records import Layout, Page
from chalicelib.portals.rules import opening

HTML, MANIFEST = "text/html; charset=utf-8", "application/manifest+json"
MINUTE = "public, max-age=60"  # a page is small; a new publishing shows within a minute
NOT_FOUND = "404.html"
CARD = "manifest.webmanifest"  # what a phone shows when the portal is put on its home screen
# Address on the patients' host -> template.
BRAND_PAGES = {
    "": "portals/choose_clinic.html",
    NOT_FOUND: "portals/nowhere.html",
}
# Address below /{clinic}/{lang}/ -> template. A module beside a template, of the same name, is the page's own.
CLINIC_PAGES = {
    "": "clinics/home.html",
    "book/": "booking/choose_service.html",
    "book/time/": "booking/choose_time.html",
    "book/details/": "booking/details.html",
    "book/done/": "booking/done.html",
    "visits/": "visits/my_visits.html",
    "visit/": "visits/visit.html",
    "documents/": "documents/documents.html",
    "forms/": "intake/forms.html",
    "forms/parts/": "intake/parts.html",
    "account/": "accounts/account.html",
    "kiosk/": "accounts/kiosk.html",
    "problem/": "portals/problem.html",
    NOT_FOUND: "portals/not_found.html",
}
SHEET = "portal.css"
SHEETS_OF_THEIR_OWN = {"documents/documents.html": "papers.css", "intake/forms.html": forming.SHEET, "intake/parts.html": forming.SHEET}
# Address on the staff's host, below its root -> template.
STAFF_PAGES = {
    "": "staff/today.html",
    "sign-in/": "staff/sign_in.html",
    "invitation/": "staff/invitation.html",
    "recovery/": "staff/recovery.html",
    "set-up/": "staff/set_up.html",
    "people/": "staff/people.html",
    "person/": "staff/person.html",
    "devices/": "staff/devices.html",
    "audit/": "staff/audit.html",
    "patients/": "staff/patients.html",
    "documents/": "staff/documents.html",
    "documents/visit/": "staff/visit_documents.html",
    "visit-forms/": "staff/visit_forms.html",
    "forms/": "staff/forms.html",
    "forms/edit/": "staff/form_edit.html",
    NOT_FOUND: "portals/nowhere.html",
}
STAFF_SHEETS = dict.fromkeys(("staff/forms.html", "staff/form_edit.html"), "staff-forms.css") | {
    "staff/visit_forms.html": "staff-visit.css"
}


def key(address: str) -> str:
    """The bucket key of an address: a path that ends in a slash is its index.html."""
    return f"{address}index.html" if not address or address.endswith("/") else address


def layout() -> Layout:
    """Which pages there are, for whoever has to know an address without asking the bucket."""
    return Layout(
        brand=(ICON, *map(key, BRAND_PAGES)),
        clinic=(ICON, CARD, key("")),
        tongue=tuple(map(key, CLINIC_PAGES)),
        staff=(ICON, *map(key, STAFF_PAGES)),
        forms=forming.KEYS,
    )


class _Compiled(BytecodeCache):
    """Templates compiled in this process: compiling is four fifths of a rendering, and languages can share it."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Compiled) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Compiled) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class Press:
    """Prints pages of one brand from one set of templates; remembers by language what does not change from page to page."""

    def __init__(self, *, brand: Brand, templates: Path, bundle: Bundle, version_notes: str) -> None:
        self.brand = brand
        self.templates = templates
        self.bundle = bundle
        self.version_notes = version_notes
        self.environment = cache(self._environment)
        self.words = cache(lambda language: catalogue(language, templates))
        self.tongue = cache(Tongue)

    def _environment(self, language: str) -> Environment:
        made = Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            bytecode_cache=_COMPILED,
            auto_reload=False,
        )
        made.policies["ext.i18n.trimmed"] = True
        made.install_gettext_translations(self.words(language), newstyle=True)  # type: ignore[attr-defined]  # the extension's method
        made.globals |= {"brand": self.brand, "version_notes": self.version_notes, "asset": self.bundle.href}
        made.globals |= {"tongue_of": self.tongue, "spoken_in": self._spoken_in}
        return made

    def _print(self, address: str, template: str, tongue: Tongue, theme: str, sheet: str = SHEET, **told: Any) -> Page:
        """One page; `theme` is the clinic's id, or empty for the brand's own look; `sheet` is its host's."""
        sprite = Sprite(self.bundle.cabinet)
        script = template.removesuffix(".html") + ".js"
        scripted = script in self.bundle.modules
        day, night = self.bundle.palettes[theme]
        text = (
            self.environment(tongue.primary)
            .get_template(template)
            .render(
                tongue=tongue,
                path=address,
                icon=sprite.icon,
                sprite=sprite.sprite,
                stylesheets=[sheet, theme_of(theme)],
                script=script if scripted else "",
                modules=self.bundle.modules[script] if scripted else [],
                ground=(day.card, night.card),
                **told,
            )
        )
        return Page(body=text.encode(), content_type=HTML, cache_control=MINUTE, status=404 if address == NOT_FOUND else 200)

    def _spoken_in(self, tag: str, text: str) -> str:
        """A text of the templates in another language than the page's."""
        return self.words(self.tongue(tag).primary).gettext(text)

    def clinic_pages(self, clinic: Clinic, practitioners: Sequence[Practitioner], forms: Sequence[Form] = ()) -> dict[str, Page]:
        """A clinic's pages in each of its languages, those of its forms too, its chooser of languages and its manifest, by key."""
        tongues = [self.tongue(tag) for tag in clinic.languages]
        made = {f"{clinic.id}/{CARD}": self._manifest(clinic, tongues[0])}
        made[key(f"{clinic.id}/")] = self._print("", "portals/choose_language.html", tongues[0], clinic.id, clinic=clinic)
        about = self._about(clinic, practitioners)
        for tongue in tongues:
            told = self._in(tongue, tongues, clinic, about)
            for path, template in CLINIC_PAGES.items():
                made[key(f"{clinic.id}/{tongue.primary}/{path}")] = self._print(
                    path, template, tongue, clinic.id, SHEETS_OF_THEIR_OWN.get(template, SHEET), **told
                )
        for form in forms:
            made |= self._form_pages_or_none(clinic, tongues, about, form)
        return made

    def _form_pages_or_none(self, clinic: Clinic, tongues: Sequence[Tongue], about: Mapping[str, Any], form: Form) -> dict[str, Page]:
        """A form's pages; one that cannot be shown is left out, and keeps nothing else from being published."""
        try:
            return dict(self._form_pages(clinic, tongues, about, form))
        except Problem:  # of the templates, not of this form
            raise
        except Exception as fault:
            questionnaires.left_out(clinic.id, form.id, form.version, f"{type(fault).__name__}: {fault}")
            return {}

    def _form_pages(self, clinic: Clinic, tongues: Sequence[Tongue], about: Mapping[str, Any], form: Form) -> Iterator[tuple[str, Page]]:
        """A form's pages in each of the clinic's languages, and its rules beside them, by key."""
        yield forming.rules(form)
        for tongue in tongues:
            told = {**self._in(tongue, tongues, clinic, about), **forming.about(form, tongue, clinic)}
            for path, template in forming.addresses(form).items():
                page = self._print(path, template, tongue, clinic.id, forming.SHEET, **told)
                yield key(f"{clinic.id}/{tongue.primary}/{path}"), page

    def _in(self, tongue: Tongue, tongues: Sequence[Tongue], clinic: Clinic, about: Mapping[str, Any]) -> dict[str, Any]:
        """What every page of a clinic may speak of in one of its languages."""
        return {**about, "home": f"/{clinic.id}/{tongue.primary}/", "others": [other for other in tongues if other is not tongue]}

    def _about(self, clinic: Clinic, practitioners: Sequence[Practitioner]) -> dict[str, Any]:
        """What every page of a clinic may speak of, in any language."""
        return {
            "clinic": clinic,
            "practitioners": practitioners,
            "able": {
                service.id: [who for who in practitioners if (role := who.role(clinic.id)) and service.id in role.services]
                for service in clinic.services
            },
            "hours": opening.opening(clinic.hours),
            "emergency": EMERGENCY.get(clinic.address.country, ""),
        }

    def _manifest(self, clinic: Clinic, tongue: Tongue) -> Page:
        """The web app manifest: what a phone shows when the portal is put on its home screen."""
        day, _ = self.bundle.palettes[clinic.id]
        document = {
            "name": clinic.name,
            "short_name": clinic.name,
            "description": tongue.of(clinic.tagline),
            "lang": tongue.tag,
            "dir": tongue.direction,
            "id": f"/{clinic.id}/",
            "scope": f"/{clinic.id}/",
            "start_url": f"/{clinic.id}/{tongue.primary}/",
            "display": "standalone",
            "theme_color": day.card,
            "background_color": day.bg,
            "icons": [{"src": f"/{clinic.id}/{ICON}", "sizes": "any", "type": "image/svg+xml"}],
        }
        return Page(body=json.dumps(document, ensure_ascii=False, indent=1).encode(), content_type=MANIFEST, cache_control=HOUR)

    def brand_pages(self, clinics: Sequence[Clinic]) -> dict[str, Page]:
        """The front page that leads to each clinic, and the page for what is nowhere, by key."""
        tongue = self.tongue(clinics[0].languages[0] if clinics else SOURCE)
        return {key(path): self._print(path, template, tongue, "", clinics=clinics) for path, template in BRAND_PAGES.items()}

    def staff_pages(self) -> dict[str, Page]:
        """The staff's host, by key. The pages are the same for everybody; who may see what is the API's to say."""
        tongue = self.tongue(SOURCE)
        return {
            key(path): self._print(path, template, tongue, "", STAFF_SHEETS.get(template, "staff.css"))
            for path, template in STAFF_PAGES.items()
        }
