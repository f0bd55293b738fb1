"""A form's page in a browser, with a clinic of a few lines behind it: for what needs no server of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page as Window
from playwright.sync_api import Route, expect

from chalicelib.intake.records import Form
from chalicelib.intake.rules import merging
from chalicelib.portals.records import Page

ORIGIN = "https://portal.example"


@dataclass
class Clinic:
    """One draft of one form, merged as ours is. `refusals` are answers to saving that come before any other."""

    form: Form
    pages: dict[str, Page]
    kept: list[dict[str, Any]] = field(default_factory=list)
    version: int = 1
    status: str = "in-progress"
    patient: str = "ada"
    refusals: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    sent: list[tuple[str, Any]] = field(default_factory=list)

    def view(self, conflicts: tuple[Any, ...] = ()) -> dict[str, Any]:
        """As the API shows it."""
        about = {"id": "r", "appointment": "v", "questionnaire": self.form.id, "canonical": self.form.canonical, "title": "Odd"}
        empty: dict[str, list[Any]] = {name: [] for name in ("seen", "returned", "flags", "offers", "evidence")}
        told = [{"path": each.path, "other": each.other} for each in conflicts]
        return {**about, **empty, "version": self.version, "status": self.status, "items": self.kept, "page": "", "conflicts": told}

    def _api(self, route: Route, path: str) -> None:
        if path in ("session", "sign-in/verify"):
            return route.fulfill(json={"signedIn": True, "patient": {"id": self.patient}})
        body: dict[str, Any] = (route.request.post_data_json if route.request.method == "POST" else None) or {}
        verb = path.rsplit("/", 1)[-1]
        if not path.startswith("responses/r/") or verb not in ("save", "submit"):
            return route.fulfill(json={**self.view(), "forms": []})
        self.sent.append((verb, body))
        if self.refusals:
            status, problem = self.refusals.pop(0)
            return route.fulfill(status=status, json={"status": status, **problem})
        conflicts = tuple[Any, ...]()
        if route.request.headers["if-match"] != f'"{self.version}"':
            if verb == "submit" or body.get("known") is None:
                return route.fulfill(status=412, json={"type": "changed", "status": 412, "title": "It changed."})
            self.kept, conflicts = merging.merge(self.form.items, body["known"], self.kept, body["items"])
        else:
            self.kept = body["items"]
        self.version += 1
        self.status = "completed" if verb == "submit" else self.status
        return route.fulfill(json=self.view(conflicts))

    def answer(self, route: Route) -> None:
        """Whatever the page asks for."""
        path = urlsplit(route.request.url).path
        if path.startswith("/api/clinics/north/"):
            return self._api(route, path.removeprefix("/api/clinics/north/"))
        page = self.pages.get(f"patient{path}index.html" if path.endswith("/") else f"patient{path}")
        if page is None:
            return route.fulfill(status=404)
        return route.fulfill(body=page.body, content_type=page.content_type)

    def elsewhere(self, *items: dict[str, Any]) -> None:
        """Another device has saved."""
        self.kept, self.version = [*items], self.version + 1


def opened(window: Window, clinic: Clinic, tongue: str = "en") -> Window:
    """The form in a window, with all that comes later."""
    window.route("**/*", clinic.answer)
    window.goto(f"{ORIGIN}/north/{tongue}/form/{clinic.form.id}/{clinic.form.version}/?visit=v")
    expect(window.locator("#form[data-whole]")).to_be_visible()
    return window
