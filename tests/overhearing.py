"""What our loggers say, as CloudWatch gets it: each line read back from its JSON."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.kit import logs


class Lines(logging.Handler):
    """Keeps what is said; `lines` of the log itself, `metrics` in CloudWatch's format."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.Json())
        self.lines: list[dict[str, Any]] = []
        self.metrics: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One line of either kind."""
        shown = self.format(record)
        assert "\n" not in shown
        (self.metrics if record.name == logs.METRICS else self.lines).append(json.loads(shown))


@contextmanager
def overheard() -> Iterator[Lines]:
    """All that is said inside the block, by all of our loggers; metrics too, which tests are spared otherwise."""
    heard, logger, metrics = Lines(), logging.getLogger(logs.ROOT), logging.getLogger(logs.METRICS)
    level = metrics.level
    logger.addHandler(heard)
    metrics.setLevel(logging.INFO)
    try:
        yield heard
    finally:
        metrics.setLevel(level)
        logger.removeHandler(heard)
