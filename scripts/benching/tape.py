"""Tapes what some code asks of AWS: each call with its arguments, the answer's bytes, and what DynamoDB charges for it.

A tape is plain (dictionaries, lists, bytes), so that an interpreter which knows nothing of us can play it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import botocore.handlers

from scripts.benching import capacity
from scripts.benching.capacity import Images, Place, Units

Call = dict[str, Any]


class Recorder:
    """Listens to every client that is made after it; tapes while `taping`."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._listens = False
        self._before: Images = {}
        hooks: list[Any] = botocore.handlers.BUILTIN_HANDLERS
        hooks += [("provide-client-params", self._asked), ("response-received", self._answered)]

    @contextmanager
    def taping(self) -> Iterator[list[Call]]:
        """The calls that are made inside."""
        self.calls, self._listens = [], True
        try:
            yield self.calls
        finally:
            self._listens = False
            self.calls[:] = [call for call in self.calls if "status" in call]  # what was only signed was never sent

    def _asked(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if self._listens:
            told = copy.deepcopy(params)
            self._before = self._images(capacity.places(model.name, told))
            self.calls.append({"service": model.service_model.service_name, "name": model.name, "params": told})

    def _answered(self, response_dict: dict[str, Any], parsed_response: dict[str, Any], **_: Any) -> None:
        if self._listens:
            call = self.calls[-1]
            after = self._images(capacity.places(call["name"], call["params"]))
            about = {"status": response_dict["status_code"], "headers": dict(response_dict["headers"]), "body": response_dict["body"]}
            self.calls[-1] = call | about | self._charged(call, parsed_response, after)

    def _charged(self, call: Call, answer: dict[str, Any], after: Images) -> dict[str, float]:
        """Units, and by how many bytes the tables grew."""
        if call["service"] != "dynamodb":
            return {"read": 0.0, "write": 0.0, "kept": 0}
        charged = capacity.units(call["name"], call["params"], answer, self._before, after)
        kept = sum(capacity.item_bytes(after[place]) - capacity.item_bytes(self._before[place]) for place in after)
        return {"read": charged.read, "write": charged.write, "kept": kept}

    def _images(self, places: list[Place]) -> Images:
        """The items there now, asked for without being taped."""
        if not places:
            return {}
        self._listens = False
        try:
            client = boto3.client("dynamodb")
            return {place: _item(client, place) for place in places}
        finally:
            self._listens = True


def _item(client: Any, place: Place) -> Any:
    table, pk, sk = place
    return client.get_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True).get("Item")


def charged(calls: list[Call]) -> Units:
    """What all calls of a tape cost together."""
    return sum((Units(call["read"], call["write"]) for call in calls), Units())
