"""Which words of a form are not there in every language of a clinic: its patients read those in another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.clinics.records import Words
from chalicelib.intake.records import Form, Item, Line, Verdict
from chalicelib.intake.rules import differing, labels

FEATURE = "translation"


def lines(form: Form, languages: Sequence[str], tag: str) -> list[Line]:
    """A line for each item that lacks words in one of these languages; one line alone where the form has none at all."""
    return [line for language in dict.fromkeys(each.split("-")[0] for each in languages) for line in _lines(form, language, tag)]


def _lines(form: Form, language: str, tag: str) -> Iterator[Line]:
    name = labels.language(language, tag)
    items = list(differing.walked(form.items))
    said = [form.title, form.description, *(words for _, item in items for words in (item.text, item.page))]
    if not any(language in words for words in said):
        yield Line(place="", link_id="", feature=FEATURE, verdict=Verdict.WORKS, why=labels.say("no-language", tag).format(name))
        return
    for place, link_id, lacking in (
        ("", "", _of_form(form, language)),
        *((path, item.link_id, _of(item, language)) for path, item in items),
    ):
        if lacking:
            what = ", ".join(labels.say(each, tag) if isinstance(each, str) else _answers(each, tag) for each in lacking)
            why = labels.say("no-words", tag).format(name, what)
            yield Line(place=place, link_id=link_id, feature=FEATURE, verdict=Verdict.WORKS, why=why)


def _of_form(form: Form, language: str) -> list[str | int]:
    return [name for name, words in (("title", form.title), ("description", form.description)) if _lacks(words, language)]


def _of(item: Item, language: str) -> list[str | int]:
    """What of an item is not said in a language: its words, the title of its page, and how many of its answers."""
    found: list[str | int] = [name for name, words in (("words", item.text), ("page-title", item.page)) if _lacks(words, language)]
    answers = sum(_lacks(option.text, language) for option in item.options)
    return [*found, answers] if answers else found


def _lacks(words: Words, language: str) -> bool:
    return bool(words) and language not in words


def _answers(number: int, tag: str) -> str:
    return labels.say("one-answer" if number == 1 else "some-answers", tag).format(number)
