"""The runbook speaks of every alarm there is and of no other; alarms, dashboard, code and runbook count the same things by the same names."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
import yaml

from app import app
from chalicelib.documents import workers as documents
from chalicelib.doors.routes import operations
from chalicelib.kit import metrics
from chalicelib.kit.metrics import Metric
from chalicelib.portals import workers
from scripts.local import template
from scripts.local.environment import ROOT
from tests.guard.expectations import WORKERS

STAGE = "prod"  # the runbook's examples
BOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
CODE = ROOT / "backend" / "chalicelib"
# Headings that are no alarm's; an alarm's is its name, in small letters.
CHAPTERS = {
    "First, whatever it is",
    "How to ask the log",
    "Putting dead letters away",
    "New keys in an emergency",
    "Restoring a table",
    "What is counted",
}
PARTS = ("**What it means.**", "**How to look.**", "**What to do.**", "**Over when**")
OURS = {"at", "level", "logger", "message", "trace", "actor", "problem", "status", *metrics.BESIDE, metrics.DIMENSION, *Metric}
LAMBDAS = {"@timestamp", "@message", "@type", "@duration", "@maxMemoryUsed"}
LANGUAGE = {
    "fields",
    "filter",
    "stats",
    "sort",
    "limit",
    "by",
    "as",
    "asc",
    "desc",
    "and",
    "or",
    "not",
    "like",
    "ispresent",
    "count",
    "sum",
    "max",
    "pct",
    "bin",
}


@lru_cache(maxsize=1)
def resources() -> dict[str, dict[str, Any]]:
    """What the template declares, as it stands there."""
    document: dict[str, Any] = yaml.load(template.OVERLAY.read_text(encoding="utf-8"), template.Loader)
    return {name: each for name, each in document["Resources"].items() if "Type" in each}


def of_kind(kind: str) -> list[dict[str, Any]]:
    """The properties of all resources of a type."""
    return [each["Properties"] for each in resources().values() if each["Type"] == kind]


def alarms() -> dict[str, dict[str, Any]]:
    """Every alarm by its name without the stage's."""
    return {each["AlarmName"]["!Sub"].removeprefix("anteroom-${Stage}-"): each for each in of_kind("AWS::CloudWatch::Alarm")}


def sections() -> dict[str, str]:
    """What stands under each heading."""
    parts = re.split(r"^## (.+)$", BOOK, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def shown() -> set[str]:
    """Our metrics on the dashboard, whose rows may leave out what the row before says."""
    (dashboard,) = of_kind("AWS::CloudWatch::Dashboard")
    text, _ = dashboard["DashboardBody"]["!Sub"]
    found, before = set[str](), ["", ""]
    for widget in json.loads(re.sub(r"\$\{[^}]+\}", "x", text))["widgets"]:
        for row in widget["properties"].get("metrics", []):
            if row[0] != "...":
                before = [told if told != "." else kept for told, kept in zip(row[:2], before, strict=True)]
            found |= {before[1]} if before[0] == metrics.NAMESPACE else set()
    return found


def watched() -> set[str]:
    """Our metrics that an alarm looks at."""
    return {each["MetricName"] for each in of_ours()}


def of_ours() -> list[dict[str, Any]]:
    """The alarms that look at a metric of ours."""
    return [each for each in alarms().values() if each["Namespace"] == metrics.NAMESPACE]


def emitted() -> set[str]:
    """Our metrics that the code names beside the list of them."""
    found = set[str]()
    for path in CODE.rglob("*.py"):
        if path != CODE / "kit" / "metrics.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Metric":
                    found.add(Metric[node.attr])
    return found


def test_every_alarm_has_its_heading_and_every_heading_its_alarm() -> None:
    assert len(alarms()) == len(of_kind("AWS::CloudWatch::Alarm"))
    assert [name for name in sections() if name not in CHAPTERS] == list(alarms())
    assert set(sections()) >= CHAPTERS


@pytest.mark.parametrize("alarm", alarms())
def test_each_says_what_it_means_how_to_look_what_to_do_and_when_it_is_over(alarm: str) -> None:
    places = [sections()[alarm].find(part) for part in PARTS]
    assert -1 not in places
    assert places == sorted(places)


def test_the_code_counts_what_alarms_and_dashboard_look_at_and_nothing_else() -> None:
    assert emitted() == watched() | shown() == {str(metric) for metric in Metric}


@pytest.mark.parametrize("alarm", of_ours(), ids=lambda each: each["MetricName"])
def test_an_alarm_of_ours_looks_at_the_one_dimension(alarm: dict[str, Any]) -> None:
    assert alarm["Dimensions"] == [{"Name": metrics.DIMENSION, "Value": {"!Ref": "Stage"}}]


def test_the_runbook_says_of_every_metric_what_it_counts() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", sections()["What is counted"], flags=re.MULTILINE)
    assert rows == [(metric, metrics.UNITS.get(metric, "Count").lower()) for metric in Metric]


def blocks() -> Iterator[str]:
    yield from re.findall(r"^ *```\n(.+?)^ *```$", BOOK, flags=re.MULTILINE | re.DOTALL)


def queries() -> list[str]:
    """The questions to the log."""
    return [block for block in blocks() if re.match(r"fields|filter|stats", block)]


@pytest.mark.parametrize("query", queries())
def test_a_query_asks_for_fields_that_our_lines_have(query: str) -> None:
    bare = re.sub(r'"[^"]*"|/[^/\n]+/(?=\n)', " ", query)
    aliases = set(re.findall(r"\bas (\w+)", bare))
    named = set(re.findall(r"@?\b[A-Za-z_]\w*", bare))
    assert named - OURS - LAMBDAS - LANGUAGE - aliases == set()


@pytest.mark.parametrize("field", ["door", "worker", "problem"])
def test_a_query_names_doors_workers_and_problems_that_there_are(field: str) -> None:
    known = {
        "door": {operation.name for operation in operations(app)},
        "worker": WORKERS | {workers.publish.__name__, documents.inspect.__name__},
        "problem": {kind.slug() for operation in operations(app) for kind in operation.problems} | {"try-again"},
    }
    named = {name for query in queries() for name in re.findall(rf'\b{field} = "([^"]+)"', query)}
    assert named
    assert named <= known[field]


def test_it_names_the_log_groups_the_queue_and_the_secret_that_there_are() -> None:
    names = {
        properties[name]["!Sub"].replace("${Stage}", STAGE)
        for kind, name in (
            ("AWS::Logs::LogGroup", "LogGroupName"),
            ("AWS::SQS::Queue", "QueueName"),
            ("AWS::SecretsManager::Secret", "Name"),
        )
        for properties in of_kind(kind)
    }
    said = set(re.findall(r"/anteroom/[a-z]+/[a-z]+|anteroom-prod-dead-letters|(?<=`)anteroom/[a-z]+/[a-z]+", BOOK))
    assert said
    assert said <= names


def test_every_table_is_thought_of_when_one_is_restored() -> None:
    tables = {arguments["TableName"].removeprefix(f"anteroom-{STAGE}-") for arguments in template.tables(STAGE)}
    together = sections()["Restoring a table"].split("**What belongs together.**")[1]
    assert set(re.findall(r"`(\w+)`", together)) >= tables


def test_what_a_restored_table_lacks_is_what_the_template_gives() -> None:
    """A property that is added to the tables later has to be thought of here."""
    given = {name for properties in of_kind("AWS::DynamoDB::Table") for name in properties}
    restored = {"TableName", "BillingMode", "AttributeDefinitions", "KeySchema", "SSESpecification"}
    assert given - restored == {"PointInTimeRecoverySpecification", "TimeToLiveSpecification", "StreamSpecification"}


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(((?!http)[^)]+)\)", BOOK))))
def test_every_link_leads_somewhere(link: str) -> None:
    path, _, anchor = link.partition("#")
    page = ROOT / "docs" / path if path else ROOT / "docs" / "runbook.md"
    assert page.is_file()
    assert not anchor or anchor in anchors(page.read_text(encoding="utf-8"))
