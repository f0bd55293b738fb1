"""How a message of any feature becomes a notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.kit import ids
from chalicelib.kit.text import Worded
from chalicelib.notices.records import Notice


def mail(clinic: str, to: str, language: str, worded: Worded, now: datetime, **about: Any) -> Notice:
    """A worded message to an address, due now; `about` are more of its members (with `link` comes the button)."""
    about |= {"link_label": worded.link_label} if about.get("link") else {}
    return Notice(id=ids.new(), clinic=clinic, to=to, language=language, subject=worded.subject, text=worded.text, due=now, **about)
