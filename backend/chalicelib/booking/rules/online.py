"""What a clinic has opened to online booking at all."""

from __future__ import annotations

from chalicelib.clinics.records import Clinic
from chalicelib.kit.problem import LookAgain, Problem


class ByPhone(Problem):
    """The clinic takes no bookings online."""

    status = 403
    title = "This clinic takes bookings by phone."


def check_features(clinic: Clinic, practitioner: str) -> None:
    """Raise ByPhone where patients do not book themselves in, LookAgain where they must say whom they want to see."""
    if not clinic.features.self_booking:
        raise ByPhone(f"Please call {clinic.telephone}.")
    if not practitioner and not clinic.features.any_practitioner:
        raise LookAgain(errors=[{"field": "practitioner", "detail": "Choose who you would like to see."}])
