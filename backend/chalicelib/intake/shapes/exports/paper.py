"""Answers as a copy on paper (PDF): everything that was asked, what was answered, what it weighs, and who signed what, when and how.

It says nothing of when or by whom it was printed, so that one edition is the same bytes whenever and wherever it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chalicelib.intake.records import Evidence, Form, ItemType, Letterhead, QuestionnaireResponse, Signature
from chalicelib.intake.rules import labels, scoring, telling
from chalicelib.intake.rules.labels import say
from chalicelib.intake.rules.telling import Told
from chalicelib.kit import lettering, text, zone
from chalicelib.kit.printing import A4, LETTER, Look, Sheets

ON_LETTER = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "VE"})  # where paper is not A4
INWARD, SCALE, HIGH = 14, 0.2, 300  # points a level; points a unit of a drawn name; how high its box is

TITLE = Look(size=18, after=6, tag="H1", strong=True)
HEADING = Look(size=13, after=6, tag="H2", strong=True)
ABOUT = Look(size=9, after=1, grey=True)


def written(form: Form, response: QuestionnaireResponse, head: Letterhead) -> bytes:
    """The PDF, in the language that it was answered in. printing.Full where it would be larger than can be taken along."""
    return _Copy(form, response, head).written()


class _Copy:
    def __init__(self, form: Form, response: QuestionnaireResponse, head: Letterhead) -> None:
        self.form, self.response, self.head = form, response, head
        self.tag = response.language
        self.title = text.words(form.title, self.tag)
        self.today = telling.day(response, head.zone)
        self.told = telling.told(form, response.items, self.today)
        size = LETTER if head.country in ON_LETTER else A4
        self.sheets = Sheets(size, f"{self.title} - {head.patient}", head.clinic, self.tag)

    def written(self) -> bytes:
        self._head()
        for each in self.told:
            self._told(each)
        self._scores()
        self._signatures()
        self._end()
        about = f"{self.head.clinic} · {self.title} · {self.head.patient}"
        return self.sheets.finished(lambda page, of: say("foot", self.tag).format(about, page, of))

    def say(self, word: str, *values: object, look: Look = ABOUT) -> None:
        """Words of ours."""
        self.sheets.words(say(word, self.tag).format(*values), look)

    def at(self, moment: datetime) -> str:
        """An instant as the clinic's clocks show it."""
        local = zone.local(moment, self.head.zone)
        return f"{text.date_long(local, self.tag)}, {text.time_label(local, self.tag)}, {text.zone_label(local, self.tag)}"

    def _head(self) -> None:
        self.sheets.words(self.head.clinic, ABOUT._replace(size=11, after=2))
        self.sheets.words(self.title, TITLE)
        self.say("patient", self.head.patient, look=Look(size=11, after=1))
        self.say("born", text.date_long(self.head.birth_date, self.tag), look=Look(size=11, after=6))
        self.say("version", self.response.form_version)
        if self.response.authored:
            self.say("edition", self.at(self.response.authored), self.response.edition)
        else:
            self.say("draft", self.at(self.response.changed))
        self.sheets.y += 8
        self.sheets.rule()
        self.say("answers", look=HEADING)

    def _told(self, each: Told) -> None:
        item, left = each.item, each.depth * INWARD
        words = telling.question(item, self.tag)
        if each.number:
            self.sheets.words(f"{each.number}.", Look(left=left, after=2, strong=True))
        elif item.type is ItemType.GROUP:
            if item.text or item.page:
                self.sheets.keep(50)
                self.sheets.words(words, Look(size=11.5, left=left, tag="H3", strong=True))
        elif item.type is ItemType.DISPLAY:
            self.sheets.words(words, Look(size=9.5, left=left, grey=True))
        else:
            self.sheets.keep(32)  # a question and the first line of its answer stay together
            self.sheets.words(words, Look(left=left, after=1, strong=True))
            for line in self._answers(each):
                self.sheets.words(line, Look(left=left + INWARD, after=1))
            self.sheets.y += 5

    def _answers(self, each: Told) -> Iterator[str]:
        yield from (telling.answer(each.item, one, self.tag) for one in each.answers)
        if not each.answers:
            yield say("unanswered", self.tag)

    def _scores(self) -> None:
        found = scoring.scores(self.form.items, self.response.items, self.today)
        if not found:
            return
        self.sheets.keep(60)
        self.say("scores", look=HEADING)
        for score in found:
            band = say(score.band, self.tag) if score.complete else say("unfinished", self.tag)
            name = labels.NAMES.get(score.name, score.name)
            self.sheets.words(f"{say('score', self.tag).format(name, score.value, score.most)} ({band})", Look(after=6))

    def _signatures(self) -> None:
        if self.response.evidence:
            self.sheets.keep(150)
            self.say("signatures", look=HEADING)
        for evidence in self.response.evidence:
            self._signature(evidence)

    def _signature(self, evidence: Evidence) -> None:
        drawn = evidence.kind is Signature.DRAWN
        self.sheets.keep(110 + (HIGH * SCALE if drawn else 0))
        asked = next((each for each in self.told if each.path == evidence.path), None)
        if asked:
            self.sheets.words(telling.question(asked.item, self.tag), Look(after=1, strong=True))
        self.say("drawn" if drawn else "typed", evidence.name, look=Look(left=INWARD, after=2))
        if drawn and evidence.strokes:
            self.sheets.drawing(evidence.strokes, HIGH, SCALE, say("drawing", self.tag).format(evidence.name), INWARD)
        look = ABOUT._replace(left=INWARD)
        self.say("when", self.at(evidence.at), look=look)
        self.say("language", labels.tongue(evidence.language, self.tag), look=look)
        self.say("form", evidence.canonical, look=look)
        self.say("sha256", evidence.sha256, look=look)
        self.say("identity", labels.identity(evidence.proved, self.tag), look=look)
        if evidence.withdrawn:
            told = f"{say('withdrawn', self.tag).format(self.at(evidence.withdrawn))}. {evidence.withdrawn_why}".strip()
            self.sheets.words(told, Look(left=INWARD, after=2, strong=True))
        self.sheets.y += 8

    def _end(self) -> None:
        copyright_ = text.words(self.form.copyright, self.tag)
        if copyright_:
            self.sheets.y += 6
            self.sheets.words(copyright_, ABOUT)
        if self._lacks():
            self.say("lacking")

    def _lacks(self) -> bool:
        """Whether anything stands here by the numbers of its letters."""
        answers = (telling.answer(each.item, one, self.tag) for each in self.told for one in each.answers)
        questions = (telling.question(each.item, self.tag) for each in self.told)
        names = (self.head.patient, self.head.clinic, self.title, *(each.name for each in self.response.evidence))
        return any(lettering.lacks(words) for found in (names, answers, questions) for words in found)
