"""What the bench reckons, against cases worked out by hand; and that its page says what was found. Nothing here is timed."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.benching import bill_page, capacity, deployed, markdown, model, money, page, prices, tape
from scripts.benching.capacity import Images, Item, Units
from scripts.benching.cold import Cold, Start
from scripts.benching.inspecting import Inspected
from scripts.benching.money import Deployed
from scripts.benching.operations import Operation
from scripts.benching.page import Found
from scripts.benching.publishing import Rate
from scripts.benching.weights import Weight
from scripts.local import template

KEY = {"pk": {"S": "C#north"}, "sk": {"S": "x"}}  # 13 bytes
PLACE = ("t", "C#north", "x")
NOTHING: Images = {PLACE: None}


def an_item(size: int) -> Item:
    """An item of so many bytes."""
    return {**KEY, "d": {"S": "x" * (size - capacity.item_bytes(KEY) - 1)}}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": ""}, 0),
        ({"S": "abc"}, 3),
        ({"S": "é"}, 2),
        ({"B": b"abcd"}, 4),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "42"}, 2),
        ({"N": "123"}, 3),
        ({"N": "1795438800"}, 5),  # its last two zeroes are not kept
        ({"N": "0.05"}, 2),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "1"}]}, 3 + 3 + 3),
        ({"M": {"a": {"S": "bc"}}}, 3 + 1 + 2 + 1),
        ({"SS": ["a", "bc"]}, 3),
    ],
)
def test_a_value_has_the_size_that_the_guide_says(value: dict[str, Any], size: int) -> None:
    assert capacity.value_bytes(value) == size


def test_an_item_is_its_names_and_values() -> None:
    assert capacity.item_bytes({"pk": {"S": "abc"}, "n": {"N": "12"}}) == 2 + 3 + 1 + 2
    assert capacity.item_bytes(None) == 0
    assert capacity.item_bytes(an_item(1024)) == 1024


READS = [
    ("GetItem", {"ConsistentRead": True}, {"Item": an_item(4096)}, 1),
    ("GetItem", {"ConsistentRead": True}, {"Item": an_item(4097)}, 2),
    ("GetItem", {}, {"Item": an_item(4097)}, 1),
    ("GetItem", {}, {"Item": an_item(100)}, 0.5),
    ("GetItem", {"ConsistentRead": True}, {}, 1),
    ("Query", {"ConsistentRead": True}, {"Items": [an_item(2048)] * 3}, 2),  # of all together, not of each
    ("Query", {}, {"Items": [an_item(2048)] * 3}, 1),
    ("Query", {"ConsistentRead": True}, {"Items": []}, 1),
    (
        "BatchGetItem",
        {"RequestItems": {"t": {"Keys": [KEY] * 3, "ConsistentRead": True}}},
        {"Responses": {"t": [an_item(5000), an_item(10 + 90)]}},
        4,
    ),
    ("BatchGetItem", {"RequestItems": {"t": {"Keys": [KEY]}}}, {"Responses": {}}, 0.5),
]


@pytest.mark.parametrize(("name", "told", "answer", "read"), READS)
def test_a_read_is_charged_by_four_kilobytes(name: str, told: dict[str, Any], answer: dict[str, Any], read: float) -> None:
    assert capacity.places(name, told) == []
    assert capacity.units(name, told, answer, {}, {}) == Units(read=read)


PUT = {"TableName": "t", "Item": KEY}
BY_KEY = {"TableName": "t", "Key": KEY}
WRITES = [
    ("PutItem", PUT, None, 1024, 1),
    ("PutItem", PUT, None, 1025, 2),
    ("PutItem", PUT, 3000, 100, 3),  # what it replaces counts where it was larger
    ("UpdateItem", BY_KEY, 100, 2049, 3),
    ("DeleteItem", BY_KEY, 2049, None, 3),
    ("DeleteItem", BY_KEY, None, None, 1),
    ("TransactWriteItems", {"TransactItems": [{"Put": PUT}]}, None, 1025, 4),
    ("TransactWriteItems", {"TransactItems": [{"Update": BY_KEY}, {"Delete": BY_KEY}]}, 100, 200, 4),
    ("TransactWriteItems", {"TransactItems": [{"ConditionCheck": BY_KEY}]}, 1500, 1500, 4),
]


@pytest.mark.parametrize(("name", "told", "before", "after", "write"), WRITES)
def test_a_write_is_charged_by_one_kilobyte_and_twice_in_a_transaction(
    name: str, told: dict[str, Any], before: int | None, after: int | None, write: float
) -> None:
    was, now = ({PLACE: an_item(size) if size else None} for size in (before, after))
    assert set(capacity.places(name, told)) == {PLACE}
    assert capacity.units(name, told, {}, was, now) == Units(write=write)


def test_what_nobody_wrote_a_rule_for_is_not_reckoned() -> None:
    with pytest.raises(ValueError, match="Scan"):
        capacity.units("Scan", {}, {}, NOTHING, NOTHING)


def test_units_add_up() -> None:
    assert Units(1, 2) + Units(0.5, 1) * 2 == Units(2, 4)
    assert tape.charged([{"read": 1.0, "write": 0.0}, {"read": 0.5, "write": 4.0}]) == Units(1.5, 4)


@pytest.mark.parametrize(
    ("price", "quantity", "dollars"),
    [
        (prices.GATEWAY, 2_000_000, 7.0),
        (prices.TRANSFER, 5e8, 0.0425),
        (prices.MAILS, 10, 0.001),
        (prices.REQUESTS, 10_000, 0.01),
        (prices.LAMBDA_TIME, 1_000_000, 13.3334),
        (prices.METRIC, 16, 4.8),
    ],
)
def test_a_price_is_for_so_many(price: prices.Price, quantity: float, dollars: float) -> None:
    assert price.of(quantity) == pytest.approx(dollars)


def test_every_price_says_where_it_is_published() -> None:
    assert len(prices.ALL) == len({price.what for price in prices.ALL}) == 26
    assert all(price.source.startswith("https://aws.amazon.com/") and price.dollars > 0 for price in prices.ALL)


def an_operation(name: str, **about: Any) -> Operation:
    """One that reads once, writes once, and takes 10 ms of CPU."""
    told: dict[str, Any] = {
        "calls": {"GetItem": 1, "TransactWriteItems": 1},
        "units": Units(1, 4),
        "kept": 1000,
        "bytes": 2000,
        "wire": 500,
        "cpu": 10.0,
        "bare": 8.0,
        "ratio": 1.25,
        "spread": (1.2, 1.3),
        "tuned": 1.4,
    }
    return Operation(name=name, **(told | about))


def test_lambda_bills_cpu_at_the_functions_share_and_the_waits() -> None:
    api, sweep = an_operation("bookAppointment"), an_operation("sweepDue", calls={"Query": 24})
    assert money.billed_ms(api) == 32  # 10 ms at 1024 of 1769 MB are 17.3, and 4 + 10 of waiting
    assert money.gb_seconds(api) == pytest.approx(0.032)
    assert money.billed_ms(sweep) == 131  # 10 ms at 512 of 1769 MB are 34.6, and 24 x 4
    assert money.gb_seconds(sweep) == pytest.approx(0.0655)


OPERATIONS = [an_operation(name) for name in (*model.ASKED, "sendPosted", "sweepDue")]
WEIGHTS = [Weight("/north/en/", 3000, 7000, 0, 17000, 4), Weight("/north/en/book/time/", 4000, 7000, 6000, 17000, 8)]
DEPLOYED = Deployed(keys=1, secrets=2, alarms=13, dashboards=1, metrics=16, tables=11)
CALLS = {"GetItem": 4, "TransactWriteItems": 1, "GetObject": 2, "PutObject": 3, "ListObjectVersions": 1, "DeleteObject": 9}
INSPECTED = Inspected(CALLS, Units(6, 20), ms=300.0, sent=600_000, kept=500_000, sweep_calls={"Query": 10}, sweep_units=Units(read=10))
BILL = money.bill(OPERATIONS, WEIGHTS, DEPLOYED, cold_ms=200.0, inspected=INSPECTED)


def quantity(lines: tuple[money.Line, ...], price: prices.Price) -> float:
    """Of the one line of a price."""
    (found,) = (line.quantity for line in lines if line.price is price)
    return found


def test_a_thousand_visits_are_the_counts_times_what_is_asked() -> None:
    asked, runs = sum(model.ASKED.values()), sum(model.ASKED.values()) + model.MAILS
    assert quantity(BILL.visits, prices.GATEWAY) == pytest.approx(1000 * asked)
    assert quantity(BILL.visits, prices.LAMBDA_RUNS) == pytest.approx(1000 * runs)
    assert quantity(BILL.visits, prices.READS) == pytest.approx(1000 * runs)
    assert quantity(BILL.visits, prices.WRITES) == pytest.approx(1000 * (4 * runs + 2 * model.RENEWALS))
    files = 3 * 4 + 14 * (8 - 3)
    assert quantity(BILL.visits, prices.REQUESTS) == pytest.approx(1000 * (files + asked))
    assert quantity(BILL.visits, prices.TRANSFER) == pytest.approx(1000 * (3 * 27000 + 14 * 10000 + 500 * asked))
    assert quantity(BILL.visits, prices.EDGE_READS) == pytest.approx(17_000)
    assert BILL.thousand == pytest.approx(sum(line.price.dollars * line.quantity / line.price.per for line in (*BILL.visits, *BILL.files)))


def test_a_file_is_sent_scanned_made_anew_and_opened_once() -> None:
    files = 1000 * model.FILES
    assert quantity(BILL.files, prices.LAMBDA_RUNS) == pytest.approx(2 * files)
    assert quantity(BILL.files, prices.LAMBDA_TIME) == pytest.approx(files * (0.3 + 19 * 0.004 + 0.010) * 1769 / 1024)
    assert quantity(BILL.files, prices.OBJECT_WRITES) == pytest.approx(files * (1 + 4))
    assert quantity(BILL.files, prices.OBJECT_READS) == pytest.approx(files * (2 + 2))
    assert quantity(BILL.files, prices.SCANNED) == pytest.approx(files * 600_000)
    assert quantity(BILL.files, prices.SCANNED_OBJECTS) == pytest.approx(files)
    assert quantity(BILL.rows, prices.OBJECTS) == pytest.approx(500_000 * model.FILES * model.VISITS_A_MONTH * 12)


def test_a_month_without_visits_is_what_stands_there_and_the_sweep() -> None:
    assert quantity(BILL.fixed, prices.ALARM) == 13
    assert quantity(BILL.fixed, prices.LAMBDA_RUNS) == 43_800 + 8760
    assert quantity(BILL.fixed, prices.READS) == 43_800 + 10 * 8760
    assert quantity(BILL.fixed, prices.WRITES) == 4 * 43_800
    assert quantity(BILL.fixed, prices.KEY_USES) == 5 * 8760 + 11 * 3 * 8760


def test_a_clinic_pays_its_visits_and_its_share_of_the_deployment() -> None:
    visits, rows = BILL.thousand * 0.6, money.total(BILL.rows)
    assert BILL.clinic(1) == pytest.approx(visits + rows + money.total(BILL.fixed))
    assert BILL.clinic(100) == pytest.approx(visits + rows + money.total(BILL.fixed) / 100)


def test_what_costs_by_the_month_is_counted_in_the_template() -> None:
    found = deployed.counted()
    assert found.tables == len(template.tables("prod"))
    assert found.keys >= 1
    assert found.secrets >= 2
    assert found.alarms == len(list(template.resources("AWS::CloudWatch::Alarm", "prod")))
    assert found.metrics >= 11


def test_methods_that_the_gateway_tells_apart_cost_as_much_as_metrics_of_ours() -> None:
    told = {"RestAPI": {"Properties": {"MethodSettings": [{"MetricsEnabled": True}]}}}
    assert deployed.gateway_metrics(told) > 100
    assert deployed.gateway_metrics({"RestAPI": {"Properties": {"MethodSettings": [{}]}}}) == 0


def a_start(*milliseconds: float, late: tuple[str, ...] = ()) -> Start:
    """A package's runs."""
    return Start(imported=tuple(0.8 * each for each in milliseconds), answered=milliseconds, late=late, modules=500)


COLD = Cold(a_start(200.0, 210.0, 190.0), a_start(500.0, 480.0, 520.0), a_start(120.0, 130.0, 110.0), 12_000_000, 30_000_000)
FOUND = Found(COLD, OPERATIONS, BILL, [Rate(1000, 21000, 240_000_000, 30.0, 27.0)], WEIGHTS)


def test_the_page_has_every_part_and_says_that_all_is_met() -> None:
    text = page.render(FOUND, "2026-11-22")
    assert text.startswith("# Bench of 2026-11-22\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        f"## {name}" for name in ("Cold start", "Operations", "Money", "Publish rate", "Page weights")
    ]
    assert [each.met for each in page.verdicts(FOUND)] == [True] * 6
    assert "**no**" not in text
    assert "| Cold start, of the ordinary zip of the same code | at most 0.55 | 0.40 | yes |" in text


def test_a_target_that_is_missed_is_named() -> None:
    slow = [an_operation("findSlots", ratio=2.5), an_operation("getSession")]
    heavy = Cold(a_start(400.0, late=("jinja2",)), a_start(500.0), a_start(100.0), 17_000_000, 30_000_000)
    missed = [each for each in page.verdicts(Found(heavy, slow, None, [Rate(10, 100, 10, 2.0, 1.0)])) if not each.met]
    assert len(missed) == 6
    assert "all but findSlots 2.50" in page.render(Found(operations=slow), "2026-11-22")


def test_a_part_that_was_not_asked_for_is_not_on_the_page() -> None:
    text = page.render(Found(weights=WEIGHTS), "2026-11-22")
    assert "Page weights" in text
    assert "Cold start" not in text
    assert "Target" not in text


def test_the_bill_shows_each_line_and_what_it_leaves_out() -> None:
    text = "\n".join(bill_page.lines(BILL))
    assert text.count("| API Gateway REST, requests |") == 1
    assert "Left out: free allowances" in text
    assert f"| 1,000 visits | {BILL.thousand:.2f} |" in text
    assert all(price.source in text for price in prices.ALL)


def test_numbers_stand_to_the_right_and_bars_do_not_break_a_table() -> None:
    assert markdown.table(("What", "How many"), [("a|b", "1,234.5"), ("c", "")]) == [
        "| What | How many |",
        "| --- | --: |",
        "| a\\|b | 1,234.5 |",
        "| c |  |",
    ]
