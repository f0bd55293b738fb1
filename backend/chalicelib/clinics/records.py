"""Clinic (FHIR Organization), its rooms (Location), what it offers (HealthcareService) and when it is open."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

# A text in each language of the portal: {"en": "Annual check-up", "es": "Revisión anual"}.
Words = dict[str, str]
WallTime = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5][05]$|^24:00$", description="clinic wall time, whole 5 minutes")]
WallStart = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5][05]$", description="clinic wall time, whole 5 minutes")]
Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,39}$", description="lower-case name that never changes")]
Minutes = Annotated[int, Meta(ge=0, le=525_600, multiple_of=5, description="minutes, a multiple of 5")]
Buffer = Annotated[int, Meta(ge=0, le=480, multiple_of=5, description="minutes kept free beside a visit, a multiple of 5")]

# Emergency numbers by ISO 3166 country; a country that is not here shows none rather than a wrong one.
EMERGENCY = {"US": "911", "CA": "911", "GB": "999", "IE": "112", "ES": "112", "FR": "112", "DE": "112", "AU": "000", "NZ": "111"}


class Record(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A frozen value that crosses to and from JSON in camelCase; an unknown field is a mistake."""


class Weekday(StrEnum):
    """FHIR's days of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WEEK = tuple(Weekday)  # indexed by date.weekday()


class Window(Record, frozen=True, kw_only=True):
    """Open from `start` to `end`, wall time; an end not after the start is the next day's."""

    start: WallStart
    end: WallTime


class AvailableTime(Record, frozen=True, kw_only=True):
    """A weekly rule (FHIR availableTime), valid on the local dates `valid_from` to `valid_until`, both included."""

    days_of_week: Annotated[tuple[Weekday, ...], Meta(min_length=1)]
    available_start_time: WallStart
    available_end_time: WallTime
    valid_from: date | None = None
    valid_until: date | None = None


class NotAvailable(Record, frozen=True, kw_only=True):
    """Time off (FHIR notAvailable): whole local days, first and last included."""

    description: str
    start: date
    end: date


class DatedHours(Record, frozen=True, kw_only=True):
    """An exception: on this date these windows replace all weekly ones; none means closed."""

    date: date
    description: str
    windows: tuple[Window, ...] = ()


class Hours(Record, frozen=True, kw_only=True):
    """When somebody or somewhere is open: weekly rules, time off and dated exceptions."""

    available_time: tuple[AvailableTime, ...] = ()
    not_available: tuple[NotAvailable, ...] = ()
    exceptions: tuple[DatedHours, ...] = ()


class Room(Record, frozen=True, kw_only=True):
    """A room (FHIR Location) of some kind; a service may need one of a kind."""

    id: Slug
    name: str
    kind: Slug


class Limits(Record, frozen=True, kw_only=True):
    """What the clinic allows. Times elapsed in minutes, days as local dates; caps are off while None."""

    lead_minutes: Minutes = 60
    horizon_days: Annotated[int, Meta(ge=0, le=730, description="local dates ahead that can be booked")] = 60
    cancel_minutes: Annotated[Minutes, Meta(description="before the start; a later cancel is marked late")] = 1440
    max_active: Annotated[int, Meta(ge=1, description="future visits one patient may have")] | None = None


class DocumentKind(Record, frozen=True, kw_only=True):
    """A kind of document that the clinic asks for (FHIR DocumentReference.type): a side of a card, a letter.

    `pages` is how many files it may have, `keep_days` how long after the visit they are kept; `always`: every visit needs it.
    `insurance`: it shows who pays, so a visit that needs it has its insurance looked up.
    """

    id: Slug
    name: Words
    comment: Words
    pages: Annotated[int, Meta(ge=1, le=20, description="files at the most")] = 1
    keep_days: Annotated[int, Meta(ge=1, le=3650, description="local days after the visit")] = 365
    always: bool = False
    insurance: bool = False


class FormRule(Record, frozen=True, kw_only=True):
    """When a visit needs a form (FHIR Questionnaire): for these services (none named: all), once, or again after so many days.

    Where it `follows` another form it is needed only by who has filled that one before, whose answers count for it too: an annual
    update follows the form for new patients.
    """

    id: Slug
    services: tuple[Slug, ...] = ()
    again_after_days: Annotated[int, Meta(ge=0, le=3650, description="local days after it was handed in; 0: once is enough")] = 0
    follows: Slug | None = None


class HealthcareService(Record, frozen=True, kw_only=True):
    """Something a patient can book (FHIR HealthcareService). Minutes are elapsed."""

    id: Slug
    name: Words
    comment: Words
    icon: str = "stethoscope"
    minutes: Annotated[int, Meta(ge=5, le=480, multiple_of=5)]
    step_minutes: Annotated[int, Meta(ge=5, le=480, multiple_of=5)] | None = None
    before_minutes: Buffer = 0
    after_minutes: Buffer = 0
    room_kind: Slug | None = None
    capacity: Annotated[int, Meta(ge=1, le=50)] = 1
    lead_minutes: Minutes | None = None
    horizon_days: Annotated[int, Meta(ge=0, le=730)] | None = None
    max_active: Annotated[int, Meta(ge=1)] | None = None
    documents: Annotated[tuple[Slug, ...], Meta(description="kinds of document that this service needs, beside those that all do")] = ()


class Address(Record, frozen=True, kw_only=True):
    """A postal address (FHIR Address)."""

    line: tuple[str, ...]
    city: str
    state: str = ""
    postal_code: str
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]

    @property
    def in_one_line(self) -> str:
        """As mails and calendars show it; the country is left out, for people there know it."""
        return ", ".join((*self.line, self.city, f"{self.state} {self.postal_code}".strip()))


class Theme(Record, frozen=True, kw_only=True):
    """The five things a clinic's brand sets; colours are darkened at publish until they can be read."""

    brand: Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$")] = "#0b6b62"
    accent: Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$")] = "#f2a03d"
    radius: Annotated[int, Meta(ge=0, le=32, description="pixels")] = 14
    mark: str = "heart-pulse"


class Holidays(Record, frozen=True, kw_only=True):
    """Which public holidays close the clinic: country and subdivision as ISO 3166 codes."""

    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
    subdivision: str | None = None


class Features(Record, frozen=True, kw_only=True):
    """What this clinic has switched on."""

    self_booking: bool = True
    any_practitioner: bool = True


class Clinic(Record, frozen=True, kw_only=True):
    """One clinic (FHIR Organization): all that its portal and its doors need to know."""

    id: Slug
    name: str
    tagline: Words
    zone: Annotated[str, Meta(description="IANA time zone")]
    languages: Annotated[tuple[str, ...], Meta(min_length=1, description="BCP 47 tags, the first is the default")]
    address: Address
    telephone: str
    email: str
    theme: Theme = Theme()
    holidays: Holidays | None = None
    hours: Hours
    rooms: tuple[Room, ...] = ()
    services: Annotated[tuple[HealthcareService, ...], Meta(min_length=1)]
    documents: Annotated[tuple[DocumentKind, ...], Meta(description="kinds of document that it may ask for, in its order")] = ()
    forms: Annotated[tuple[FormRule, ...], Meta(description="forms that it asks for before a visit, in its order")] = ()
    limits: Limits = Limits()
    features: Features = Features()

    def needed(self, service: HealthcareService) -> tuple[DocumentKind, ...]:
        """The kinds of document that a visit for this service needs, in the clinic's order."""
        return tuple(kind for kind in self.documents if kind.always or kind.id in service.documents)

    def document_kind(self, kind_id: str) -> DocumentKind | None:
        """The kind of that id, if the clinic asks for it."""
        return next((kind for kind in self.documents if kind.id == kind_id), None)

    def service(self, service_id: str) -> HealthcareService | None:
        """The service of that id, if the clinic offers it."""
        return next((service for service in self.services if service.id == service_id), None)


class Brand(Record, frozen=True, kw_only=True):
    """Who runs the portal."""

    name: str
    mark: str = "heart-pulse"
    domain: Annotated[str, Meta(description="what ids of calendar entries end in; `localhost` is the patients' host of each stage")]
    sender: Annotated[str, Meta(description="the name and address that mail comes from; each stage has a domain of its own")]
    theme: Theme = Theme()
