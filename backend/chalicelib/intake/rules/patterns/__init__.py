"""Patterns that authors write and patients' words are matched with: a subset that is safe, and the same in Python and in JavaScript.

A pattern is read into a tree and written anew from it, so that nothing is in it that was not understood. What makes matching slow
is the number of ways in which the same words can be read; it is reckoned, and where it is high the pattern is refused.
"""

from __future__ import annotations

from chalicelib.intake.rules.patterns import grammar, trees, writing
from chalicelib.intake.rules.patterns.trees import Times

MOST_UNBOUNDED = 3


def safe(pattern: str) -> str | None:
    """The same pattern, for Python's fullmatch and for JavaScript's ^(?:...)$ with flag u; None where it is not safe."""
    try:
        tree = grammar.parse(pattern)
    except grammar.Unsafe:
        return None
    repeated = [each for each in trees.inside(tree) if isinstance(each, Times)]
    unbounded = sum(each.most is None for each in repeated)
    if unbounded > MOST_UNBOUNDED or any(map(trees.spirals, repeated)) or trees.ways(tree, ()) > trees.MOST_WAYS:
        return None
    return writing.written(tree)
