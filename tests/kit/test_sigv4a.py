"""SigV4a as awscrt makes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.kit import sigv4a

STORE = "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2F0e6c1b6f-1f0f-4d2a-9d3e-0123456789ab"
HOST = "123456789012.cloudfront-kvs.global.api.aws"
CHANGE = {"If-Match": "KV1PA6795UKMFR9", "Content-Type": "application/json"}
PUT, DELETE = b'{"Puts": [{"Key": "north", "Value": "en,es"}]}', b'{"Deletes": [{"Key": "north"}]}'
KEYS = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")  # the ones of AWS's own examples
NOW = datetime(2026, 11, 22, 8, 15, 30, tzinfo=UTC)
# What awscrt 0.38.0 signs such requests with at that time: method, path, headers, body, token, which headers, signature.
SIGNED = [
    ("GET", STORE, {}, b"", None, "host;x-amz-date;x-amz-region-set",
     "3046022100e82584db207731dae08168066dd8854b10ff6b625b83a016b7fdf64c5de017760221009dfd4cf25aa5834a2abe6a2404de9d5aa9abece0f029c403696d4c54246d215f"),
    ("GET", f"{STORE}/keys?MaxResults=50&NextToken=bm9ydGg%3D%2B%2F", {}, b"", None, "host;x-amz-date;x-amz-region-set",
     "30450220082f6727f73998f86a2751baf6f5c02e7e5068ccb84b620426f003f37aced92c022100b264766c8172841bef2f462e3ce90f6dfb998a72b61f0fdd68fb945ff140fa75"),
    ("POST", f"{STORE}/keys", CHANGE, PUT, None, "content-type;host;if-match;x-amz-date;x-amz-region-set",
     "3045022100f60dcf6ec35a645990dc634a72a628cfb7f4a914c332c6f31306059f66814c37022007323b57fdcf883af91cdbe4d7c570e1ccd6433a0acb3c1ace116555de10b193"),
    ("POST", f"{STORE}/keys", CHANGE, DELETE, "IQoJb3JpZ2luX2VjEXAMPLE//token==", "content-type;host;if-match;x-amz-date;x-amz-region-set;x-amz-security-token",
     "304402203f565392155a1c3a79864e46342a886998c56d8b71d4de554354189a498f061f02204fdee5316625ef126f6f0959dcf8a95428db3abe425c02787c14b2391b7e0657"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "headers", "body", "token", "names", "signature"), SIGNED)
def test_a_request_is_signed_as_awscrt_signs_it(
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    token: str | None,
    names: str,
    signature: str,
) -> None:
    monkeypatch.setattr(auth, "get_current_datetime", lambda: NOW)
    signer = sigv4a.Asymmetric(Credentials(*KEYS, token), "cloudfront-keyvaluestore", "*")
    request = AWSRequest(method=method, url=f"https://{HOST}{path}", headers=dict(headers), data=body)
    for _ in range(2):  # as botocore does when it tries again
        signer.add_auth(request)
    assert request.headers.get_all("X-Amz-Region-Set") == ["*"]
    told = request.headers["Authorization"]
    assert request.headers.get_all("Authorization") == [told]
    own = told.rpartition("=")[2]
    scope = "AKIDEXAMPLE/20261122/cloudfront-keyvaluestore/aws4_request"
    assert told == f"AWS4-ECDSA-P256-SHA256 Credential={scope}, SignedHeaders={names}, Signature={own}"
    del request.headers["Authorization"]
    said = signer.string_to_sign(request, signer.canonical_request(request)).encode()
    key = sigv4a.private_key(*KEYS).public_key()
    for made in (signature, own):
        key.verify(bytes.fromhex(made), said, ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(signature), said + b" ", ec.ECDSA(hashes.SHA256()))


def test_no_key_is_made_of_a_number_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sigv4a, "ORDER", 1)
    with pytest.raises(ValueError, match="no key"):
        sigv4a.private_key("another", "secret")
