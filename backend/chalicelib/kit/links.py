"""Ways in and out of a bucket that a browser uses by itself: signed by us, for one object, for a short time.

A form is a presigned POST and no PUT, since only a POST's policy can bind the size. All is signed with version 4 of AWS's
signature: boto3's own choice in us-east-1 is version 2, which binds nothing but the name. And for the bucket's own host in its
region: boto3's choice there is the old address for all of AWS, which no page of ours may speak to and a new bucket redirects from.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chalicelib.kit import settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Form(Struct, frozen=True):
    """Where to POST a file, and the fields to send before it, which must not differ by a character."""

    url: str
    fields: dict[str, str]


@lru_cache(maxsize=1)
def _client() -> S3Client:
    """Signs only; it never calls anybody."""
    import boto3  # here, so that a request that hands out no link does not pay for it
    from botocore.config import Config

    origin = settings.files_origin()
    # A stand-in has one host name for all buckets, so that they stand in the path.
    told = Config(
        signature_version="s3v4", s3={"addressing_style": "path" if origin else "virtual", "us_east_1_regional_endpoint": "regional"}
    )
    return boto3.client("s3", endpoint_url=origin or None, config=told)


def form(bucket: str, key: str, content_type: str, size: int, sha256: str, good_for: timedelta) -> Form:
    """A way to store exactly these bytes (`size`, and SHA-256 in hex) as exactly this object, once or again until it lapses.

    What the form does not name S3 refuses; the bucket's own default encrypts what comes.
    """
    fields = {
        "Content-Type": content_type,
        "success_action_status": "201",
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(sha256)).decode(),
    }
    conditions: list[Any] = [{name: value} for name, value in fields.items()]
    conditions.append(["content-length-range", size, size])
    made = _client().generate_presigned_post(
        bucket, key, Fields=dict(fields), Conditions=conditions, ExpiresIn=int(good_for.total_seconds())
    )
    return Form(made["url"], made["fields"])


def link(bucket: str, key: str, content_type: str, name: str, good_for: timedelta) -> str:
    """A way to read an object, as a download under a name of ours (plain ASCII) and a type that we say."""
    told = {
        "Bucket": bucket,
        "Key": key,
        "ResponseContentType": content_type,
        "ResponseContentDisposition": f'attachment; filename="{name}"',
        "ResponseCacheControl": "private, no-store",
    }
    return _client().generate_presigned_url("get_object", Params=told, ExpiresIn=int(good_for.total_seconds()))
