"""Which forms a visit needs: what the clinic says of each, and what the patient has handed in before."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chalicelib.clinics.records import Clinic, FormRule
from chalicelib.intake.records import Completed
from chalicelib.kit import zone
from chalicelib.visits.records import Appointment


def needed(
    clinic: Clinic, visit: Appointment, completed: Mapping[str, Completed], offered: Collection[str], begun: Collection[str] = ()
) -> tuple[str, ...]:
    """The forms of a visit in the clinic's order. `completed`: when the patient handed in which form last; `offered`: what is published.

    What was `begun` for this very visit stays, whatever was handed in or retired since, and so does what nobody asked for (it comes last).
    """
    asked = (rule.id for rule in clinic.forms if rule.id in begun or (rule.id in offered and _is_due(clinic, visit, rule, completed)))
    return tuple(dict.fromkeys((*asked, *begun)))


def _is_due(clinic: Clinic, visit: Appointment, rule: FormRule, completed: Mapping[str, Completed]) -> bool:
    if rule.services and visit.service not in rule.services:
        return False
    if rule.follows and rule.follows not in completed:
        return False
    handed_in = [completed[each].at for each in (rule.id, rule.follows or rule.id) if each in completed]
    if not handed_in:
        return True
    days = zone.local_date(visit.start, clinic.zone) - zone.local_date(max(handed_in), clinic.zone)
    return rule.again_after_days > 0 and days.days >= rule.again_after_days
