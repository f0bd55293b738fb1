"""A software authenticator: makes passkeys and signs with them, as a phone would, and lies where a test wants it to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN, HOST = "http://staff.localhost:8000", "staff.localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    """The bytes of base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey on one device. `origin`, `host`, `flags`, `challenge` and `counts` are what it claims."""

    origin: str = ORIGIN
    host: str = HOST
    flags: int = PRESENT | VERIFIED
    challenge: str = ""  # in place of the one it is asked
    counts: bool = True
    count: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user: str = ""

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to creation options."""
        self.user = options["user"]["id"]
        body = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._described()})
        response = {"clientDataJSON": self._client("webauthn.create", options), "attestationObject": b64(body), "transports": ["internal"]}
        return self._answer(response)

    def sign(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """The answer to request options; `lies` stand in the answer in place of what is so."""
        if self.counts:
            self.count += 1
        about = self._about(self.flags)
        client = self._client("webauthn.get", options)
        signature = self.key.sign(about + hashlib.sha256(raw(client)).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": client, "authenticatorData": b64(about), "signature": b64(signature), "userHandle": self.user}
        return self._answer(response | lies)

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        credential = b64(self.credential)
        return {"id": credential, "rawId": credential, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def _client(self, kind: str, options: dict[str, Any]) -> str:
        challenge = self.challenge or options["challenge"]
        return b64(json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode())

    def _about(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _described(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        return self._about(self.flags | ATTESTED) + bytes(range(16)) + struct.pack(">H", len(self.credential)) + self.credential + key
