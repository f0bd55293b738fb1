"""Patterns of authors: which are used, how they are written anew, and that none of them takes long over an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.intake.rules import patterns
from chalicelib.intake.rules.patterns import grammar, trees
from chalicelib.intake.rules.patterns.trees import Chain, Chars, Choice, Times, Tree
from tests.intake.trying import tries

# (as an author writes it, as it is used, what it matches, what it does not)
SAFE: list[tuple[str, str, list[str], list[str]]] = [
    (r"\d{5}", r"[0-9]{5}", ["06510"], ["0651", "065101", "٠٦٥١٠"]),
    (r"\d{5}(-\d{4})?", r"[0-9]{5}(?:-[0-9]{4})?", ["06510", "06510-1234"], ["06510-"]),
    (r"^[A-Z]{3}\d*$", r"[A-Z]{3}[0-9]*", ["ABC", "ABC12"], ["AB1", "abc", "ABC\n"]),
    (r"^a|b$", r"a|b", ["a", "b"], ["ab", "c"]),
    (r"(?:red|green|blue)", r"red|green|blue", ["red", "blue"], ["redblue", ""]),
    (r"x(?:red|green)y", r"x(?:red|green)y", ["xredy"], ["xy"]),
    (r"\w+", r"[0-9A-Z_a-z]+", ["a_1"], ["é", "a b", ""]),
    (r"[\w.+-]+@[\w-]+\.[a-z]{2,}", r"[\+\-\.0-9A-Z_a-z]+@[\-0-9A-Z_a-z]+\.[a-z]{2,}", ["ada.m+x@mail.example"], ["ada@", "@x.yz"]),
    (r"\S+ \S+", r"[^\x09-\x0d ]+ [^\x09-\x0d ]+", ["Ada Moreno"], ["Ada", "Ada  Moreno"]),
    (r"\s\t\n", r"[\x09-\x0d ]\x09\x0a", [" \t\n", "\v\t\n"], ["\u00a0\t\n"]),
    (r"\D\W", r"[^0-9][^0-9A-Z_a-z]", ["a-", "é!"], ["1-", "aa"]),
    (r"[\d\D]{2}", "[\\x00-\U0010ffff]{2}", ["a\n", "😀é"], ["😀"]),
    (r".", r"[^\x0a\x0d\u2028\u2029]", ["a", "é", "😀"], ["\n", "\r", "\u2028", "\u2029", ""]),
    (r"[^a-c]", r"[^a-c]", ["d", "\n", "é"], ["a", "b"]),
    (r"[a-c^-]", r"[\-\^a-c]", ["-", "^", "b"], ["d"]),
    (r"[\]\\\-]", r"[\-\\\]]", ["]", "\\", "-"], ["a"]),
    (r"[&~|!-/]", r"[!-\/\|~]", ["&", "~", "|", "+"], ["a"]),
    (r"\x41\u00e9\u20ac", r"A\u00e9\u20ac", ["Aé€"], ["AE"]),
    ("ñ|😀", "\\u00f1|😀", ["ñ", "😀"], ["n"]),
    (r"\(\d{3}\) ?\d{3}-\d{4}", r"\([0-9]{3}\) ?[0-9]{3}-[0-9]{4}", ["(203) 555-0100", "(203)555-0100"], ["203 555-0100"]),
    (r"a*?b+?c??d{2,3}?", r"a*b+c?d{2,3}", ["bdd", "aabbcddd"], ["add"]),
    (r"(ab){2}", r"(?:ab){2}", ["abab"], ["ab", "ababab"]),
    (r"(ab?c{0,3})+", r"(?:ab?c{0,3})+", ["abcca", "aaa"], ["b", ""]),
    (r"(a|b|c)*", r"(?:a|b|c)*", ["", "abcabc"], ["d"]),
    (r"(cat|cow){1,3}", r"(?:cat|cow){1,3}", ["catcow"], ["cat cow"]),
    (r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][\+\-]?[0-9]+)?", ["-0.5e10", "12"], ["01", "."]),
    (r"a|", r"a|", ["a", ""], ["aa"]),
    (r"", r"", [""], ["a"]),
    (r"(a)", r"a", ["a"], ["aa"]),
    (r"a{0}b{1}", r"a{0}b{1}", ["b"], ["ab"]),
    (r"[a-z]{1,250}", r"[a-z]{1,250}", ["a", "a" * 250], [""]),
    (r".*@.*\..*", r"[^\x0a\x0d\u2028\u2029]*@[^\x0a\x0d\u2028\u2029]*\.[^\x0a\x0d\u2028\u2029]*", ["a@b.c", "@."], ["a@b", "a.b"]),
    (r"(Mr|Mrs|Ms) \w.*, .*", r"(?:Mr|Mrs|Ms) [0-9A-Z_a-z][^\x0a\x0d\u2028\u2029]*, [^\x0a\x0d\u2028\u2029]*", ["Ms A, b"], ["M A, b"]),
    (r"\/\.\,", r"\/\.,", ["/.,"], ["/a,"]),
]

EVIL = [
    # What the two languages read differently, or only one of them reads.
    *("(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1", r"(?P<n>a)", r"(?<n>a)", r"(?P=n)", "(?i)a", "(?i:a)", "(?>a)", "(?#a)", "(?a"),
    *(r"\p{L}+", r"\bword\b", r"\Bx", r"\Aa\Z", r"\0", r"\cA", r"\ud800", "\ud800", r"\x4", r"\u12", r"\é", "\\", "a\\"),
    *(
        "[[:alpha:]]",
        "[a-z&&[^b]]",
        "[a-z-[aeiou]]",
        "[]",
        "[]a]",
        "[^]",
        "[z-a]",
        r"[a-\d]",
        r"[\d-z]",
        "[a",
        "a]",
        "a}",
        "{",
        "a{",
        "a{,3}",
    ),
    *(
        "a{3",
        "a{x}",
        "(a",
        "a)",
        "*",
        "+a",
        "?",
        "a**",
        "a+*",
        "a*+",
        "a++",
        "a?+",
        "a{2}{3}",
        "a{3,2}",
        "a{2}+",
        "a^b",
        "a$b",
        "(^a)",
        "(a$)",
        "^*",
    ),
    *("^^a", "a$$", r"[\b]", r"[^\s\S]", "(?:", "(?", "a{99999}"),
    # What is too much: too long, too deep, too often.
    *("a" * 201, "(" * 21 + "a" + ")" * 21, "a{251}", "a{0,251}", "a{251,}", "(?:a{2}){300}", "a*b*c*d*", "a+b+c{2,}d+"),
    # What can be read in too many ways.
    *(
        "(a+)+",
        "(a*)*b",
        "([a-z]+)*",
        "(a|a)*",
        "(a|ab|b)*c",
        "(a|a){200}",
        "(.|a){1,100}",
        "(a?){30}",
        "(a{0,3}){9}",
        "(a{1,9}){1,9}",
        "(a?b?)*",
    ),
    *(r"(\d+\.?)+", r"(\s*\w+)*", r"([^,]*,)*", "(x+x+)+y", "(a|b|ab){1,60}", "((a{1,40}){1,40}){1,40}", r"(\w{1,9} ?){1,60}"),
    "a{0,250}" * 5,
    "(a|aa){1,125}b",
    "([a-z]{1,20}){1,20}",
    "(?:a?a?){20}",
    "(a|)(a|)" * 20,
    "((a|)|)" * 25,
    r"\d*\d*\d*\d?\d?",
    *(
        "(?:a|a){1,22}b",
        "(?:a|aa|aaa){1,14}x",
        "(?:a|a)" * 20,
        "a?" * 20,
        "a{0,15}" * 6,
        "a*a*a*a?b",
        ".*a.*b.*c",
        "(?:a|a){1,12}a*a?",
        "(?:[a-z]{1,10},?){1,9}",
    ),
]


class TooLong(Exception):
    """More steps than were allowed."""


class Steps:
    """Matches as slowly as can be: every way is tried, and every step counted, as an engine does that thinks of nothing."""

    def __init__(self, most: int) -> None:
        self.left = most

    def matches(self, tree: Tree, text: str) -> bool:
        """Whether all of a text is matched."""
        return any(end == len(text) for end in self.ends(tree, text, 0))

    def ends(self, tree: Tree, text: str, at: int) -> Iterator[int]:
        """Where it can end that begins here."""
        self.left -= 1
        if self.left < 0:
            raise TooLong
        if isinstance(tree, Chars):
            if at < len(text) and any(begin <= ord(text[at]) <= end for begin, end in tree.ranges):
                yield at + 1
        elif isinstance(tree, Choice):
            for part in tree.parts:
                yield from self.ends(part, text, at)
        elif isinstance(tree, Chain):
            yield from self.all_of(tree.parts, text, at)
        else:
            yield from self.again(tree, text, at)

    def all_of(self, parts: tuple[Tree, ...], text: str, at: int) -> Iterator[int]:
        """One part after another."""
        if not parts:
            yield at
            return
        for middle in self.ends(parts[0], text, at):
            yield from self.all_of(parts[1:], text, middle)

    def again(self, tree: Times, text: str, at: int) -> Iterator[int]:
        """As often as may be; what may be there many times is never empty."""
        waiting = [(at, 0)]
        while waiting:
            begin, times = waiting.pop()
            if tree.most is None or times < tree.most:
                waiting += [(end, times + 1) for end in self.ends(tree.part, text, begin)]
            if times >= tree.least:
                yield begin


def steps_allowed(tree: Tree, text: str) -> int:
    """For each way of reading a text, each of its characters, at each part of the pattern, both coming and going."""
    size = sum(1 for _ in trees.inside(tree))
    return trees.ways(tree, ()) * (len(text) + 1) * (size + 1) * 2


def long_answers(tree: Tree) -> Iterator[str]:
    """250 characters that begin well and end badly: of each kind that the pattern knows, and of all of them in turn."""
    known = [chr(begin) for each in trees.inside(tree) if isinstance(each, Chars) for begin, _ in each.ranges[:2]] or ["a"]
    mixed = "".join(dict.fromkeys(known))
    for filling in [*dict.fromkeys(known), mixed, mixed[::-1]]:
        yield (filling * 250)[:249] + "\x7f"
        yield (filling * 250)[:250]


@pytest.mark.parametrize(("written", "used", "matching", "others"), SAFE)
def test_a_safe_pattern_means_what_it_meant(written: str, used: str, matching: list[str], others: list[str]) -> None:
    assert patterns.safe(written) == used
    assert [text for text in [*matching, *others] if re.compile(used, re.ASCII).fullmatch(text)] == matching


@pytest.mark.parametrize("used", [used for _, used, _, _ in SAFE])
def test_a_pattern_that_was_read_once_is_read_as_itself(used: str) -> None:
    assert patterns.safe(used) == used


@pytest.mark.parametrize("written", EVIL)
def test_an_evil_pattern_is_not_used(written: str) -> None:
    assert patterns.safe(written) is None


@pytest.mark.parametrize("used", [*(used for _, used, _, _ in SAFE), "a*a*b", "a{0,9}a{0,9}a{0,9}b", "(a|ab){1,3}c", "(?:a?){1}a?a?a?b"])
def test_a_safe_pattern_reads_a_long_answer_in_few_steps(used: str) -> None:
    tree = grammar.parse(used)
    for text in long_answers(tree):
        assert Steps(steps_allowed(tree, text)).matches(tree, text) == bool(re.compile(used, re.ASCII).fullmatch(text))


@pytest.mark.parametrize(
    ("written", "ways"), [("[a-z]*x", 251), ("a*b*c*", 1), ("a*a*b", 251), ("(a|b)*c", 1), ("a?a?a?b", 4), ("(a|a)b", 2), ("a{2,5}a", 4)]
)
def test_in_how_many_ways_words_can_be_read(written: str, ways: int) -> None:
    assert trees.ways(grammar.parse(written), ()) == ways


PIECES = [
    "a",
    "b",
    "[ab]",
    ".",
    r"\d",
    "(a|b)",
    "(ab|a)",
    "(",
    ")",
    "|",
    "*",
    "+",
    "?",
    "{2}",
    "{0,3}",
    "{1,}",
    "(?:b?a)",
    "-",
    "^",
    "$",
    "1",
]


@tries(100)
@example(["(", "a", "|", "a", ")", "{2}", "b"])
@example(["(", ")", "(", "a", "|", "b", ")"])
@given(st.lists(st.sampled_from(PIECES), max_size=9))
def test_whatever_is_put_together_is_refused_or_read_in_few_steps(pieces: list[str]) -> None:
    written = "".join(pieces)
    used = patterns.safe(written)
    if used is None:
        return
    tree = grammar.parse(used)
    assert patterns.safe(used) == used
    for text in ("a" * 30 + "!", "ab" * 15 + "1", "b" * 30, "a1b", ""):
        matched = Steps(steps_allowed(tree, text)).matches(tree, text)
        assert matched == bool(re.fullmatch(used, text, re.ASCII)) == bool(re.fullmatch(written, text, re.ASCII))


@pytest.mark.parametrize("used", ["(?:a|a){1,16}b", "(?:a|aa|aaa){1,10}x", "a?" * 17 + "b"])
def test_what_can_be_read_in_many_ways_and_is_used_is_read_in_few_steps_all_the_same(used: str) -> None:
    tree = grammar.parse(used)
    assert (patterns.safe(used) == used) is (trees.ways(tree, ()) <= 200_000)
    with pytest.raises(TooLong):
        Steps(1_000).matches(tree, "a" * 250)


@tries(100)
@given(st.text(st.characters(), max_size=220) | st.text("()[]{}|\\^$*+?.-ab01,:=<!PdwsxuSDW", max_size=40))
def test_whatever_is_written_is_a_pattern_or_none(written: str) -> None:
    used = patterns.safe(written)
    assert used is None or re.compile(used, re.ASCII)
