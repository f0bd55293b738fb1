"""Renders the money: every line of the arithmetic, what it assumes, and what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.benching import model, prices
from scripts.benching.markdown import table
from scripts.benching.money import Bill, Line, total

LEFT_OUT = (
    "free allowances, taxes and support; domain names and Route 53; a web ACL (5 dollars a month, 1 a rule, 0.60 a million requests); text "
    "messages; refused and repeated requests; S3's requests and storage for pages, EventBridge (AWS's own events are "
    "free), SNS and the stream's reads (below a cent or free); "
    "100 bytes that DynamoDB adds to each row it stores; what a log keeps after its first month; a second stage"
)


def lines(bill: Bill) -> list[str]:
    """The part of the page."""
    return [
        "## Money",
        "",
        *table(("", "Dollars"), _sums(bill)),
        "",
        *_arithmetic("1,000 visits", bill.visits),
        *_arithmetic("Files of 1,000 visits, beside their requests", bill.files),
        *_arithmetic("A month of one deployment, whoever comes", bill.fixed),
        *_arithmetic("Rows and files of one clinic after a year, by the month", bill.rows),
        *_assumed(),
        f"Left out: {LEFT_OUT}.",
        "",
        *_sources(),
    ]


def _sums(bill: Bill) -> list[tuple[str, str]]:
    return [
        ("1,000 visits", f"{bill.thousand:.2f}"),
        ("a deployment and month, without a visit", f"{total(bill.fixed):.2f}"),
        (f"a clinic of {model.VISITS_A_MONTH} visits and month, alone in its deployment", f"{bill.clinic(1):.2f}"),
        (f"the same among {model.POOL} clinics in one deployment", f"{bill.clinic(model.POOL):.2f}"),
    ]


def _arithmetic(title: str, each: Sequence[Line]) -> list[str]:
    rows = [(line.price.what, f"{line.quantity:,.0f}", _price(line), f"{line.dollars:.4f}") for line in each]
    return [*table((title, "Quantity", "Price", "Dollars"), [*rows, ("", "", "", f"{total(each):.4f}")]), ""]


def _price(line: Line) -> str:
    per = {1: "", 1000: " / 1,000", 10_000: " / 10,000", 1_000_000: " / million", 1e9: " / GB"}[line.price.per]
    return f"{line.price.dollars:g}{per}"


def _assumed() -> list[str]:
    asked = ", ".join(f"{name} {times:g}" for name, times in model.ASKED.items())
    waits = ", ".join(f"{name} {wait:g}" for name, wait in model.WAITS.items())
    told = (
        f"Assumed of one booked visit: requests {asked}; {model.MAILS:g} mails, one of them the reminder that is still to be built; "
        f"{model.FIRST_LOADS:g} first loads (of the home page) and {model.LATER_LOADS:g} further ones (of the page of times); "
        f"{model.RENEWALS:g} renewals of a session; {model.FILES:g} photographs, each opened once. "
        f"Of Lambda: {model.API_MEMORY} MB, a processor at {model.WHOLE} MB as fast as this one, "
        f"{model.WAIT:g} ms a call ({waits}), {model.COLD:.0%} cold starts, {model.LOGGED} bytes of log an invocation. Of the month: "
        f"{model.BUSY} containers always there, each table asking for its key and each container for its secrets every five minutes, "
        "and every metric sent in every hour."
    )
    return [told, ""]


def _sources() -> list[str]:
    """Where the prices stand, and which could be compared."""
    sources = " ".join(f"<{source}>" for source in sorted({price.source for price in prices.ALL}))
    unchecked = ", ".join(price.what for price in prices.ALL if not price.checked)
    told = (
        f"Prices: {prices.REGION}, on demand, stated on {prices.STATED} from {sources}. They could not be read live; most agree with "
        "stored copies of these pages, of AWS's guides or of guides that quote them. "
        f"Nothing was at hand to compare: {unchecked}."
    )
    return [told, ""]
