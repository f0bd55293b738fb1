"""What is deployed lies in a bucket of its own: every package and template by its content, and a ledger of the deployments."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct

from scripts.local.environment import Plain

LEDGER = "deployments.json"


class Deployment(Struct, frozen=True):
    """One deployment that came to its end: when, from which template, with which parameters, of which version."""

    at: str
    template: str
    parameters: dict[str, str]
    version: str


@dataclass(frozen=True)
class Artifacts:
    """The bucket of a stage, through a boto3 client of S3.

    `owner` is the account that the bucket must belong to: the name can be guessed, and anybody could have made one of it.
    """

    client: Any
    bucket: str
    owner: str
    region: str
    endpoint: str = ""  # of the local cloud

    @property
    def _ours(self) -> dict[str, str]:
        """What every call says: this bucket, and only if it is our account's."""
        return {"Bucket": self.bucket, "ExpectedBucketOwner": self.owner}

    def provide(self) -> None:
        """Make the bucket if it is not there: private, encrypted, versioned. Plain where it is somebody else's."""
        if not self._is_there():
            where = {} if self.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
            self.client.create_bucket(Bucket=self.bucket, **where)
        self.client.put_bucket_versioning(**self._ours, VersioningConfiguration={"Status": "Enabled"})
        closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
        self.client.put_public_access_block(**self._ours, PublicAccessBlockConfiguration=closed)

    def _is_there(self) -> bool:
        try:
            self.client.head_bucket(**self._ours)
        except ClientError as error:
            if _is_missing(error):
                return False
            raise Plain(f"The bucket {self.bucket} belongs to another account, or these credentials may not use it.") from error
        return True

    def keep(self, template: Path, packages: Iterable[Path]) -> str:
        """Upload all, each under the hash of its content, and let the template name the packages so; the template's key."""
        text = template.read_text(encoding="utf-8")
        for package in packages:
            code = package.read_bytes()
            key = f"code/{hashlib.sha256(code).hexdigest()}.zip"
            self._put(key, code)
            text = text.replace(f"CodeUri: ./{package.name}\n", f"CodeUri: s3://{self.bucket}/{key}\n")
        key = f"templates/{hashlib.sha256(text.encode()).hexdigest()}.yaml"
        self._put(key, text.encode())
        return key

    def _put(self, key: str, body: bytes) -> None:
        """Write what is not there yet; what lies under the hash of its content never changes."""
        try:
            self.client.head_object(**self._ours, Key=key)
        except ClientError as error:
            if not _is_missing(error):
                raise
            self.client.put_object(**self._ours, Key=key, Body=body)

    def url(self, key: str) -> str:
        """Where CloudFormation finds a template."""
        if self.endpoint:
            return f"{self.endpoint}/{self.bucket}/{key}"
        return f"https://{self.bucket}.s3.{self.region}.amazonaws.com/{key}"

    def read(self, key: str) -> bytes:
        """What lies under a key."""
        return bytes(self.client.get_object(**self._ours, Key=key)["Body"].read())

    def deployments(self) -> list[Deployment]:
        """All that came to their end, the newest last."""
        try:
            found = self.read(LEDGER)
        except self.client.exceptions.NoSuchKey:
            return []
        return msgspec.json.decode(found, type=list[Deployment])

    def note(self, template: str, parameters: Mapping[str, str], version: str, now: datetime) -> None:
        """Write down that a deployment came to its end."""
        done = Deployment(now.isoformat(timespec="seconds"), template, dict(parameters), version)
        listed = [*self.deployments(), done]
        self.client.put_object(**self._ours, Key=LEDGER, Body=json.dumps(msgspec.to_builtins(listed), indent=1).encode())


def _is_missing(error: ClientError) -> bool:
    return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] == 404)
