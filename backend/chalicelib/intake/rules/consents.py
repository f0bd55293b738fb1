"""The exact words that stand before a signature, and their SHA-256: what shows later what somebody agreed to."""

from __future__ import annotations

import hashlib

from chalicelib.clinics.records import Words
from chalicelib.intake.records import Form, Item
from chalicelib.intake.rules import differing
from chalicelib.kit import text


def shown(form: Form, path: str, language: str) -> str:
    """Every word of a form from its title to what is signed at `path`, in the order of the form, a line each.

    It depends on nothing but the published version, the place and the language (BCP 47), so that it can be shown again at any time:
    words that stand under a condition are among them whether they were asked or not. ValueError where the form has no such place.
    """
    place = differing.place(path)
    lines = [text.words(words, language) for words in (form.title, form.description)]
    for at, item in differing.walked(form.items):
        lines += _words(item, language)
        if at == place:
            return "\n".join(line for line in lines if line)
    raise ValueError(f"{form.canonical} has nothing at {place!r}")


def sha256(form: Form, path: str, language: str) -> str:
    """Of these words in UTF-8, in hex."""
    return hashlib.sha256(shown(form, path, language).encode()).hexdigest()


def _words(item: Item, language: str) -> list[str]:
    told: list[Words] = [item.page, item.text, item.help, *(option.text for option in item.options)]
    return [item.prefix, *(text.words(words, language) for words in told)]
