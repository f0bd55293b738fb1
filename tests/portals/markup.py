"""Reading rendered pages as a browser would: their tags, links and references."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

from chalicelib.portals.records import Page

LATER = re.compile(r"""\bimport\(['"]([^'"]+)['"]\)""")
IMPORT = re.compile(r"""^import [^;]*?from ['"]([^'"]+)['"];""", re.MULTILINE)


class Document(HTMLParser):
    """A page's start tags with their attributes, in order, and what stands between script and style tags."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.inline: list[str] = []
        self._raw = ""
        self.source = page.body.decode()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: text or "" for name, text in attrs}))
        self._raw = tag if tag in {"script", "style"} else ""

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def handle_data(self, data: str) -> None:
        if self._raw and data.strip():
            self.inline.append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of every such tag."""
        return [attrs for name, attrs in self.tags if name == tag and all(attrs.get(key) == text for key, text in wanted.items())]

    def texts(self, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [attrs[attribute] for _, attrs in self.tags if attribute in attrs]


def is_html(key: str) -> bool:
    """Whether a key is a page that people read."""
    return key.endswith(".html")


def key_of(host: str, address: str) -> str:
    """The key of an address on a host: `/north/en/book/?service=x#y` is `patient/north/en/book/index.html`."""
    path = urlsplit(urldefrag(address).url).path.lstrip("/")
    return f"{host}/{path}index.html" if not path or path.endswith("/") else f"{host}/{path}"


def first_load(pages: dict[str, Page], key: str) -> dict[str, int]:
    """Every static object a page's first load asks for, with its compressed bytes; manifest and icon are not counted."""
    host = key.split("/")[0]
    document = Document(pages[key])
    wanted = [link["href"] for rel in ("stylesheet", "modulepreload", "preload") for link in document.all("link", rel=rel)]
    wanted += [script["src"] for script in document.all("script")]
    keys = [key, *dict.fromkeys(key_of(host, address) for address in wanted)]
    return {found: weight(pages[found]) for found in keys}


def weight(page: Page) -> int:
    """Bytes on the wire."""
    return len(page.body) if page.content_type.startswith("font/") else len(gzip.compress(page.body, mtime=0))


def _joined(key: str, target: str) -> str:
    """The key that a module's relative import means."""
    parts = key.split("/")[:-1]
    for part in target.split("/"):
        parts = parts[:-1] if part == ".." else parts if part == "." else [*parts, part]
    return "/".join(parts)


def modules(pages: dict[str, Page], key: str) -> list[str]:
    """The keys of a module and of all it imports, worked out from the sources."""
    found = [key]
    for target in IMPORT.findall(pages[key].body.decode()):
        found += modules(pages, _joined(key, target))
    return list(dict.fromkeys(found))


def modules_in_time(pages: dict[str, Page], key: str) -> list[str]:
    """The same, and those that come only when they are needed."""
    found: dict[str, None] = {}
    wanted = [key]
    while wanted:
        for one in modules(pages, wanted.pop()):
            if one not in found:
                found[one] = None
                wanted += [_joined(one, target) for target in LATER.findall(pages[one].body.decode())]
    return list(found)
