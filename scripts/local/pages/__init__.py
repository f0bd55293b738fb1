"""The pages under /local/: the portals at hand, one-tap sign-in for the cast, and the outbox."""

from scripts.local.pages.desk import Desk

__all__ = ["Desk"]
