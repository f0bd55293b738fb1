"""What staff are shown beside a response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.documents.records import DocumentReference
from chalicelib.intake.records.forms import Form
from chalicelib.intake.records.responses import Answered, QuestionnaireResponse


class Beside(NamedTuple):
    """What is known of a response besides its answers.

    `before`: as it was handed in the time before (None: once at most). `files`: the visit's, by id. `names`: of who has seen what
    cannot wait, by how the trail names them. `emergency`: the form, and the answers to it, in which the patient says whom to call.
    """

    before: Answered | None = None
    files: Mapping[str, DocumentReference] = {}
    names: Mapping[str, str] = {}
    emergency: tuple[Form, QuestionnaireResponse] | None = None
