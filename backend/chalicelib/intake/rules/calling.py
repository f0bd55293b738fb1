"""Whom to call when an answer cannot wait: who the patient says is to be called in an emergency, by the link ids of our forms."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.intake.records import Form, QuestionnaireResponse
from chalicelib.intake.rules import differing, labels, telling

NAME, RELATION, TELEPHONE, MAY_TALK = "emergency-name", "emergency-is", "emergency-phone", "emergency-may-talk"


class Contact(NamedTuple):
    """Somebody to call in an emergency, in words: who they are, and whether they may be told of the patient's health."""

    about: str
    telephone: str


def asks(form: Form) -> bool:
    """Whether a form asks for one."""
    return any(item.link_id == TELEPHONE for _, item in differing.walked(form.items))


def contact(form: Form, response: QuestionnaireResponse, today: str, tag: str) -> Contact | None:
    """Whom a patient has named; None where they gave no number."""
    told = telling.questions(telling.told(form, response.items, today))
    said = {each.item.link_id: each for each in told if each.answers}
    given = {name: telling.answer(each.item, each.answers[0], tag) for name, each in said.items()}
    if TELEPHONE not in given:
        return None
    known = [given.get(NAME, ""), given.get(RELATION, "")]
    if MAY_TALK in said:
        known.append(labels.say("may-talk" if said[MAY_TALK].answers[0].value is True else "may-not-talk", tag))
    return Contact(labels.say("emergency", tag).format(" · ".join(filter(None, known))), given[TELEPHONE])
