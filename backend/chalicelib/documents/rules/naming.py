"""What a file is called: what the patient's device called it, made harmless to show; and the name that we give it to be kept under."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80  # characters of a shown name
ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}
# Unicode's categories of what cannot be seen: controls, format marks (which turn the direction of writing), surrogates, private use.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def shown(given: str) -> str:
    """A name as it may stand on a page: no path, nothing unseen, one line, cut in the middle so that its ending stays (case 33).

    It is still text of a stranger's: pages escape it, and neither keys nor headers ever hold it.
    """
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(" " if character.isspace() else character for character in last if _is_seen(character))
    plain = " ".join(unicodedata.normalize("NFC", seen).split())
    if len(plain) <= LONGEST:
        return plain
    return f"{plain[: LONGEST - 11]}…{plain[-10:]}"


def _is_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in UNSEEN


def kept_as(kind: str, page: int, content_type: str) -> str:
    """The name under which a download is kept: of the kind and page alone, plain ASCII, and the ending of what it now is."""
    return f"{kind}-{page}.{ENDINGS[content_type]}"
