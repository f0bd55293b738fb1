"""Counts in the template, and in the app, what costs money by the month."""

from __future__ import annotations

from typing import Any

import yaml

from scripts.benching.money import Deployed
from scripts.local import template

OF_A_METHOD = 5  # metrics of each method where API Gateway tells them apart: calls, latency twice, 4xx and 5xx
Resources = dict[str, dict[str, Any]]


def counted() -> Deployed:
    """From infra/overlay.yaml as it stands."""
    found: Resources = yaml.load(template.OVERLAY.read_text(encoding="utf-8"), template.Loader)["Resources"]
    return Deployed(
        keys=len(_of("AWS::KMS::Key", found)),
        secrets=len(_of("AWS::SecretsManager::Secret", found)),
        alarms=len(_of("AWS::CloudWatch::Alarm", found)),
        dashboards=len(_of("AWS::CloudWatch::Dashboard", found)),
        tables=len(_of("AWS::DynamoDB::Table", found)),
        metrics=_own_metrics() + _mail_metrics(found) + gateway_metrics(found),
    )


def _of(kind: str, found: Resources) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in found.values() if resource.get("Type") == kind]


def _own_metrics() -> int:
    from chalicelib.kit.metrics import Metric

    return len(Metric)


def _mail_metrics(found: Resources) -> int:
    """SES counts each kind of event as a metric of ours."""
    events = (about["EventDestination"] for about in _of("AWS::SES::ConfigurationSetEventDestination", found))
    return sum(len(event["MatchingEventTypes"]) for event in events if "CloudWatchDestination" in event)


def gateway_metrics(found: Resources) -> int:
    """API Gateway's own metrics cost nothing for a stage as a whole, and as much as ours for each method."""
    settings = found.get("RestAPI", {}).get("Properties", {}).get("MethodSettings", [])
    if not any(each.get("MetricsEnabled") for each in settings):
        return 0
    from app import app

    return OF_A_METHOD * sum(len(methods) for methods in app.routes.values())
