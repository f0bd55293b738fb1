"""moto made quick: what it answers stays the same, and it neither copies nor computes more than that takes.

Installed once, before anything uses moto. Each of these was among the first in a profile of the tests that moto serves.
"""

from __future__ import annotations

import copy
import pickle
import threading
from functools import lru_cache
from typing import Any

import moto.core.botocore_stubber as stubber
import moto.core.responses as responses
from moto.core.common_models import BaseModel
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import validators


def install() -> None:
    """All of it, for the whole of this process."""
    _one_call_at_a_time()
    _forget_what_is_gone()
    _copy_what_is_changed()
    _look_up_once()
    _serialize_what_is_there()


def _one_call_at_a_time() -> None:
    """Moto keeps its tables in plain dictionaries: without one lock around every call, threads lose each other's writes."""
    kind: Any = stubber.BotocoreStubber
    unlocked, one_at_a_time = kind.__call__, threading.RLock()

    def locked(self: Any, *args: Any, **kwargs: Any) -> Any:
        with one_at_a_time:
            return unlocked(self, *args, **kwargs)

    kind.__call__ = locked


def _forget_what_is_gone() -> None:
    """It keeps every row and table that there ever was, and every copy of them, for its own web pages, which nobody looks at."""
    kind: Any = BaseModel
    plain = kind.__new__

    def made(cls: Any, *args: Any, **kwargs: Any) -> Any:
        return object.__new__(cls) if cls.__module__.startswith("moto.dynamodb.") else plain(cls, *args, **kwargs)

    kind.__new__ = made


def _copy_what_is_changed() -> None:
    """It copies whole tables at every transaction, to bring them back where that fails.

    A copy shares the rows instead, and a row is copied before it is changed.
    """
    table, backend = Table, DynamoDBBackend
    update: Any = backend.update_item

    def a_table(self: Any, _memo: dict[int, Any]) -> Any:
        made: Any = copy.copy(self)
        made.items = copy.copy(self.items)
        for key, rows in self.items.items():
            made.items[key] = copy.copy(rows) if self.has_range_key else rows
        if self.stream_shard:
            made.stream_shard = copy.copy(self.stream_shard)
            made.stream_shard.table, made.stream_shard.items = made, list(self.stream_shard.items)
        return made

    def updating(self: Any, table_name: str, key: Any, *args: Any, **kwargs: Any) -> Any:
        rows = self.get_table(table_name)
        first, second = self.get_keys_value(rows, key)
        there = rows.get_item(first, second)
        if there is not None and second is not None:
            rows.items[first][second] = copy.deepcopy(there)
        elif there is not None:
            rows.items[first] = copy.deepcopy(there)
        return update(self, table_name, key, *args, **kwargs)

    for kind, name, function in ((table, "__deepcopy__", a_table), (backend, "update_item", updating)):
        setattr(kind, name, function)


def _look_up_once() -> None:
    """What is the same at every call: the methods of an answer's class, and which node of an expression is whose business."""
    quick_responses: Any = responses
    quick_responses.method_names_from_class = lru_cache(responses.method_names_from_class)  # type: ignore[attr-defined]  # moto imports it and does not name it as its own
    kind: Any = validators.DepthFirstTraverser  # type: ignore[attr-defined]  # the same

    def known(self: Any) -> dict[type, Any]:
        found: dict[type, Any] | None = self.__dict__.get("_known")
        if found is None:
            found = self._known = self._processing_map()
        return found

    def nodes(self: Any) -> tuple[type, ...]:
        return tuple(known(self))

    def process(self: Any, node: Any) -> Any:
        return next((processor(node) for each, processor in known(self).items() if isinstance(node, each)), None)

    kind.nodes_to_be_processed, kind.process = nodes, process
    quick_validators: Any = validators
    quick_validators.deepcopy = lambda tree: pickle.loads(pickle.dumps(tree, pickle.HIGHEST_PROTOCOL))


def _serialize_what_is_there() -> None:
    """A value of DynamoDB has one of ten names (`S`, `N` and so on); the other nine were searched for in five ways each."""
    kind: Any = ResponseSerializer
    plain = kind._serialize_type_structure

    def structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name != "AttributeValue" or not isinstance(value, dict) or not key:
            plain(self, serialized, value, shape, key)
            return
        wrapper: dict[str, Any] = {}
        for name, inner in value.items():
            self._serialize(wrapper, inner, shape.members[name], name)
        self._default_serialize(serialized, wrapper, shape, key)

    kind._serialize_type_structure = structure
