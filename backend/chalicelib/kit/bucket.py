"""Buckets: put, get, list and delete whole objects, with short timeouts; nothing here knows what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef, ObjectIdentifierTypeDef

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 1, 5, 3
MISSING = frozenset({"NoSuchKey", "NoSuchVersion"})  # how S3 says that something is not there
GONE = 404  # how a HEAD says the same: it has no body to say more
MOST_DELETED = 1000  # keys in one DeleteObjects request (S3 API reference)

PLACE = ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION")  # whose cloud it is; one process of the tests knows several


@lru_cache(maxsize=4)
def _client(connections: int, *_place: str | None) -> S3Client:
    """Kept as long as the container is: making one takes ten times as long as a request."""
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        max_pool_connections=connections,
    )
    return boto3.client("s3", config=patience)


@dataclass(frozen=True)
class Bucket:
    """One bucket by name, for as many threads as there are connections. Faults come out as botocore's own; a missing object is None."""

    name: str
    connections: int = 16  # enough to hide S3's answering time

    @cached_property
    def client(self) -> S3Client:
        """The client, made when first needed: requests that touch no bucket do not pay for boto3."""
        return _client(self.connections, *map(os.environ.get, PLACE))

    def put(self, key: str, body: bytes, content_type: str, cache_control: str, metadata: Mapping[str, str] | None = None) -> None:
        """Write one object, over what was there; readers get `metadata` as x-amz-meta-... headers."""
        told = metadata or {}
        self.client.put_object(Bucket=self.name, Key=key, Body=body, ContentType=content_type, CacheControl=cache_control, Metadata=told)

    def get(self, key: str, version: str = "") -> bytes | None:
        """The bytes of one object, or of one version of it, or None."""
        where: GetObjectRequestTypeDef = {"Bucket": self.name, "Key": key}
        if version:
            where["VersionId"] = version
        try:
            return self.client.get_object(**where)["Body"].read()
        except self.client.exceptions.ClientError as error:
            if error.response["Error"].get("Code") in MISSING:
                return None
            raise

    def first_version(self, key: str) -> str:
        """The id of the oldest version of an object; empty where there is none."""
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=key)
        found = [each for page in pages for each in page.get("Versions", []) if each["Key"] == key]
        return found[-1]["VersionId"] if found else ""  # S3 lists the newest first

    def delete_version(self, key: str, version: str) -> bool:
        """Remove one version of an object; False if it was not there any more."""
        try:
            self.client.head_object(Bucket=self.name, Key=key, VersionId=version)
        except self.client.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == GONE:
                return False
            raise
        self._delete([{"Key": key, "VersionId": version}])
        return True

    def copy(self, source: str, key: str, into: Bucket) -> None:
        """Copy an object, with all that is said of it, into another bucket."""
        self.client.copy_object(Bucket=into.name, Key=key, CopySource={"Bucket": self.name, "Key": source})

    def purge(self, prefix: str) -> int:
        """Remove every version, and every mark of a removal, of the objects whose keys begin so; how many there were."""
        gone = 0
        for page in self.client.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=prefix):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            batch: list[ObjectIdentifierTypeDef] = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            if batch:
                self._delete(batch)
            gone += len(batch)
        return gone

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that begins with `prefix`, in order."""
        yield from (key for key, _ in self.tags(prefix))

    def tags(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        """The same, each with its ETag: the MD5 of its bytes (hex), as long as it was put whole and S3's own key encrypts it."""
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
            yield from ((found["Key"], found["ETag"].strip('"')) for found in page.get("Contents", []))

    def delete(self, keys: Sequence[str]) -> None:
        """Remove these objects; one that is not there is no fault."""
        for first in range(0, len(keys), MOST_DELETED):
            self._delete([{"Key": key} for key in keys[first : first + MOST_DELETED]])

    def _delete(self, batch: list[ObjectIdentifierTypeDef]) -> None:
        answer = self.client.delete_objects(Bucket=self.name, Delete={"Objects": batch, "Quiet": True})
        if answer.get("Errors"):  # S3 answers 200 to this call whatever became of each object
            raise self.client.exceptions.ClientError({"Error": answer["Errors"][0]}, "DeleteObjects")
