"""Answers as a sheet (CSV, RFC 4180): a row for each answer. What a spreadsheet would take for a formula is made plain text."""

from __future__ import annotations

import csv
import io
import re

from chalicelib.intake.records import Form, Letterhead, QuestionnaireResponse
from chalicelib.intake.rules import labels, telling

SIGN = r"[=+\-@＝＋－＠]"  # what spreadsheets reckon, in both widths
FORMULA = re.compile(rf"[\s\x00]*{SIGN}|[\t\r\n]")  # a tab or a line's end hides one
PARTED = re.compile(
    rf"[;|\t\r\n\v\f\x85\u2028\u2029](?=[\s\x00\"]*{SIGN})"
)  # where a spreadsheet with other habits may see the next cell begin
NUMBER = re.compile(r"-?\d+(\.\d+)?")
MARK = "\ufeff"  # by which spreadsheets know that it is UTF-8


def written(form: Form, response: QuestionnaireResponse, head: Letterhead) -> bytes:
    """Place, question and answer of all that was answered, in the language that it was answered in."""
    tag, page = response.language, io.StringIO()
    rows = csv.writer(page, lineterminator="\r\n")
    rows.writerow([labels.say(name, tag) for name in ("place", "question", "answer")])
    for each in telling.told(form, response.items, telling.day(response, head.zone)):
        for one in each.answers:
            said = telling.answer(each.item, one, tag)
            rows.writerow([plain(cell) for cell in (each.path, telling.question(each.item, tag), said)])
    return f"{MARK}{page.getvalue()}".encode()


def plain(cell: str) -> str:
    """A cell that no spreadsheet reckons with: an apostrophe before what looks like a formula; a number alone stays one.

    So it is within a cell where another spreadsheet would part it: the list separator is a semicolon in half of the world.
    """
    if NUMBER.fullmatch(cell):
        return cell
    whole = PARTED.sub(lambda found: f"{found[0]}'", cell)
    return f"'{whole}" if FORMULA.match(cell) else whole
