"""What a pattern is made of, and in how many ways it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.intake.rules import values

LARGEST_BOUND = values.LONGEST_MATCHED
MOST_WAYS = 200_000  # an engine goes each of them, in milliseconds: three times what "anything, anything, a dot" has, as in .*@.*\..*
LAST = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]  # of code points, in order, with gaps between them


class Chars(NamedTuple):
    """One character of some."""

    ranges: Ranges


class Chain(NamedTuple):
    """One after another."""

    parts: tuple[Tree, ...]


class Choice(NamedTuple):
    """One of several."""

    parts: tuple[Tree, ...]


class Times(NamedTuple):
    """Again and again; `most` is None where nothing bounds it."""

    part: Tree
    least: int
    most: int | None


Tree = Chars | Chain | Choice | Times


def ways(tree: Tree, follow: Ranges) -> int:
    """In how many ways at most the same words can be read before the last of them fails. `follow`: what may come after.

    A choice whose parts begin differently, and a repetition that is not followed by what it begins with, is decided by the next
    character; all else multiplies. Never much more than MOST_WAYS.
    """
    if isinstance(tree, Chars):
        return 1
    if isinstance(tree, Chain):
        return _ways_of_all(tree, follow)
    if isinstance(tree, Choice):
        told = [ways(part, follow) for part in tree.parts]
        return max(told) if _is_decided(tree, follow) else sum(told)
    within = ways(tree.part, follow if tree.most == 1 else joined(*first(tree.part), *follow))
    if within == 1 and not is_empty(tree.part) and not _overlap(first(tree.part), follow):
        return 1
    return _sum_of_powers(within, tree.least, LARGEST_BOUND if tree.most is None else tree.most)


def _ways_of_all(tree: Chain, follow: Ranges) -> int:
    found = 1
    for part in reversed(tree.parts):
        found = min(found * ways(part, follow), MOST_WAYS + 1)
        follow = joined(*first(part), *(follow if is_empty(part) else ()))
    return found


def _is_decided(tree: Choice, follow: Ranges) -> bool:
    seen: Ranges = ()
    for part in tree.parts:
        begins = joined(*first(part), *(follow if is_empty(part) else ()))
        if _overlap(seen, begins):
            return False
        seen = joined(*seen, *begins)
    return sum(map(is_empty, tree.parts)) < 2


def _sum_of_powers(number: int, least: int, most: int) -> int:
    found, power = 0, 1
    for times in range(most + 1):
        found += power if times >= least else 0
        power *= number
        if max(found, power) > MOST_WAYS:
            return MOST_WAYS + 1
    return found


def first(tree: Tree) -> Ranges:
    """The characters that it may begin with."""
    if isinstance(tree, Chars):
        return tree.ranges
    if isinstance(tree, Times):
        return first(tree.part) if tree.most != 0 else ()
    if isinstance(tree, Choice):
        return joined(*(each for part in tree.parts for each in first(part)))
    found: Ranges = ()
    for part in tree.parts:
        found = joined(*found, *first(part))
        if not is_empty(part):
            break
    return found


def is_empty(tree: Tree) -> bool:
    """Whether nothing at all matches it."""
    if isinstance(tree, Chars):
        return False
    if isinstance(tree, Times):
        return tree.least == 0 or is_empty(tree.part)
    told = [is_empty(part) for part in tree.parts]
    return all(told) if isinstance(tree, Chain) else any(told)


def inside(tree: Tree) -> Iterator[Tree]:
    """A tree and all that is in it."""
    yield tree
    for part in (tree.part,) if isinstance(tree, Times) else () if isinstance(tree, Chars) else tree.parts:
        yield from inside(part)


def spirals(tree: Times) -> bool:
    """Whether what may be there many times may itself be endless, or nothing."""
    many = tree.most is None or tree.most > 1
    return many and (is_empty(tree.part) or any(isinstance(each, Times) and each.most is None for each in inside(tree.part)))


def joined(*ranges: tuple[int, int]) -> Ranges:
    """Put in order, and those that touch made one."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(ranges):
        if found and begin <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def others(ranges: Ranges) -> Ranges:
    """All other characters."""
    edges = [-1, *(edge for each in ranges for edge in each), LAST + 1]
    return tuple((edges[n] + 1, edges[n + 1] - 1) for n in range(0, len(edges), 2) if edges[n] + 1 < edges[n + 1])


def _overlap(one: Ranges, other: Ranges) -> bool:
    return any(begin <= last and start <= end for begin, end in one for start, last in other)
