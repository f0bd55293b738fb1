"""What visits cost: counted calls, units, bytes and milliseconds at published prices, under the model's assumptions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scripts.benching import model, prices
from scripts.benching.capacity import Units
from scripts.benching.inspecting import READINGS, UPLOADS, Inspected
from scripts.benching.operations import Operation
from scripts.benching.prices import Price
from scripts.benching.weights import Weight

FIRST, LATER = "/north/en/", "/north/en/book/time/"  # what a first and a further load are reckoned by
WORKERS = ("sendPosted", "sweepDue")
THOUSAND = 1000


@dataclass(frozen=True)
class Line:
    """A quantity at a price."""

    price: Price
    quantity: float

    @property
    def dollars(self) -> float:
        """What it comes to."""
        return self.price.of(self.quantity)


@dataclass(frozen=True)
class Deployed:
    """What the template puts there by the month, whoever comes."""

    keys: int
    secrets: int
    alarms: int
    dashboards: int
    metrics: int
    tables: int


@dataclass(frozen=True)
class Bill:
    """Line by line: 1,000 visits, their files, a month of one deployment, and by the month what a clinic keeps of a year."""

    visits: tuple[Line, ...]
    files: tuple[Line, ...]
    fixed: tuple[Line, ...]
    rows: tuple[Line, ...]

    @property
    def thousand(self) -> float:
        """1,000 visits."""
        return total(self.visits) + total(self.files)

    def clinic(self, sharing: int) -> float:
        """One clinic for a month, where so many share the deployment."""
        return self.thousand * model.VISITS_A_MONTH / THOUSAND + total(self.fixed) / sharing + total(self.rows)


def total(lines: Sequence[Line]) -> float:
    """All lines together."""
    return sum(line.dollars for line in lines)


def billed_ms(operation: Operation) -> int:
    """Milliseconds that Lambda bills for an operation: its CPU at the function's share of a processor, and its waits."""
    share = min(1.0, memory(operation.name) / model.WHOLE)
    return math.ceil(operation.cpu / share + _waited(operation.calls))


def memory(name: str) -> int:
    """MB of the function that does it."""
    return model.MEMORY.get(name, model.API_MEMORY)


def gb_seconds(operation: Operation) -> float:
    """What Lambda reckons by."""
    return memory(operation.name) / 1024 * billed_ms(operation) / 1000


def bill(operations: Sequence[Operation], weights: Sequence[Weight], deployed: Deployed, cold_ms: float, inspected: Inspected) -> Bill:
    """The whole arithmetic."""
    known = {operation.name: operation for operation in operations}
    done = {**model.ASKED, "sendPosted": model.MAILS}
    return Bill(
        visits=tuple(_visits(known, done, {weight.page: weight for weight in weights}, cold_ms)),
        files=tuple(_files(inspected)),
        fixed=tuple(_fixed(known["sweepDue"], deployed, inspected)),
        rows=_rows(known, done, inspected),
    )


def _visits(known: Mapping[str, Operation], done: Mapping[str, float], pages: Mapping[str, Weight], cold_ms: float) -> list[Line]:
    """1,000 visits."""
    requests = sum(model.ASKED.values())
    runs = sum(done.values())
    units = sum((known[name].units * times for name, times in done.items()), Units(write=2 * model.RENEWALS))
    files = model.FIRST_LOADS * pages[FIRST].requests + model.LATER_LOADS * pages[LATER].later_requests
    sent = model.FIRST_LOADS * pages[FIRST].bytes + model.LATER_LOADS * pages[LATER].later_bytes
    answers = sum(known[name].wire * times for name, times in model.ASKED.items())
    warm = sum(gb_seconds(known[name]) * times for name, times in done.items())
    cold = runs * model.COLD * cold_ms / 1000 * model.API_MEMORY / 1024
    each = [
        (prices.REQUESTS, files + requests),
        (prices.TRANSFER, sent + answers),
        (prices.EDGE_RUNS, 2 * files),
        (prices.EDGE_READS, model.FIRST_LOADS + model.LATER_LOADS),
        (prices.GATEWAY, requests),
        (prices.LAMBDA_RUNS, runs),
        (prices.LAMBDA_TIME, warm + cold),
        (prices.READS, units.read),
        (prices.WRITES, units.write),
        (prices.MAILS, model.MAILS),
        (prices.LOGS, runs * model.LOGGED),
    ]
    return [Line(price, THOUSAND * quantity) for price, quantity in each]


def _files(inspected: Inspected) -> list[Line]:
    """What the files of 1,000 visits cost beside their requests: sent, scanned, made anew, released, opened once."""
    seconds = (inspected.ms + _waited(inspected.calls)) / 1000
    each = [
        (prices.LAMBDA_RUNS, 2),  # it came; it was scanned
        (prices.LAMBDA_TIME, seconds * memory("inspect") / 1024),
        (prices.READS, inspected.units.read),
        (prices.WRITES, inspected.units.write),
        (prices.OBJECT_WRITES, 1 + inspected.asked(UPLOADS)),
        (prices.OBJECT_READS, 2 + inspected.asked(READINGS)),  # the scan and whoever opens it read it too
        (prices.FILE_TRANSFER, inspected.kept),
        (prices.SCANNED, inspected.sent),
        (prices.SCANNED_OBJECTS, 1),
        (prices.LOGS, 2 * model.LOGGED),
    ]
    return [Line(price, THOUSAND * model.FILES * quantity) for price, quantity in each]


def _waited(calls: Mapping[str, int]) -> float:
    """Milliseconds."""
    return sum(count * model.WAITS.get(name, model.WAIT) for name, count in calls.items())


def _fixed(sweep: Operation, deployed: Deployed, inspected: Inspected) -> list[Line]:
    """A month of a deployment that nobody visits: what stands there, the sweep of every minute, and that of files."""
    secret_reads = model.SECRET_READS * model.FIVE_MINUTES
    files = _waited(inspected.sweep_calls) / 1000  # seconds of one sweep, which waits and hardly reckons
    return [
        Line(prices.KEY, deployed.keys),
        Line(prices.SECRET, deployed.secrets),
        Line(prices.ALARM, deployed.alarms),
        Line(prices.METRIC, deployed.metrics),
        Line(prices.DASHBOARD, deployed.dashboards),
        Line(prices.SECRET_READS, secret_reads),
        Line(prices.KEY_USES, secret_reads + deployed.tables * model.BUSY * model.FIVE_MINUTES),
        Line(prices.LAMBDA_RUNS, model.MINUTES + model.FILES_SWEPT),
        Line(prices.LAMBDA_TIME, model.MINUTES * gb_seconds(sweep) + model.FILES_SWEPT * files * memory("inspect") / 1024),
        Line(prices.READS, model.MINUTES * sweep.units.read + model.FILES_SWEPT * inspected.sweep_units.read),
        Line(prices.WRITES, model.MINUTES * sweep.units.write + model.FILES_SWEPT * inspected.sweep_units.write),
        Line(prices.LOGS, (model.MINUTES + model.FILES_SWEPT) * model.LOGGED),
    ]


def _rows(known: Mapping[str, Operation], done: Mapping[str, float], inspected: Inspected) -> tuple[Line, ...]:
    """What a year's visits of a clinic leave in the tables and buckets, by the month; nothing of it cleaned up."""
    visits = model.VISITS_A_MONTH * 12
    kept = sum(max(0, known[name].kept) * times for name, times in done.items()) * visits
    files = inspected.kept * model.FILES * visits
    return Line(prices.STORED, kept), Line(prices.RESTORABLE, kept), Line(prices.OBJECTS, files)
