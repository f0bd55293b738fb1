"""Questionnaire (FHIR R4) as this product reads it: every item with what decides about it, and with its words.

What decides is the same for the server and for the page, so an item crosses to the page as it stands here (JSON in camelCase,
what is not set left out), and `rules.deciding` and portal_templates/intake/rules.js read the same names.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from chalicelib.clinics.records import Words

OURS = "https://anteroom.example/fhir/StructureDefinition/"  # what the extensions of our own begin with
Value = bool | int | float | str
# What a page and the server compare: a Coding is "system|code", a Quantity "value unit" apart from that as its number.


class Plain(Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """A frozen value; what is not set is not in its JSON."""


class ItemType(StrEnum):
    """FHIR's types of items, without `question` (abstract) and `reference` (read as open-choice)."""

    GROUP = "group"
    DISPLAY = "display"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    DATE_TIME = "dateTime"
    TIME = "time"
    STRING = "string"
    TEXT = "text"
    URL = "url"
    CHOICE = "choice"
    OPEN_CHOICE = "open-choice"
    ATTACHMENT = "attachment"
    QUANTITY = "quantity"


class Kind(StrEnum):
    """The value[x] that an answer has, by its last part."""

    BOOLEAN = "Boolean"
    DECIMAL = "Decimal"
    INTEGER = "Integer"
    DATE = "Date"
    DATE_TIME = "DateTime"
    TIME = "Time"
    STRING = "String"
    URI = "Uri"
    CODING = "Coding"
    ATTACHMENT = "Attachment"
    QUANTITY = "Quantity"


class Operator(StrEnum):
    """FHIR's enable-operator."""

    EXISTS = "exists"
    EQUALS = "="
    DIFFERS = "!="
    GREATER = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="


class Condition(Plain, frozen=True, kw_only=True):
    """Something about another question's answer (enableWhen). `unit` belongs to a quantity."""

    question: str
    operator: Operator
    kind: Kind = Kind.BOOLEAN
    value: Value = True
    unit: str = ""


class Option(Plain, frozen=True, kw_only=True):
    """One of the answers to choose from. `value` as it is compared; `ordinal` its weight in a score; `alone` clears all others."""

    kind: Kind = Kind.CODING
    value: Value = ""
    ordinal: float | None = None
    text: Words = field(default_factory=dict)
    prefix: str = ""
    initial: bool = False
    alone: bool = False


class Sum(StrEnum):
    """What is reckoned natively: ordinals added up; kg and cm to a body mass index; a date of birth to whole years."""

    ORDINALS = "sum"
    BMI = "bmi"
    AGE = "age"


class Calculation(Plain, frozen=True, kw_only=True):
    """A value that is never asked for: how it is reckoned, and of which questions (BMI: weight in kg, then height in cm)."""

    kind: Sum
    of: tuple[str, ...]


class RedFlag(Plain, frozen=True, kw_only=True):
    """What cannot wait: an answer of at least this weight (or a yes) to this question, by a code of ours."""

    code: str
    at_least: float = 1.0


class Signature(StrEnum):
    """How somebody may sign."""

    DRAWN = "drawn"
    TYPED = "typed"


class Prefill(Plain, frozen=True, kw_only=True):
    """Where an answer may be offered from: `last` answers of the same question, or the `profile`; how old it may be, in days."""

    source: str
    days: int = 0


class Item(Plain, frozen=True, kw_only=True):
    """An item of a form. Lengths in characters, sizes in bytes; 0 (or -1 of decimals) where nothing is bound."""

    link_id: str
    type: ItemType
    required: bool = False
    required_when: tuple[Condition, ...] = ()
    repeats: bool = False
    read_only: bool = False
    hidden: bool = False
    min_occurs: int = 0
    max_occurs: int = 0
    min_length: int = 0
    max_length: int = 0
    pattern: str = ""
    min_value: Value | None = None
    max_value: Value | None = None
    not_after: str = ""
    max_decimals: int = -1
    options: tuple[Option, ...] = ()
    units: tuple[str, ...] = ()
    mime_types: tuple[str, ...] = ()
    max_size: int = 0
    when: tuple[Condition, ...] = ()
    any_of: bool = False
    calculated: Calculation | None = None
    initial: tuple[Option, ...] = ()
    items: tuple[Item, ...] = ()
    # Words and what the page and the staff make of the item; nothing of it decides about an answer.
    text: Words = field(default_factory=dict)
    prefix: str = ""
    help: Words = field(default_factory=dict)
    control: str = ""
    unit: str = ""
    page: Words = field(default_factory=dict)
    document_kind: str = ""
    score: str = ""
    red_flag: RedFlag | None = None
    prefill: Prefill | None = None
    sensitive: bool = False
    consent: bool = False
    permission: bool = False
    signature: tuple[Signature, ...] = ()


class PublicationStatus(StrEnum):
    """FHIR's codes."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Form(Plain, frozen=True, kw_only=True):
    """A Questionnaire that was read: `url|version` is what answers name."""

    id: str
    url: str
    version: str
    status: PublicationStatus = PublicationStatus.DRAFT
    title: Words
    description: Words = field(default_factory=dict)
    copyright: Words = field(default_factory=dict)
    items: tuple[Item, ...]

    @property
    def canonical(self) -> str:
        """FHIR's name of this very version: what an answer says that it answers."""
        return f"{self.url}|{self.version}"
