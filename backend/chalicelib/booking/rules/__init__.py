"""What can be booked, who gets it, and how it is cancelled. Rule numbers are those of docs/guides/time.md."""

from chalicelib.booking.rules.booking import OutsideHours, SlotTaken, TooFar, TooSoon, book
from chalicelib.booking.rules.cancelling import TooLate, cancel, cutoff
from chalicelib.booking.rules.own_visits import CapReached, active, overlapping, within_caps
from chalicelib.booking.rules.slots import offers

__all__ = [
    "CapReached",
    "OutsideHours",
    "SlotTaken",
    "TooFar",
    "TooLate",
    "TooSoon",
    "active",
    "book",
    "cancel",
    "cutoff",
    "offers",
    "overlapping",
    "within_caps",
]
