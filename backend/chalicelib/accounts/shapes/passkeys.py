"""What crosses the wire when staff prove who they are. The names in ceremonies are WebAuthn's own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from chalicelib.accounts.records import Holder, Passkey
from chalicelib.clinics.records import Record

Base64Url = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,12000}$", description="base64url without padding")]
CredentialId = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,1400}$", description="base64url without padding")]


class Empty(Record, frozen=True, kw_only=True):
    """Nothing needs to be said."""


class Descriptor(Record, frozen=True, kw_only=True):
    """A passkey by its credential's id."""

    id: str
    type: str = "public-key"


class RequestOptions(Record, frozen=True, kw_only=True):
    """PublicKeyCredentialRequestOptionsJSON: what to ask an authenticator. Any passkey of ours will do where none is named."""

    challenge: str
    rp_id: str
    allow_credentials: tuple[Descriptor, ...] = ()
    user_verification: str = "required"
    timeout: Annotated[int, Meta(description="milliseconds")]


class RelyingParty(Record, frozen=True, kw_only=True):
    """Whom a passkey is for: our host."""

    id: str
    name: str


class PasskeyUser(Record, frozen=True, kw_only=True):
    """Whose passkey it is; `id` is the account's, as base64url."""

    id: str
    name: str
    display_name: str


class Algorithm(Record, frozen=True, kw_only=True):
    """A signature that we can check, by its COSE number."""

    alg: int
    type: str = "public-key"


class Selection(Record, frozen=True, kw_only=True):
    """Which authenticators will do: those that keep the passkey, and check who holds them."""

    resident_key: str = "required"
    require_resident_key: bool = True
    user_verification: str = "required"


class CreationOptions(Record, frozen=True, kw_only=True):
    """PublicKeyCredentialCreationOptionsJSON: what to ask an authenticator for a new passkey."""

    rp: RelyingParty
    user: PasskeyUser
    challenge: str
    pub_key_cred_params: tuple[Algorithm, ...]
    exclude_credentials: tuple[Descriptor, ...] = ()
    authenticator_selection: Selection = Selection()
    attestation: str = "none"
    timeout: Annotated[int, Meta(description="milliseconds")]


class PasskeyAsked(Record, frozen=True, kw_only=True):
    """What to hand to `navigator.credentials.get`."""

    public_key: RequestOptions


class PasskeyWanted(Record, frozen=True, kw_only=True):
    """What to hand to `navigator.credentials.create`."""

    public_key: CreationOptions


class AssertionResponse(Struct, frozen=True, kw_only=True):
    """An authenticator's answer to a question. What browsers add beside these is not read."""

    client: Base64Url = msgspec.field(name="clientDataJSON")
    authenticator: Base64Url = msgspec.field(name="authenticatorData")
    signature: Base64Url
    user_handle: Annotated[str, Meta(max_length=200)] | None = msgspec.field(name="userHandle", default=None)


class Assertion(Struct, frozen=True, kw_only=True):
    """AuthenticationResponseJSON: a passkey's answer, as `credential.toJSON()` gives it."""

    id: CredentialId
    raw_id: CredentialId = msgspec.field(name="rawId")
    type: Literal["public-key"]
    response: AssertionResponse


class AttestationResponse(Struct, frozen=True, kw_only=True):
    """An authenticator's description of a new passkey. What browsers add beside these is not read."""

    client: Base64Url = msgspec.field(name="clientDataJSON")
    attestation: Base64Url = msgspec.field(name="attestationObject")


class Attestation(Struct, frozen=True, kw_only=True):
    """RegistrationResponseJSON: a new passkey, as `credential.toJSON()` gives it."""

    id: CredentialId
    raw_id: CredentialId = msgspec.field(name="rawId")
    type: Literal["public-key"]
    response: AttestationResponse


class PasskeySignIn(Record, frozen=True, kw_only=True):
    """A passkey's answer to what was asked of it."""

    credential: Assertion


class PasskeyMade(Record, frozen=True, kw_only=True):
    """A new passkey, and what its owner calls it."""

    credential: Attestation
    label: Annotated[str, Meta(max_length=200)] = ""


class StepUp(Record, frozen=True, kw_only=True):
    """A fresh proof: a passkey's answer, or the code an authenticator app shows."""

    credential: Assertion | None = None
    totp: Annotated[str, Meta(max_length=20)] = ""


class StepUpView(Record, frozen=True, kw_only=True):
    """How somebody can show once more who they are."""

    public_key: Annotated[RequestOptions | None, Meta(description="null without a passkey")]
    totp: Annotated[bool, Meta(description="whether an authenticator app's code will do")]


class StaffSignInCode(Record, frozen=True, kw_only=True):
    """The mailed code and the one the authenticator app shows; both are judged at once."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    totp: Annotated[str, Meta(min_length=1, max_length=20)]


class TotpView(Record, frozen=True, kw_only=True):
    """What sets an authenticator app up. Shown this once."""

    secret: Annotated[str, Meta(description="base32, to type in")]
    uri: str
    qr: Annotated[tuple[str, ...], Meta(description="rows of 0 and 1 (dark), without the quiet zone")]


class TotpCode(Record, frozen=True, kw_only=True):
    """The six digits that the app shows."""

    code: Annotated[str, Meta(min_length=1, max_length=20)]


class PasskeyView(Record, frozen=True, kw_only=True):
    """A passkey as its owner sees it."""

    id: str
    label: str
    made: datetime
    last_used: datetime | None


class FactorsView(Record, frozen=True, kw_only=True):
    """What somebody can prove who they are with."""

    passkeys: tuple[PasskeyView, ...]
    totp: bool


def factors_view(holder: Holder) -> FactorsView:
    """The factors of an account, the newest passkey first."""
    shown = (PasskeyView(id=each.id, label=each.label, made=each.made, last_used=each.used) for each in _newest(holder))
    return FactorsView(passkeys=tuple(shown), totp=holder.totp is not None)


def _newest(holder: Holder) -> list[Passkey]:
    return sorted(holder.passkeys, key=lambda each: (each.made, each.id), reverse=True)


# Examples, as the API's description shows them.
ASKED = PasskeyAsked(public_key=RequestOptions(challenge="3q2-7w", rp_id="staff.example.com", timeout=300_000))
PASSKEY_WANTED = PasskeyWanted(
    public_key=CreationOptions(
        rp=RelyingParty(id="staff.example.com", name="Harbour Health"),
        user=PasskeyUser(id="N2sybTlwNHE4cjFzNXQ2djB3M3g", name="cyrus.bell@harbourfamily.example", display_name="Cyrus Bell"),
        challenge="3q2-7w",
        pub_key_cred_params=(Algorithm(alg=-7),),
        timeout=300_000,
    )
)
ASSERTION = Assertion(
    id="AQID",
    raw_id="AQID",
    type="public-key",
    response=AssertionResponse(client="e30", authenticator="AQID", signature="AQID", user_handle="N2sybTlwNHE4cjFzNXQ2djB3M3g"),
)
PASSKEY_SIGN_IN = PasskeySignIn(credential=ASSERTION)
PASSKEY_MADE = PasskeyMade(
    credential=Attestation(id="AQID", raw_id="AQID", type="public-key", response=AttestationResponse(client="e30", attestation="AQID")),
    label="My phone",
)
STEP_UP = StepUp(totp="123456")
STEP_UP_VIEW = StepUpView(public_key=None, totp=True)
STAFF_CODE = StaffSignInCode(code="0471 1234", totp="123 456")
TOTP = TotpView(secret="JBSWY3DPEHPK3PXP", uri="otpauth://totp/Harbour%20Health:cyrus?secret=JBSWY3DPEHPK3PXP", qr=("101", "010", "101"))  # noqa: S106 - RFC-style example
TOTP_CODE = TotpCode(code="123456")
FACTORS = FactorsView(
    passkeys=(
        PasskeyView(
            id="3fd0c1a2b4e5f60718293a4b5c6d7e8f", label="My phone", made=datetime(2026, 11, 23, 12, 0, tzinfo=UTC), last_used=None
        ),
    ),
    totp=False,
)
