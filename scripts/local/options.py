"""What `scripts/run.py` can be asked for. Standard library only: it is read before any environment exists."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path

from scripts.local.environment import ROOT, Plain


def read(words: list[str]) -> argparse.Namespace:
    """The options of the local run, from the command line."""
    parser = argparse.ArgumentParser(prog="scripts/run.py", description="Start Anteroom on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="where the portals are served (8000)")
    parser.add_argument("--engine", choices=("ministack", "moto"), default="ministack", help="what stands in for AWS; moto keeps nothing")
    _add_shared(parser)
    return _whole(parser.parse_args(words))


def read_attached(verb: str, words: list[str]) -> argparse.Namespace:
    """The options of a command that works on a run in another terminal."""
    parser = argparse.ArgumentParser(prog=f"scripts/{verb}.py", description=f"{verb.capitalize()} into the local run.")
    if verb == "invite":
        parser.add_argument("clinic", help="the clinic's id in app.json")
        parser.add_argument("name", help="the person's name")
        parser.add_argument("email", help="where the invitation goes")
    _add_shared(parser)
    return _whole(parser.parse_args(words))


def _add_shared(parser: argparse.ArgumentParser) -> None:
    kept = ROOT / ".local" / "data"
    parser.add_argument("--data", dest="folder", type=Path, default=kept, help="the folder that keeps everything (.local/data)")
    parser.add_argument("--seed", choices=("demo", "empty"), default="demo", help="what an empty store begins with")


def _whole(wanted: argparse.Namespace) -> argparse.Namespace:
    wanted.folder = wanted.folder.expanduser().resolve()
    return wanted


def check_port(port: int) -> None:
    """Raise Plain unless the port can be had."""
    listen(port).close()


def listen(port: int) -> socket.socket:
    """A socket that holds the port on the loopback address; nothing is answered until a server listens on it."""
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        held.close()
        raise Plain(f"Port {port} is not free; stop what uses it, or choose another with --port.") from error
    return held
