"""Where a clinic asks for a form, in words for who manages it."""

from __future__ import annotations

from chalicelib.clinics.records import Clinic, FormRule
from chalicelib.intake.rules import labels
from chalicelib.kit import text


def asked(clinic: Clinic, form: str, tag: str) -> str:
    """At which visits, and how often; or that it is asked at none yet, and what is to be done about that."""
    told = [_rule(clinic, rule, tag) for rule in clinic.forms if rule.id == form]
    return " ".join(told) or labels.say("asked-nowhere", tag).format(form)


def _rule(clinic: Clinic, rule: FormRule, tag: str) -> str:
    names = [text.words(service.name, tag) for service in clinic.services if service.id in rule.services]
    where = ", ".join(names) or labels.say("every-visit", tag)
    often = labels.say("asked-again" if rule.again_after_days else "asked-once", tag).format(rule.again_after_days)
    follows = labels.say("asked-after", tag).format(rule.follows) if rule.follows else ""
    return " ".join(filter(None, (labels.say("asked-at", tag).format(where, often), follows)))
