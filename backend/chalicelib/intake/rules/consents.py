"""What somebody agrees to: the exact words that stand before a signature, their SHA-256, and what becomes of a yes that is taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from chalicelib.clinics.records import Words
from chalicelib.intake.records import Answered, Form, Item
from chalicelib.intake.rules import deciding, differing
from chalicelib.intake.rules.deciding import Tree
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


def covered(tree: Tree, also: Collection[str] = ()) -> dict[str, list[str]]:
    """Of each place that is signed with these answers: what it covers, which is each consent and permission asked since the one before.

    `also`: places that were signed before, whatever stands there now.
    """
    found, since = dict[str, list[str]](), list[str]()
    for node in tree.nodes:
        if (node.item.consent or node.item.permission) and tree.enabled(node):
            since.append(node.path)
        if node.item.signature and (tree.answers(node) or node.path in also):
            found[node.path], since = since, []
    return found


def taken_back(form: Form, given: Answered, signatures: Collection[str], today: str) -> Answered:
    """The answers once these signatures are taken back: No to what they cover, and nothing to what is not asked any more then."""
    of_signatures = covered(Tree(form.items, given, today), signatures)
    places = {path for signature in signatures for path in of_signatures.get(signature, ())}
    if not places:
        return given
    items = differing.answered(form.items, given, places, {"valueBoolean": False})
    decided = deciding.decide(form.items, items, today, complete=False)
    return differing.without(form.items, items, {each.path for each in decided if "not-asked" in each.complaints})
