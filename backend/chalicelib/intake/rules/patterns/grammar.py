"""Reading a pattern: what both languages write in the same way, and the classes that people use by their names."""

from __future__ import annotations

import re

from chalicelib.intake.rules.patterns.trees import LARGEST_BOUND, Chain, Chars, Choice, Ranges, Times, Tree, joined, others

LONGEST, DEEPEST = 200, 20  # characters of a pattern, groups within groups
NAMED: dict[str, Ranges] = {
    "d": ((0x30, 0x39),),
    "w": ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)),
    "s": ((0x09, 0x0D), (0x20, 0x20)),
}
CLASSES = NAMED | {name.upper(): others(ranges) for name, ranges in NAMED.items()}
CONTROLS = {"t": 0x09, "n": 0x0A, "v": 0x0B, "f": 0x0C, "r": 0x0D}
WITHIN_A_LINE = others(((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)))
POINT = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
COUNT = re.compile(r"\*|\+|\?|\{([0-9]{1,4})(,([0-9]{0,4}))?\}")
SURROGATES = range(0xD800, 0xE000)


class Unsafe(Exception):
    """A pattern that is not used."""


def parse(pattern: str) -> Tree:
    """A pattern as a tree; Unsafe for what is not in the subset."""
    if len(pattern) > LONGEST or any(ord(each) in SURROGATES for each in pattern):
        raise Unsafe
    reader = _Reader(pattern)
    tree = reader.choice(0)
    if reader.next:
        raise Unsafe
    return tree


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    @property
    def next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self, text: str) -> bool:
        """Whether that comes next; then it is behind us."""
        found = self.pattern.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def one(self) -> str:
        """The next character, which there must be."""
        self.at += 1
        if self.at > len(self.pattern):
            raise Unsafe
        return self.pattern[self.at - 1]

    def choice(self, depth: int) -> Tree:
        """As far as it goes: to the end, or to what closes a group."""
        if depth > DEEPEST:
            raise Unsafe
        parts = [self.chain(depth)]
        while self.take("|"):
            parts.append(self.chain(depth))
        return Choice(tuple(parts)) if len(parts) > 1 else parts[0]

    def chain(self, depth: int) -> Tree:
        """One of a choice. The whole answer is matched, so that ^ and $ around all of it say nothing new; elsewhere they are refused."""
        parts: list[Tree] = []
        if depth == 0:
            self.take("^")
        while self.next and self.next not in "|)":
            if depth == 0 and self.take("$"):
                if self.next and self.next != "|":
                    raise Unsafe
                break
            part = self.times(self.atom(depth))
            if not isinstance(part, Chain) or part.parts:  # an empty group says nothing
                parts.append(part)
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def atom(self, depth: int) -> Tree:
        """A group, a class or a character."""
        if self.take("("):
            if self.next == "?" and not self.take("?:"):
                raise Unsafe
            found = self.choice(depth + 1)
            if not self.take(")"):
                raise Unsafe
            return found
        if self.take("["):
            return self.brackets()
        if self.take("."):
            return Chars(WITHIN_A_LINE)
        if self.next in "^$*+?{}])":
            raise Unsafe
        return Chars(self.escaped() if self.take("\\") else _just(self.one()))

    def times(self, part: Tree) -> Tree:
        """What was just read, as often as is said. Whether much or little is tried first does not change whether all matches."""
        found = COUNT.match(self.pattern, self.at)
        if not found:
            return part
        self.at = found.end()
        least, most = _count(found)
        self.take("?")
        if COUNT.match(self.pattern, self.at) or (most is not None and not least <= most <= LARGEST_BOUND) or least > LARGEST_BOUND:
            raise Unsafe
        return Times(part, least, most)

    def escaped(self) -> Ranges:
        """What stands behind a backslash; numbers would mean a group again."""
        if found := POINT.match(self.pattern, self.at):
            self.at = found.end()
            point = int(found[1] or found[2], 16)
            if point in SURROGATES:
                raise Unsafe
            return ((point, point),)
        each = self.one()
        if each in CLASSES:
            return CLASSES[each]
        if each in CONTROLS:
            return ((CONTROLS[each], CONTROLS[each]),)
        if each.isalnum() or not each.isascii() or not each.isprintable():
            raise Unsafe
        return _just(each)

    def brackets(self) -> Tree:
        """A class, up to what closes it."""
        turned, found = self.take("^"), list[tuple[int, int]]()
        while not self.take("]"):
            begin = self.member()
            if self.next == "-" and not self.pattern.startswith("-]", self.at):
                self.at += 1
                begin = _range(begin, self.member())
            found += begin
        ranges = joined(*found)
        if not found or not (ranges := others(ranges) if turned else ranges):
            raise Unsafe
        return Chars(ranges)

    def member(self) -> Ranges:
        """One of a class. A bracket within brackets is a set of sets elsewhere."""
        each = self.one()
        if each == "[":
            raise Unsafe
        return self.escaped() if each == "\\" else _just(each)


def _just(each: str) -> Ranges:
    return ((ord(each), ord(each)),)


def _range(begin: Ranges, end: Ranges) -> Ranges:
    if len(begin) != 1 or len(end) != 1 or begin[0][0] != begin[0][1] or end[0][0] != end[0][1] or begin[0][0] > end[0][0]:
        raise Unsafe
    return ((begin[0][0], end[0][0]),)


def _count(found: re.Match[str]) -> tuple[int, int | None]:
    if found[1] is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[0]]
    if found[2] is None:
        return int(found[1]), int(found[1])
    return int(found[1]), int(found[3]) if found[3] else None
