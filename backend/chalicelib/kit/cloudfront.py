"""CloudFront, as publishing needs it: the store that the edge's functions read, and what its caches shall forget."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from chalicelib.kit import ids, sigv4a

BATCH = 50  # keys in one UpdateKeys (quota of the key value store)
PATIENCE = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 5, "mode": "standard"})


class CloudFront:
    """The edge of one stage. `store` is the ARN of its key value store, `distributions` their ids by host."""

    def __init__(self, store: str, distributions: Mapping[str, str]) -> None:
        self._store, self._distributions = store, distributions

    @cached_property
    def _keys(self) -> Any:
        sigv4a.install()
        client = boto3.client("cloudfront-keyvaluestore", config=PATIENCE)
        if os.environ.get("AWS_ENDPOINT_URL"):
            client.meta.events.register("before-call.cloudfront-keyvaluestore", _without_account)
        return client

    def languages(self) -> dict[str, str]:
        """What the store holds: clinic -> languages."""
        pages = self._keys.get_paginator("list_keys").paginate(KvsARN=self._store, PaginationConfig={"PageSize": BATCH})
        return {item["Key"]: item["Value"] for page in pages for item in page["Items"]}

    def tell(self, languages: Mapping[str, str], gone: Collection[str]) -> None:
        """Write and remove, some at a time: each write names the state it was made for, so that two who publish cannot mix."""
        tag = self._keys.describe_key_value_store(KvsARN=self._store)["ETag"]
        puts = [{"Key": clinic, "Value": spoken} for clinic, spoken in sorted(languages.items())]
        for batch in _batches(puts):
            tag = self._keys.update_keys(KvsARN=self._store, IfMatch=tag, Puts=batch)["ETag"]
        for batch in _batches([{"Key": clinic} for clinic in sorted(gone)]):
            tag = self._keys.update_keys(KvsARN=self._store, IfMatch=tag, Deletes=batch)["ETag"]

    def forget(self, host: str, addresses: Sequence[str]) -> None:
        """Order it; the caches follow within a minute or two, and nobody waits for them."""
        paths = {"Quantity": len(addresses), "Items": list(addresses)}
        boto3.client("cloudfront", config=PATIENCE).create_invalidation(
            DistributionId=self._distributions[host], InvalidationBatch={"Paths": paths, "CallerReference": ids.new()}
        )


def _batches(items: Sequence[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    return (list(items[first : first + BATCH]) for first in range(0, len(items), BATCH))


def _without_account(params: dict[str, Any], **_: Any) -> None:
    """The store's host begins with the account's number, which an endpoint of one's own (the local cloud) has no name for."""
    host = urlsplit(params["url"]).netloc
    params["url"] = params["url"].replace(host, host.partition(".")[2], 1)
