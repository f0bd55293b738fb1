"""Reading a Questionnaire (FHIR R4) that was made elsewhere, by people and programs that owe us nothing."""

from chalicelib.intake.rules.reading.form import read, slug

__all__ = ["read", "slug"]
