"""Changes one thing at a time in a module of ours and runs its tests: `python -m tests.guard.mutation MODULE FILE TESTS...`.

Why not mutmut: it copies the tree into a folder of its own, and what we ship finds app.json and the templates from where it
lies. Here nothing is copied: a process that has imported what is not ours forks for each mutant, and only the child compiles
the changed source, constants and class bodies included. Words for people (a Problem's title and detail) are left as they are.
"""

from __future__ import annotations

import ast
import copy
import importlib
import importlib.machinery
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
SECONDS = 90  # a mutant that runs longer has lost its way: killed


@dataclass(frozen=True)
class Mutant:
    """A changed source, and what was changed in it, in words that a later edit elsewhere in the file does not alter."""

    name: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, each with one change."""
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for place, changed in enumerate(_changes(node)):
            whole = copy.deepcopy(tree)
            target = next(each for count, each in enumerate(ast.walk(whole)) if count == number)
            if _is_words(tree, node):
                continue
            _replace(whole, target, changed)
            where = ".".join(each.name for each in _around(tree, node))
            before, after = ast.unparse(node).split("\n")[0], ast.unparse(changed).split("\n")[0]
            yield Mutant(
                f"{where or 'module'}: {before} -> {after}{'' if place == 0 else f' ({place})'}",
                ast.unparse(ast.fix_missing_locations(whole)),
            )


def _changes(node: ast.AST) -> list[ast.AST]:
    """What a node may become."""
    new: Any = copy.deepcopy(node)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        new.ops[0] = COMPARED[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp):
        new.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        new = new.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        new.op = COUNTED[type(node.op)]()
    elif isinstance(node, ast.Constant):
        return _constants(node)
    elif isinstance(node, ast.If | ast.IfExp):
        new.test = ast.UnaryOp(ast.Not(), new.test)
    elif isinstance(node, ast.comprehension) and node.ifs:
        new.ifs = []
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        new.value = ast.Constant(None)
    elif isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        new = ast.Pass()
    else:
        return []
    return [new]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _constants(node: ast.Constant) -> list[ast.AST]:
    if isinstance(node.value, bool):
        return [ast.Constant(not node.value)]
    if isinstance(node.value, int):
        return [ast.Constant(node.value + 1)]
    if isinstance(node.value, str) and node.value:
        return [ast.Constant(f"{node.value}X")]
    return []


def _replace(tree: ast.AST, target: ast.AST, changed: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, changed)
            elif isinstance(value, list) and any(each is target for each in value):
                setattr(parent, name, [changed if each is target else each for each in value])


def _around(tree: ast.AST, node: ast.AST) -> list[Any]:
    """The functions and classes that a node stands in, the outermost first."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [
        each for each in ast.walk(tree) if isinstance(each, kinds) and each is not node and any(inner is node for inner in ast.walk(each))
    ]


def _is_words(tree: ast.AST, node: ast.AST) -> bool:
    """Whether a node is no code: a docstring, an annotation, an import, or what a person reads."""
    if isinstance(node, ast.Expr) or not isinstance(node, ast.Constant):
        return any(node is inner for part in _notes(tree) for inner in ast.walk(part))
    return any(node is inner for part in [*_notes(tree), *_told(tree)] for inner in ast.walk(part))


def _notes(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings and annotations."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node
        if isinstance(node, ast.FunctionDef):
            yield from filter(None, [node.returns, *(each.annotation for each in [*node.args.args, *node.args.kwonlyargs])])
        if isinstance(node, ast.AnnAssign):
            yield node.annotation


def _told(tree: ast.AST) -> Iterator[ast.AST]:
    """Titles and details of Problems, descriptions for the document, and words that are written as constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in {"title", "WORDS", "__all__"}:
            yield node
        if isinstance(node, ast.Raise):
            yield node
        if isinstance(node, ast.JoinedStr):
            yield from (part for part in node.values if isinstance(part, ast.Constant) and " " in str(part.value))
        if isinstance(node, ast.Dict):
            yield from (
                value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant) and key.value == "detail"
            )
        if isinstance(node, ast.Call):
            yield from (each for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str) and " " in each.value)
            yield from (each.value for each in node.keywords if each.arg == "description")


def numbered(found: Iterable[Mutant]) -> list[Mutant]:
    """Each under a name of its own: a second of the same name says that it is the second."""
    seen: Counter[str] = Counter()
    told = []
    for mutant in found:
        seen[mutant.name] += 1
        told.append(Mutant(mutant.name + (f" #{seen[mutant.name]}" if seen[mutant.name] > 1 else ""), mutant.source))
    return told


def run(module: Path, mutant: Mutant, tests: list[str]) -> bool:
    """Whether the tests notice, in a process of their own."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return status != 0
    try:
        os._exit(_tested(module, mutant, tests))
    finally:
        os._exit(1)


def _tested(module: Path, mutant: Mutant, tests: list[str]) -> int:
    import pytest

    signal.alarm(SECONDS)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    loader: Any = importlib.machinery.SourceFileLoader
    plain = loader.get_code

    def get_code(self: Any, name: str) -> Any:
        path = Path(self.get_filename(name)).resolve()
        return compile(mutant.source, str(path), "exec", dont_inherit=True) if path == module else plain(self, name)

    loader.get_code = get_code
    words = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", "-m", "not cloud and not browser and not deep", *tests]
    return int(pytest.main(words) != 0)


def main(path: str, out: str, tests: list[str]) -> None:
    """Every mutant of a module, by two processes; {"killed": n, "survived": [names]} into a file. `ANTEROOM_ONLY`: names to try."""
    for name in ("boto3", "chalice", "jwt", "moto.backends", "moto.dynamodb.models", "pynamodb.models"):
        importlib.import_module(name)  # what is not ours is imported once, before the forks
    module = Path(path).resolve()
    found = numbered(mutants(module.read_text(encoding="utf-8")))
    if only := os.environ.get("ANTEROOM_ONLY"):
        found = [mutant for mutant in found if mutant.name in json.loads(only)]
    assert not run(module, Mutant("none", module.read_text(encoding="utf-8")), tests), "the tests fail as they are"
    half = os.fork() == 0
    mine = found[half::2]
    told = {mutant.name: run(module, mutant, tests) for mutant in mine}
    part = Path(out + (".b" if half else ".a"))
    part.write_text(json.dumps(told), encoding="utf-8")
    if half:
        os._exit(0)
    os.wait()
    whole = told | json.loads(Path(out + ".b").read_text(encoding="utf-8"))
    result = {"killed": sum(whole.values()), "survived": sorted(name for name, killed in whole.items() if not killed)}
    Path(out).write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
