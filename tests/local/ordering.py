"""How the whole test session runs: fastest first, and honest about what did not run."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from scripts.local import checking, chromium

# What these want takes half a minute to build or to deploy: one worker has them all, and none waits for it.
TOGETHER = frozenset(
    {
        *(f"tests/deploy/test_{name}.py" for name in ("build", "inspecting_package", "publishing_package", "template")),
        "tests/journeys/test_the_deployed_stack.py",
    }
)
SLOWNESS = ("thorough", "cloud", "browser", "deep")  # in this order, after all others
NO_BROWSER = pytest.StashKey[int]()


class Grouped(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Gives tests out one by one in their order, and what belongs together as a whole, when its first one's turn has come.

    The mark xdist_group would say the same, but xdist 3.8 sets it on a name that pytest 9 has done away with.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "together" if _file(nodeid) in TOGETHER else nodeid


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """What takes the place of the scheduler that knows no groups."""
    config.option.loadscopereorder = False  # the fastest come first
    return Grouped(config, log) if config.getoption("dist") == "load" else None


def slowness(marks: Sequence[str]) -> int:
    """0 for an ordinary test, else the place of its slowest mark."""
    return max((place for place, mark in enumerate(SLOWNESS, 1) if mark in marks), default=0)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order what is to run; leave out tests of a browser that is not there, which the summary then says.

    Coverage is measured by the ordinary tests alone: tracing would double the time of those that repeat what they cover.
    """
    items.sort(key=lambda item: max(_slowness(item), SLOWNESS.index("cloud") + 1) if _file(item.nodeid) in TOGETHER else _slowness(item))
    for item in items:
        if _slowness(item):
            item.add_marker(pytest.mark.no_cover)
    wanting = [item for item in items if item.get_closest_marker("browser")]
    if wanting and chromium.found() is None:
        items[:] = [item for item in items if item not in wanting]
        config.hook.pytest_deselected(items=wanting)
        config.stash[NO_BROWSER] = len(wanting)


def pytest_collection_finish() -> None:
    """What is there now stays to the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def _slowness(item: pytest.Item) -> int:
    return slowness([mark.name for mark in item.iter_markers()])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI, a browser test that could not run is a failure. A worker tells its count to the session that shows it."""
    count = session.config.stash.get(NO_BROWSER, 0)
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["no_browser"] = count
    elif count and os.environ.get("CI") and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker counted; each of them has collected all tests."""
    node.config.stash[NO_BROWSER] = getattr(node, "workeroutput", {}).get("no_browser", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what the last line cannot."""
    without = config.stash.get(NO_BROWSER, 0)
    if without:
        terminalreporter.section("no browser")
        terminalreporter.write_line(f"{without} browser tests were not run: there is no Chromium, and none could be had.")
    failed = os.environ.get(checking.FAILED)
    if failed:
        terminalreporter.section("static checks")
        terminalreporter.write_line(f"FAILED before the tests: {failed}.")
