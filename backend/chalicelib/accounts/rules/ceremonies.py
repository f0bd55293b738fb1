"""What a passkey's authenticator must have said: a wrapper around WebAuthn, which is loaded only when one is used.

Every ceremony demands user verification (a finger, a face, a PIN): possession alone is no proof.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from chalicelib.accounts.rules import proving

if TYPE_CHECKING:
    from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
    from webauthn.registration.verify_registration_response import VerifiedRegistration

ALGORITHMS = (-7, -8, -257)  # ES256, EdDSA, RS256, as COSE numbers them


class Made(Struct, frozen=True):
    """A new credential as its authenticator described it; texts are base64url."""

    credential: str
    key: str
    count: int


def relying_party(origin: str) -> str:
    """The RP id of an origin: its host."""
    return urlsplit(origin).hostname or ""


def encoded(raw: bytes) -> str:
    """Bytes as base64url without padding, as WebAuthn's JSON has them."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of a base64url text; WrongPasskey if it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise proving.WrongPasskey from error


def made(credential: dict[str, Any], challenge: str, origin: str) -> Made:
    """The new credential in an authenticator's answer; WrongPasskey if it does not answer this challenge, here, verified."""
    try:
        found = _verified_registration(credential, challenge, origin)
    except Exception as error:  # a browser sent it: whatever breaks in the reading of it, it is no passkey
        raise proving.WrongPasskey from error
    return Made(encoded(found.credential_id), encoded(found.credential_public_key), found.sign_count)


def _verified_registration(credential: dict[str, Any], challenge: str, origin: str) -> VerifiedRegistration:
    from webauthn import verify_registration_response
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    return verify_registration_response(
        credential=credential,
        expected_challenge=decoded(challenge),
        expected_rp_id=relying_party(origin),
        expected_origin=origin,
        require_user_verification=True,
        supported_pub_key_algs=[COSEAlgorithmIdentifier(number) for number in ALGORITHMS],
    )


def count(credential: dict[str, Any], challenge: str, origin: str, key: str, before: int) -> int:
    """How often the authenticator now says it was used; WrongPasskey unless this key signed this challenge, here, verified.

    Also where the count did not grow: two authenticators then hold the same key.
    """
    try:
        return _verified_use(credential, challenge, origin, key, before).new_sign_count
    except Exception as error:  # a browser sent it: whatever breaks in the reading of it, it proves nothing
        raise proving.WrongPasskey from error


def _verified_use(credential: dict[str, Any], challenge: str, origin: str, key: str, before: int) -> VerifiedAuthentication:
    from webauthn import verify_authentication_response

    return verify_authentication_response(
        credential=credential,
        expected_challenge=decoded(challenge),
        expected_rp_id=relying_party(origin),
        expected_origin=origin,
        credential_public_key=decoded(key),
        credential_current_sign_count=before,
        require_user_verification=True,
    )
