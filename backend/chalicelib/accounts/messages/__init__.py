"""What accounts tell people."""

from chalicelib.accounts.messages.codes import (
    code,
)

__all__ = [
    "code",
]
