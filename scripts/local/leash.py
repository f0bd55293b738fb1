"""Runs ministack for as long as the process that started it lives. Started inside ministack's own environment.

Whoever starts this holds the other end of standard input and never writes to it. When that end closes,
for whatever reason, ministack is told to TERM, which is when it saves its state.
"""

from __future__ import annotations

import os
import signal
import sys
import threading


def _wait_for_the_end() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    from ministack.app import main

    threading.Thread(target=_wait_for_the_end, daemon=True).start()
    main()
