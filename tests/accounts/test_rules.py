"""What an address, a code and a name must look like."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.accounts import rules
from chalicelib.kit.problem import LookAgain


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ada@example.com", "ada@example.com"),
        ("  Ada.Moreno@Example.COM \n", "ada.moreno@example.com"),
        ("ada+clinic@example.co.uk", "ada+clinic@example.co.uk"),
        ("o'neil@example.ie", "o'neil@example.ie"),
        ("a@b.io", "a@b.io"),
        ("ada@Mañana.example", "ada@xn--maana-pta.example"),
        ("ada@straße.example", "ada@strasse.example"),
        ("ada@xn--maana-pta.example", "ada@xn--maana-pta.example"),
        ("_x-y.z@sub-1.example.museum", "_x-y.z@sub-1.example.museum"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
    ],
)
def test_an_address_is_kept_in_one_way_of_writing(given: str, kept: str) -> None:
    assert rules.address(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "ada@localhost",
        "ada@example.com, ben@example.com",
        "Ada <ada@example.com>",
        "ada@ex ample.com",
        "ada @example.com",
        "ada@@example.com",
        "ada@example.com\r\nBcc: x@y.example",
        "ada@-example.com",
        "ada@example-.com",
        "ada@example..com",
        ".ada@example.com",
        "ada.@example.com",
        "a..da@example.com",
        "adá@example.com",
        '"ada b"@example.com',
        "ada@[127.0.0.1]",
        "ada@127.0.0.1",
        "ada@example.c0m",
        "ada@example.com\0",
        f"{'a' * 65}@example.com",
        f"ada@{'a' * 64}.com",
        f"ada@{'.'.join(['a' * 60] * 5)}.com",
    ],
)
def test_what_cannot_be_an_address_is_told_so_at_its_field(given: str) -> None:
    with pytest.raises(LookAgain) as told:
        rules.address(given)
    assert told.value.extra["errors"] == [{"field": "email", "detail": "Enter an email address like name@example.com."}]


@pytest.mark.parametrize("given", ["04711234", "0471 1234", " 0471-1234 ", "0 4 7 1 1 2 3 4", "0471\u00a01234"])
def test_a_code_may_be_typed_with_spaces_and_hyphens(given: str) -> None:
    assert rules.digits(given) == "04711234"


@pytest.mark.parametrize("given", ["", "0471123", "047112345", "0471123a", "٠٤٧١١٢٣٤", "+4711234", "0471.1234"])
def test_what_is_not_eight_digits_costs_no_try(given: str) -> None:
    with pytest.raises(LookAgain):
        rules.digits(given)


def test_the_limits_are_those_that_were_decided() -> None:
    assert [(limit.most, limit.seconds) for limit in rules.STARTS] == [(3, 900), (10, 86400)]
    assert [(limit.most, limit.seconds) for limit in rules.KNOWN_STARTS] == [(5, 900), (20, 86400)]
    assert (rules.STARTS_FROM.most, rules.STARTS_FROM.seconds, rules.TRIES, rules.LIFE, rules.KNOWN_FOR) == (
        30,
        600,
        5,
        timedelta(minutes=10),
        timedelta(days=90),
    )


@pytest.mark.parametrize(("given", "kept"), [("Ada", "Ada"), ("  María  José ", "María José"), ("A\r\nB", "A B"), ("O'Neil-Ñ", "O'Neil-Ñ")])
def test_a_name_is_one_line(given: str, kept: str) -> None:
    assert rules.name(given, "given") == kept


@pytest.mark.parametrize("given", ["", "   ", "\n\t"])
def test_a_name_needs_something_in_it(given: str) -> None:
    with pytest.raises(LookAgain):
        rules.name(given, "given")


@pytest.mark.parametrize(
    ("given", "kept"), [("", ""), ("  ", ""), ("+1 203 555 0119", "+1 203 555 0119"), ("(203) 555-0119", "(203) 555-0119")]
)
def test_a_telephone_number_is_kept_as_typed(given: str, kept: str) -> None:
    assert rules.telephone(given) == kept


@pytest.mark.parametrize("given", ["12345", "call me", "+1 203 555 0119 ext", "1" * 16, "++12035550119", "<b>2035550119"])
def test_a_number_nobody_could_ring_is_refused(given: str) -> None:
    with pytest.raises(LookAgain):
        rules.telephone(given)
