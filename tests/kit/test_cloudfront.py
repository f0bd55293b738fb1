"""The edge's store and caches, on the local cloud."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.kit import cloudfront
from chalicelib.kit.cloudfront import CloudFront


@pytest.fixture
def edge(ministack: str) -> CloudFront:
    """A store and two distributions on the local cloud."""
    client = boto3.client("cloudfront")
    known = {store["Name"]: store["ARN"] for store in client.list_key_value_stores()["KeyValueStoreList"].get("Items", [])}
    arn = known.get("clinics") or client.create_key_value_store(Name="clinics")["KeyValueStore"]["ARN"]
    made = CloudFront(arn, {host: a_distribution(client, host) for host in ("patient", "staff")})
    made.tell({}, made.languages())
    return made


def a_distribution(client: Any, name: str) -> str:
    """The id of a new distribution, of which nothing is asked but to be there."""
    origin = {"Id": "o", "DomainName": "pages.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}
    config = {"CallerReference": name, "Comment": name, "Enabled": True, "Origins": {"Quantity": 1, "Items": [origin]}}
    made: str = client.create_distribution(DistributionConfig={**config, "DefaultCacheBehavior": behaviour})["Distribution"]["Id"]
    return made


@pytest.mark.cloud
def test_the_store_holds_what_the_edge_was_told_whatever_the_number(edge: CloudFront) -> None:
    told = {f"clinic-{number}": "en,es" for number in range(120)}
    edge.tell(told, ())
    assert edge.languages() == told
    edge.tell({"clinic-7": "es"}, [f"clinic-{number}" for number in range(8, 120)])
    assert edge.languages() == {**{f"clinic-{number}": "en,es" for number in range(7)}, "clinic-7": "es"}


@pytest.mark.cloud
def test_two_who_publish_cannot_mix_what_they_tell(edge: CloudFront, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudfront, "BATCH", 1)
    update = edge._keys.update_keys

    def somebody_else_first(**wanted: Any) -> Any:
        update(**{**wanted, "Puts": [{"Key": "theirs", "Value": "en"}]})
        return update(**wanted)

    monkeypatch.setattr(edge._keys, "update_keys", somebody_else_first)
    with pytest.raises(ClientError, match="ConflictException"):
        edge.tell({"ours": "en"}, ())
    assert edge.languages() == {"theirs": "en"}


@pytest.mark.cloud
def test_the_caches_of_each_host_are_told_what_to_forget(edge: CloudFront) -> None:
    edge.forget("patient", ["/north/en/", "/north/en/index.html"])
    edge.forget("staff", ["/*"])
    edge.forget("staff", ["/*"])
    client = boto3.client("cloudfront")
    found = {}
    for host, name in edge._distributions.items():
        items = client.list_invalidations(DistributionId=name)["InvalidationList"]["Items"]
        batches = [client.get_invalidation(DistributionId=name, Id=item["Id"])["Invalidation"]["InvalidationBatch"] for item in items]
        found[host] = [batch["Paths"]["Items"] for batch in batches]
    assert found == {"patient": [["/north/en/", "/north/en/index.html"]], "staff": [["/*"], ["/*"]]}
