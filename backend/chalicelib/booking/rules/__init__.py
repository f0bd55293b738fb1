"""What can be booked, who gets it, and how it is cancelled. Rule numbers are those of docs/guides/time.md."""

from chalicelib.booking.rules.booking import BOOKINGS, OutsideHours, SlotTaken, TooFar, TooSoon, book
from chalicelib.booking.rules.cancelling import CANCELS, TooLate, can_cancel, cancel, cutoff
from chalicelib.booking.rules.grid import last_date
from chalicelib.booking.rules.online import ByPhone, check_features
from chalicelib.booking.rules.own_visits import CapReached, active, overlapping, within_caps
from chalicelib.booking.rules.slots import offers

__all__ = [
    "BOOKINGS",
    "CANCELS",
    "ByPhone",
    "CapReached",
    "OutsideHours",
    "SlotTaken",
    "TooFar",
    "TooLate",
    "TooSoon",
    "active",
    "book",
    "can_cancel",
    "cancel",
    "check_features",
    "cutoff",
    "last_date",
    "offers",
    "overlapping",
    "within_caps",
]
