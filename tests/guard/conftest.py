"""One world for all tests of the guards, the same before each, under the tap."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.guard import keeping, tap
from tests.guard.asking import Desk


@pytest.fixture
def desk(cloud: None) -> Iterator[Desk]:
    """Where every case is asked."""
    with tap.tapped(), keeping.quick_copies():
        yield Desk()
