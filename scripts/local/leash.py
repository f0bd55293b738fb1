"""Runs ministack, fenced, for as long as the process that started it lives. Started inside ministack's own environment.

Whoever starts this holds the other end of standard input and never writes to it. When that end closes,
for whatever reason, ministack is told to TERM, which is when it saves its state.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])

from scripts.local import fence  # noqa: E402 - after the path that finds it


def _wait_for_the_end() -> None:
    while os.read(0, 1):  # unbuffered: a thread that held sys.stdin's lock would abort the interpreter as it ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    from ministack import app as engine

    engine.app = fence.before_asgi(engine.app, int(os.environ["GATEWAY_PORT"]))
    threading.Thread(target=_wait_for_the_end, daemon=True).start()
    engine.main()
