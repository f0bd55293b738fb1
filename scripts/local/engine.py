"""The engines that stand in for AWS: ministack, a process of its own that keeps its data, and moto, in this process. Both are fenced."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from scripts.local import environment, fence
from scripts.local.environment import Plain

REGION = "us-east-1"
START_SECONDS, STOP_SECONDS = 30.0, 30.0
LEASH = Path(__file__).with_name("leash.py")


def free_port() -> int:
    """A free port below 32768: above it, client sockets that are closing may hold the number for a minute."""
    for _ in range(200):
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise Plain("No free port was found between 20000 and 32000 for the local cloud.")


def point_at(address: str) -> dict[str, str]:
    """Make every AWS client of this process and its children speak to the engine, and to nothing else. Returns what was set."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    told = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    os.environ |= told
    return told


@contextmanager
def ministack(folder: Path, held: Sequence[int] = (), *, signed: bool = False) -> Iterator[str]:
    """Runs ministack on its state in `folder`; yields its address. Its state is saved when the block ends.

    `held` are open files that it holds as long as it lives: the lock on the folder, which so outlasts a run that was killed.
    `signed`: it asks for signatures and looks at them, as AWS does.
    """
    python = environment.ensure("ministack")
    child, address = _started(python, folder, held, {"AUTH": "true"} if signed else {})
    try:
        yield address
    finally:
        _stop(child)


def _started(python: Path, folder: Path, held: Sequence[int], further: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    """A ministack that answers. Another process may take the port between our look and its bind, so three tries."""
    for _ in range(3):
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        child = _launch(python, folder, port, held, further)
        try:
            if _answers(child, address):
                return child, address
        except BaseException:
            _stop(child)
            raise
        _stop(child)
    raise Plain(f"The local cloud did not start; its words are in {folder / 'ministack.log'}.")


def _launch(python: Path, folder: Path, port: int, held: Sequence[int], further: dict[str, str]) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    settings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    settings |= {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "LOG_LEVEL": "WARNING"}
    settings |= {"PERSIST_STATE": "1", "STATE_DIR": str(folder / "state"), "S3_PERSIST": "1", "S3_DATA_DIR": str(folder / "s3")}
    settings |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"} | further
    # Its own name. Left alone it is "localhost", and "files.localhost" would then be a bucket called "files".
    settings |= {"MINISTACK_HOST": "127.0.0.1"}
    with (folder / "ministack.log").open("ab") as log:
        return subprocess.Popen(
            [str(python), str(LEASH)],
            env=settings,
            stdin=subprocess.PIPE,  # its end is how the child learns of ours, see leash.py
            stdout=log,
            stderr=log,
            pass_fds=held,
            start_new_session=True,  # a Ctrl-C in the terminal is ours alone; we then stop it in order
        )


def _answers(child: subprocess.Popen[bytes], address: str) -> bool:
    """Whether it is ready in time; False as soon as it has ended."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and child.poll() is None:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{address}/_ministack/ready", timeout=2) as answer:
            if answer.status == 200:
                return child.poll() is None
        time.sleep(0.05)
    return False


def _stop(child: subprocess.Popen[bytes]) -> None:
    """TERM, and wait until its state is saved."""
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    finally:
        if child.stdin:
            child.stdin.close()


@contextmanager
def moto() -> Iterator[str]:
    """Runs moto's server in this process, one request at a time (it has no locks of its own); keeps nothing."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nobody reads these."""

    port = free_port()
    app = fence.before_wsgi(_under_one_name(_one_at_a_time(DomainDispatcherApplication(create_backend_app)), port), port)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()


def _under_one_name(app: Callable[..., Any], port: int) -> Callable[..., Any]:
    """For moto, which looks at no signature and would take "files.localhost" for a bucket called "files"."""

    def named(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        return app(environ | {"HTTP_HOST": f"127.0.0.1:{port}"}, start)

    return named


def _one_at_a_time(app: Callable[..., Any]) -> Callable[..., Any]:
    lock = threading.Lock()

    def locked(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        with lock:
            answer = app(environ, start)
            try:
                return list(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()

    return locked
