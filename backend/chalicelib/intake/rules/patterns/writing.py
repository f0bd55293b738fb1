"""Writing a pattern down so that Python's `re` (ASCII) and JavaScript's RegExp (flag u) read the same."""

from __future__ import annotations

from chalicelib.intake.rules.patterns.trees import LAST, Chars, Choice, Ranges, Times, Tree, others

SYNTAX = frozenset("^$\\.*+?()[]{}|/")
COUNTS = {(0, None): "*", (1, None): "+", (0, 1): "?"}


def written(tree: Tree) -> str:
    """As short as it can be: classes in order, groups only where they are needed."""
    if isinstance(tree, Chars):
        return _class(tree.ranges)
    if isinstance(tree, Choice):
        return "|".join(map(written, tree.parts))
    if isinstance(tree, Times):
        return _grouped(tree.part, single=True) + (COUNTS.get((tree.least, tree.most)) or _bounds(tree))
    return "".join(_grouped(part, single=False) for part in tree.parts)


def _grouped(tree: Tree, *, single: bool) -> str:
    needed = not isinstance(tree, Chars) if single else isinstance(tree, Choice)
    return f"(?:{written(tree)})" if needed else written(tree)


def _bounds(tree: Times) -> str:
    if tree.least == tree.most:
        return f"{{{tree.least}}}"
    return f"{{{tree.least},{'' if tree.most is None else tree.most}}}"


def _class(ranges: Ranges) -> str:
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _point(ranges[0][0], SYNTAX)
    turned = bool(ranges) and ranges[-1][1] == LAST and ranges != ((0, LAST),)
    return f"[{'^' if turned else ''}{''.join(map(_range, others(ranges) if turned else ranges))}]"


def _range(each: tuple[int, int]) -> str:
    inside = SYNTAX | {"-"}
    begin, end = each
    if begin == end:
        return _point(begin, inside)
    return f"{_point(begin, inside)}{'-' if end > begin + 1 else ''}{_point(end, inside)}"


def _point(point: int, syntax: frozenset[str]) -> str:
    each = chr(point)
    if point < 0x20 or point == 0x7F:
        return f"\\x{point:02x}"
    if 0x7F < point <= 0xFFFF:
        return f"\\u{point:04x}"
    return f"\\{each}" if each in syntax else each
