"""Who stands at the edge: only CloudFront may call, and only its word for the caller's address counts.

CloudFront adds a secret header to what it forwards. Two secrets may be valid at once, so that they can be
changed without a gap. Without a secret (the local run, the tests) the gateway's own word counts; a deployed
stage without one lets nobody in.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from chalicelib.kit import settings
from chalicelib.kit.problem import NotAllowed

SECRET, VIEWER = "x-anteroom-edge", "cloudfront-viewer-address"
UNGUARDED = frozenset({"local", "test"})  # stages whose gateway is this machine


class NotThroughTheEdge(NotAllowed):
    """A request that did not come through CloudFront, and so without its checks and headers."""

    title = "Please use the clinic's own address."


def address(headers: Mapping[str, str], source: str) -> str:
    """The caller's IP address; NotThroughTheEdge unless the edge vouches for the request. An odd address is no address: empty."""
    secrets = settings.edge_secrets()
    if not secrets and settings.stage() in UNGUARDED:
        return source
    if not _is_one_of(headers.get(SECRET, ""), secrets):
        raise NotThroughTheEdge
    host, _, port = headers.get(VIEWER, "").rpartition(":")  # an IPv6 address stands there without brackets
    return host.strip("[]") if port.isdecimal() else ""


def _is_one_of(given: str, secrets: tuple[str, ...]) -> bool:
    """Takes the same time whichever it is, if any."""
    same = False
    for secret in secrets:
        same |= hmac.compare_digest(given.encode(), secret.encode())
    return same
