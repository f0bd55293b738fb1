"""Our forms as a country needs them: they are written for the United States, and a clinic elsewhere begins with its own words.

Whom to call, how numbers look, which insurance there is and who watches over privacy. Where nothing is known of a country, the words
are neutral rather than wrong. A version that was published stays as it is.

Sources: 988 in Canada, by call or text: 988.ca. Samaritans, 116 123, free, day and night: samaritans.org (United Kingdom and Ireland).
999 and A&E: nhs.uk/nhs-services/urgent-and-emergency-care-services. Health plans of the provinces and territories: Canada Health Act,
canada.ca/health-cards. Complaints about privacy: ico.org.uk/make-a-complaint (United Kingdom); in Canada each province and territory
has its commissioner or ombudsman, priv.gc.ca. Numbers that are nobody's: 020 7946 0000 to 0999 (ofcom.org.uk, numbers for drama),
555 0100 to 0199 (North American Numbering Plan).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.clinics.records import EMERGENCY

HOME, OTHERS = "US", ""
PUBLIC, POOR = "medicare", "medicaid"  # kinds of insurance that the United States alone have under these names
WRITTEN = "http://hl7.org/fhir/StructureDefinition/regex"
POSTCODES = ("US", "CA", "GB")  # whose codes the forms' pattern knows
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


class Said(NamedTuple):
    """A text in English and in Spanish."""

    en: str
    es: str


TALK = (
    "Help is there now, at any hour and free: call or text 988. "
    "If you may act on these thoughts, call 911 or go to the nearest emergency room."
)
_GO = "Si cree que puede hacerse daño, llame al"


def _samaritans(number: str, place: str) -> Said:
    return Said(
        "Help is there now, at any hour and free: call the Samaritans on 116 123. "
        f"If you may act on these thoughts, call {number} or go to the nearest {place}.",
        f"Hay ayuda ahora mismo, a cualquier hora y gratis: llame a Samaritans al 116 123. {_GO} {number} o vaya a urgencias.",
    )


def _watched(en: str, es: str) -> Said:
    return Said(
        f"If you think we did wrong, tell us, or write to {en}. Your care will not change because of it.",
        f"Si cree que actuamos mal, díganoslo o escriba a {es}. Su atención no cambiará por eso.",
    )


HHS = _watched("the United States Department of Health and Human Services", "").en

# What a text of ours is elsewhere, by the text and ISO 3166 country; OTHERS where a country has none of its own.
TEXTS: Mapping[str, Mapping[str, Said]] = {
    TALK: {
        "CA": Said(
            TALK,
            "Hay ayuda ahora mismo, a cualquier hora y gratis: llame o envíe un mensaje de texto al 988. "
            f"{_GO} 911 o vaya a la sala de emergencias más cercana.",
        ),
        "GB": _samaritans("999", "A&E"),
        "IE": _samaritans("112", "emergency department"),
        OTHERS: Said(
            "Please talk to somebody now. If you may act on these thoughts, call 911 or go to the nearest emergency department.",
            f"Hable con alguien ahora mismo. {_GO} 911 o vaya a urgencias.",
        ),
    },
    "Such as 203 555 0142": {
        "CA": Said("Such as 204 555 0173", "Por ejemplo, 204 555 0173"),
        "GB": Said("Such as 020 7946 0152", "Por ejemplo, 020 7946 0152"),
        OTHERS: Said("With the area code", "Con el prefijo"),
    },
    "Such as 06511": {
        "CA": Said("Such as R3B 0A1", "Por ejemplo, R3B 0A1"),
        "GB": Said("Such as SE1 8XX", "Por ejemplo, SE1 8XX"),
        OTHERS: Said("As on your letters", "Como en sus cartas"),
    },
    "State or province": {
        "CA": Said("Province or territory", "Provincia o territorio"),
        "GB": Said("County", "Condado"),
        OTHERS: Said("State, province or region", "Estado, provincia o región"),
    },
    "Postal code": {"GB": Said("Postcode", "Código postal")},
    "City": {"GB": Said("Town or city", "Ciudad o localidad")},
    "Apartment or unit": {"GB": Said("Flat", "Piso")},
    "Medicare": {"CA": Said("The health plan of my province or territory", "El plan de salud de mi provincia o territorio")},
    HHS: {
        "CA": _watched("the privacy commissioner or ombudsman of your province or territory", "la autoridad de privacidad de su provincia"),
        "GB": _watched("the Information Commissioner's Office", "la Information Commissioner's Office"),
        OTHERS: _watched("the authority that watches over privacy in this country", "la autoridad de protección de datos de este país"),
    },
}


def of(document: dict[str, Any], country: str) -> dict[str, Any]:
    """A form of ours (FHIR's JSON, written for the United States) as a clinic in that ISO 3166 country begins with it."""
    return document if country == HOME else dict(_here(document, country))


def _here(node: Any, country: str) -> Any:
    if isinstance(node, list):
        return [_here(each, country) for each in node if not _is_foreign(each, country)]
    if not isinstance(node, dict):
        return node
    made = {key: _here(each, country) for key, each in node.items()}
    for key in [key for key, each in node.items() if isinstance(each, str)]:
        made |= _worded(node, key, country)
    return _asked(made, country)


def _is_foreign(node: Any, country: str) -> bool:
    """Whether it is an option that only the United States have."""
    code = node.get("valueCoding", {}).get("code") if isinstance(node, dict) else None
    return code == POOR or (code == PUBLIC and country not in TEXTS["Medicare"])


def _asked(item: dict[str, Any], country: str) -> dict[str, Any]:
    """A question whose answers look otherwise: not every country has states, or codes of letters that our pattern knows."""
    if item.get("code") == PUBLIC:
        return {**item, "code": "public"}
    if item.get("linkId") == "state" and country not in ("US", "CA"):
        return {key: each for key, each in item.items() if key != "required"}
    if item.get("linkId") == "postal-code" and country not in POSTCODES:
        return {**item, "extension": [each for each in item["extension"] if each["url"] != WRITTEN]}
    return item


def _worded(node: Mapping[str, Any], key: str, country: str) -> dict[str, Any]:
    """A text and its translation, as they are said there; nothing where both stay."""
    elsewhere, texts = TEXTS.get(node[key], {}), _translations(node.get(f"_{key}"))
    said = elsewhere.get(country) or elsewhere.get(OTHERS) or Said(node[key], texts.get("es", ""))
    told = Said(*(_called(each, country) for each in said))
    if told == (node[key], texts.get("es", "")):
        return {}
    return {key: told.en} | ({f"_{key}": _translated(told.es)} if texts else {})


def _called(text: str, country: str) -> str:
    """A text that says whom to call in an emergency, with that country's number, or with none rather than a wrong one."""
    if number := EMERGENCY.get(country):
        return re.sub(r"\b911\b", number, text)
    return re.sub(r"\bal 911\b", "al número local de emergencias", re.sub(r"([Cc])all 911\b", r"\1all your local emergency number", text))


def _translations(element: Any) -> dict[str, str]:
    found = {}
    for each in (element or {}).get("extension", []):
        parts = {part["url"]: next(text for name, text in part.items() if name.startswith("value")) for part in each.get("extension", [])}
        found[parts.get("lang", "")] = parts.get("content", "")
    return found


def _translated(es: str) -> dict[str, Any]:
    said = [{"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": es}]
    return {"extension": [{"url": TRANSLATION, "extension": said}]}
