"""SigV4a, the signature that CloudFront's key value store asks for and botocore makes only with the awscrt binary beside it.

Installed, awscrt would sign every other request too, and the tests would no longer run what Lambda runs. The algorithm: a P-256 key is
derived from the secret (a counter-mode KDF of NIST SP 800-108 over HMAC-SHA256, tried again in the rare case that the number is too
large), and the string that SigV4 signs is signed by it, with the regions in a header instead of in the scope. A test verifies
signatures that awscrt has made.
"""

from __future__ import annotations

import hmac
from functools import cache
from typing import Any

from botocore import auth
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ALGORITHM = "AWS4-ECDSA-P256-SHA256"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186)
LAST_TRY = 254


def install() -> None:
    """Let botocore's clients sign so in this process, unless something else does already."""
    auth.AUTH_TYPE_MAPS.setdefault("v4a", Asymmetric)


@cache
def private_key(access_key: str, secret_key: str) -> ec.EllipticCurvePrivateKey:
    """The key of these credentials."""
    for again in range(1, LAST_TRY + 1):
        context = b"\x00\x00\x00\x01" + ALGORITHM.encode() + b"\x00" + access_key.encode() + bytes([again]) + b"\x00\x00\x01\x00"
        number = int.from_bytes(hmac.digest(b"AWS4A" + secret_key.encode(), context, "sha256"), "big")
        if number <= ORDER - 2:
            return ec.derive_private_key(number + 1, ec.SECP256R1())
    raise ValueError("these credentials give no key")  # once in 2 to the power of 8,000


class Asymmetric(auth.SigV4Auth):
    """Signs a request for a set of regions, `*` for all. Botocore makes one for each request, which is its AWSRequest."""

    def __init__(self, credentials: Any, service_name: str, region_name: str) -> None:
        super().__init__(credentials, service_name, region_name)
        self._service, self._regions = service_name, region_name

    def add_auth(self, request: Any) -> None:
        """Sign it; one that was signed before, for an earlier try, is signed anew."""
        del request.headers["X-Amz-Region-Set"]
        request.headers["X-Amz-Region-Set"] = self._regions
        super().add_auth(request)
        told = request.headers["Authorization"]
        del request.headers["Authorization"]
        request.headers["Authorization"] = f"{ALGORITHM} {told.partition(' ')[2]}"

    def credential_scope(self, request: Any) -> str:
        """Day and service; the regions stand in their header."""
        return "/".join((request.context["timestamp"][:8], self._service, "aws4_request"))

    def scope(self, request: Any) -> str:
        """The same, with whose credentials they are."""
        return f"{self.credentials.access_key}/{self.credential_scope(request)}"

    def string_to_sign(self, request: Any, canonical_request: str) -> str:
        """What SigV4 signs, under the other algorithm's name."""
        symmetric: str = super().string_to_sign(request, canonical_request)
        return "\n".join((ALGORITHM, *symmetric.split("\n")[1:]))

    def signature(self, string_to_sign: str, request: Any) -> str:
        """The signature (DER, hex)."""
        key = private_key(self.credentials.access_key, self.credentials.secret_key)
        return key.sign(string_to_sign.encode(), ec.ECDSA(hashes.SHA256())).hex()
