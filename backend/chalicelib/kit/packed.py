"""Long texts in a row: compressed, and kept as bytes."""

from __future__ import annotations

import base64
import zlib
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.constants import BINARY

LARGEST = 300_000  # bytes in a row, which holds 400 kB in all


def pack(text: bytes) -> bytes:
    """A text as it is kept; the same text gives the same bytes."""
    return zlib.compress(text, 6)


def unpack(packed: bytes) -> bytes:
    """The text again."""
    return zlib.decompress(packed)


class Packed(Attribute[bytes]):
    """Bytes in a row. They come back as the wire has them (kit.answers), which is base64, or as botocore has read them."""

    attr_type = BINARY

    def serialize(self, value: Any) -> Any:
        """As botocore takes them."""
        return value

    def deserialize(self, value: Any) -> bytes:
        """As they were."""
        return base64.b64decode(value) if isinstance(value, str) else bytes(value)
