"""What goes wrong in a browser behind a person's back: reports, errors, strangers and requests that failed."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

HOSTS = {"localhost", "staff.localhost", "files.localhost"}
LISTEN = (
    "addEventListener('securitypolicyviolation', report => console.error(`CSP report: ${report.violatedDirective} ${report.blockedURI}`))"
)


class Watch:
    """Writes down the faults of one browser context. `expected` holds the statuses and failures that a test provokes."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self.expected: set[int | str] = set()
        self.asked: list[str] = []
        context.add_init_script(LISTEN)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"error on the page: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def expect(self, *provoked: int | str) -> None:
        """From now on these statuses, or network errors like `net::ERR_FAILED`, are what the test is about."""
        self.expected.update(provoked)

    def _console(self, message: ConsoleMessage) -> None:
        told_elsewhere = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not told_elsewhere:
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname not in HOSTS:
            self.faults.append(f"a stranger was asked: {request.url}")

    def _failed(self, request: Request) -> None:
        # A page that is left, and a download, end their requests so; both are no failures.
        if request.failure not in {"net::ERR_ABORTED", *self.expected}:
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"answered {response.status}: {response.url}")
