"""Codes are nowhere stored, and digests are ours alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from chalicelib.kit import secret, settings


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A way to set ANTEROOM_KEYS that is undone."""
    yield monkeypatch
    monkeypatch.undo()
    settings.keys.forget()


def with_keys(monkeypatch: pytest.MonkeyPatch, *numbers: int) -> None:
    monkeypatch.setenv("ANTEROOM_KEYS", ",".join(f"k{number}:{number:02x}" + "00" * 31 for number in numbers))
    settings.keys.forget()


def test_a_code_has_eight_digits_and_is_the_same_each_time() -> None:
    for number in range(200):
        code = secret.eight_digits(f"seed {number}")
        assert len(code) == 8
        assert code.isdecimal()
        assert code == secret.eight_digits(f"seed {number}")


def test_codes_are_spread_evenly() -> None:
    first = Counter(secret.eight_digits(f"seed {number}")[0] for number in range(5000))
    assert set(first) == set("0123456789")
    assert all(400 < count < 600 for count in first.values())


def test_a_code_is_known_by_its_seed_and_only_by_it() -> None:
    seed = secret.seed()
    assert secret.is_code(secret.eight_digits(seed), seed)
    assert not secret.is_code(secret.eight_digits(seed), secret.seed())


@pytest.mark.parametrize("given", ["", "1", "12345678 ", "١٢٣٤٥٦٧٨", "é" * 8, "0" * 4000])
def test_what_is_no_code_is_simply_wrong(given: str) -> None:
    assert not secret.is_code(given, "a seed")


def test_a_mailed_code_outlives_the_arrival_of_a_new_key(keys: pytest.MonkeyPatch) -> None:
    with_keys(keys, 1)
    mailed = secret.eight_digits("seed")
    with_keys(keys, 2, 1)
    assert secret.eight_digits("seed") != mailed
    assert secret.is_code(mailed, "seed")
    with_keys(keys, 2)
    assert not secret.is_code(mailed, "seed")


def test_a_digest_depends_on_key_purpose_and_text(keys: pytest.MonkeyPatch) -> None:
    with_keys(keys, 1)
    made = {secret.mac("a", "b"), secret.mac("a", "c"), secret.mac("b", "b"), secret.mac("a|b", "c"), secret.mac("a", "b|c")}
    with_keys(keys, 2)
    made.add(secret.mac("a", "b"))
    assert len(made) == 6
    assert all(len(digest) == 64 for digest in made)


def test_a_seed_has_256_bits_and_never_comes_twice() -> None:
    assert len({secret.seed() for _ in range(100)}) == 100
    assert len(secret.seed()) == 43


@pytest.mark.parametrize("set_to", ["", "k1:" + "aa" * 31, "k1:" + "aa" * 32 + ",k2:bb"])
def test_without_strong_keys_nothing_is_computed(keys: pytest.MonkeyPatch, set_to: str) -> None:
    keys.setenv("ANTEROOM_KEYS", set_to)
    settings.keys.forget()
    with pytest.raises(RuntimeError):
        secret.mac("a", "b")


def test_a_handle_has_256_bits_and_is_neither_the_seeds_code_nor_another_seeds_handle() -> None:
    seed, other = secret.seed(), secret.seed()
    assert len(bytes.fromhex(secret.handle(seed))) == 32
    assert secret.handle(seed) == secret.handle(seed) != secret.handle(other)
    assert secret.eight_digits(seed) != f"{int(secret.handle(seed), 16) % 10**8:08}"


def test_what_is_sealed_is_opened_for_its_purpose_alone() -> None:
    sealed = secret.seal("totp/cyrus", "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert secret.unseal("totp/cyrus", sealed) == "JBSWY3DPEHPK3PXP"
    assert sealed != secret.seal("totp/cyrus", "JBSWY3DPEHPK3PXP")
    for purpose, text in (("totp/bea", sealed), ("totp/cyrus", sealed[:-4] + "AAAA"), ("totp/cyrus", ""), ("totp/cyrus", "plain")):
        with pytest.raises(secret.Unsealed):
            secret.unseal(purpose, text)


def test_what_is_sealed_outlives_the_arrival_of_a_new_key_and_not_the_leaving_of_its_own(keys: pytest.MonkeyPatch) -> None:
    with_keys(keys, 1)
    sealed = secret.seal("totp/cyrus", "secret")
    with_keys(keys, 2, 1)
    assert secret.unseal("totp/cyrus", sealed) == "secret"
    with_keys(keys, 2)
    with pytest.raises(secret.Unsealed):
        secret.unseal("totp/cyrus", sealed)
