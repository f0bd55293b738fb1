"""Answers as a sheet (CSV, RFC 4180): a row for each answer. What a spreadsheet would take for a formula is made plain text."""

from __future__ import annotations

import csv
import io
import re

from chalicelib.clinics.records import Clinic
from chalicelib.intake.records import Form, QuestionnaireResponse
from chalicelib.intake.rules import labels, telling

FORMULA = re.compile(r"[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n]")  # what spreadsheets reckon, in both widths; a tab or a line's end hides one
NUMBER = re.compile(r"-?\d+(\.\d+)?")
MARK = "\ufeff"  # by which spreadsheets know that it is UTF-8


def written(clinic: Clinic, form: Form, response: QuestionnaireResponse) -> bytes:
    """Place, question and answer of all that was answered, in the language that it was answered in."""
    tag, page = response.language, io.StringIO()
    rows = csv.writer(page, lineterminator="\r\n")
    rows.writerow([labels.say(name, tag) for name in ("place", "question", "answer")])
    for each in telling.told(form, response.items, telling.day(response, clinic.zone)):
        for one in each.answers:
            said = telling.answer(each.item, one, tag)
            rows.writerow([plain(cell) for cell in (each.path, telling.question(each.item, tag), said)])
    return f"{MARK}{page.getvalue()}".encode()


def plain(cell: str) -> str:
    """A cell that no spreadsheet reckons with: an apostrophe before what looks like a formula; a number alone stays one."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell
