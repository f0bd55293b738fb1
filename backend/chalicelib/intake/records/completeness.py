"""What is still to be done before visits, at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from chalicelib.clinics.records import DocumentKind, Words
from chalicelib.documents.records import Folder, Standing
from chalicelib.intake.records.responses import FiledForm, FormStanding
from chalicelib.people.records import Patient
from chalicelib.visits.records import Appointment


class Whose(StrEnum):
    """Lists of visits by whose turn it is."""

    PATIENT = "patient"  # something is missing, begun, or asked for again
    REVIEW = "review"  # staff's: files or answers are to be looked at
    URGENT = "urgent"  # staff's: an answer cannot wait
    INSURANCE = "insurance"  # staff's: who pays is to be looked up


class FormNow(NamedTuple):
    """A form that a visit needs or has, and how far it has come; `filed` None: nobody has opened it."""

    questionnaire: str
    title: Words
    standing: FormStanding
    filed: FiledForm | None


class BeforeVisit(NamedTuple):
    """A visit with all that is to be done before it."""

    visit: Appointment
    folder: Folder
    documents: Sequence[tuple[DocumentKind, Standing]]
    forms: Sequence[FormNow]


class Waiting(NamedTuple):
    """A page of a list: the visits, whose they are, and the cursor of the next page (empty: none)."""

    visits: Sequence[BeforeVisit]
    patients: Mapping[str, Patient]
    after: str
