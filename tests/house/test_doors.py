"""Every door has its shape, its example, its place in the document and its Mallory."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import chalicelib
from app import app
from chalicelib.doors.records import Operation, Who
from chalicelib.doors.routes import operations
from chalicelib.identity.records import GRANTS, Permission
from chalicelib.kit import openapi
from chalicelib.kit.problem import Problem

TESTS = Path(__file__).resolve().parents[1]
OPERATIONS = operations(app)
# The closed list of doors that anyone may pass.
FOR_ANYONE = {
    "get_health",
    "list_clinics",
    "get_clinic",
    "list_healthcare_services",
    "find_slots",
    "start_sign_in",
    "verify_sign_in",
    "open_kiosk",
    "get_session",
    "get_staff_session",
    "start_passkey_sign_in",
    "finish_passkey_sign_in",
    "start_staff_sign_in",
    "verify_staff_sign_in",
    "accept_invitation",
    "start_recovery",
    "finish_recovery",
}
# Routes that are no doors: the API's own description.
NO_DOORS = {"/api/openapi.json"}


def _by_name(operation: Operation) -> str:
    return operation.name


def test_every_route_is_a_door() -> None:
    routes = {(path, method) for path, methods in app.routes.items() for method in methods if path not in NO_DOORS}
    assert routes == {(operation.path, operation.method) for operation in OPERATIONS}


def test_the_doors_for_anyone_are_a_closed_list() -> None:
    assert {operation.name for operation in OPERATIONS if operation.who is Who.ANYONE} == FOR_ANYONE


@pytest.mark.parametrize("operation", OPERATIONS, ids=_by_name)
def test_a_door_says_what_it_takes_and_gives(operation: Operation) -> None:
    assert operation.summary
    if operation.media_type == "application/json":
        assert operation.reply is not None
        assert type(operation.answers) is operation.reply
    if operation.method != "GET":
        assert operation.body is not None
        assert type(operation.asks) is operation.body
    if operation.permission is not None:
        assert operation.permission == operation.name or operation.method == "GET"


@pytest.mark.parametrize("operation", OPERATIONS, ids=_by_name)
def test_an_example_fits_its_shape(operation: Operation) -> None:
    for example in filter(None, (operation.asks, operation.answers)):
        assert msgspec.json.decode(msgspec.json.encode(example), type=type(example)) == example


def test_a_door_that_changes_something_knows_who_asks() -> None:
    open_changes = {operation.name for operation in OPERATIONS if operation.method != "GET" and operation.who is Who.ANYONE}
    assert open_changes == {
        "start_sign_in",
        "verify_sign_in",
        "open_kiosk",
        "start_passkey_sign_in",
        "finish_passkey_sign_in",
        "start_staff_sign_in",
        "verify_staff_sign_in",
        "accept_invitation",
        "start_recovery",
        "finish_recovery",
    }


def test_the_document_is_valid_openapi_and_names_every_door() -> None:
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(openapi.document(OPERATIONS, title="Anteroom", version="1")))
    OpenAPIV31SpecValidator(document).validate()
    named = {about["operationId"] for methods in document["paths"].values() for about in methods.values()}
    assert named == {operation.operation_id for operation in OPERATIONS}


@lru_cache(maxsize=1)
def _told_of_mallory() -> set[str]:
    """All that the tests with Mallory in their name speak of: their names and the texts in them."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and "mallory" in node.name:
                found.add(node.name)
                found |= {inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str)}
    return found


@pytest.mark.parametrize("operation", OPERATIONS, ids=_by_name)
def test_every_door_has_its_mallory(operation: Operation) -> None:
    told = _told_of_mallory()
    assert operation.name in told or any(operation.name in name for name in told)


def _problems() -> list[type[Problem]]:
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    found, waiting = [], [Problem]
    while waiting:
        waiting += (kinds := waiting.pop().__subclasses__())
        found += kinds
    return [kind for kind in found if kind.__module__.startswith("chalicelib")]


def test_every_problem_has_its_own_name_and_a_kind_title() -> None:
    problems = _problems()
    slugs = [problem.slug() for problem in problems]
    assert sorted(slugs) == sorted(set(slugs))
    for problem in problems:
        assert problem.title.endswith((".", "?")), problem
        assert problem.title[0].isupper(), problem
        assert problem.status in {400, 401, 403, 404, 409, 412, 413, 422, 429, 503}, problem
        assert not problem.__name__.endswith("Error"), problem
        assert not problem.__name__.startswith("Invalid"), problem


def test_every_permission_is_used_and_granted() -> None:
    used = {operation.permission for operation in OPERATIONS if operation.permission}
    assert used == set(Permission)
    assert set().union(*GRANTS.values()) == set(Permission)
