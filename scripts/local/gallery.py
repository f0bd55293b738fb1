"""The gallery: every scene at its widths in its languages, a page that shows them, and two boards for the README."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, Page, ViewportSize, expect

from scripts.local import chromium
from scripts.local.environment import Plain, step
from tests.journeys import chrome
from tests.journeys.people import LENA
from tests.journeys.portal import Portal, Window
from tests.journeys.scenes import LETTERS, LOCAL, SCENES, Scene, Stage
from tests.journeys.staff_scenes import STAFF_LETTERS, STAFF_SCENES
from tests.journeys.watching import Watch
from tests.local.serving import started

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "tablet": {"width": 768, "height": 1024},
    "desk": {"width": 1280, "height": 800},
}
LANGUAGES = {"en": "English", "es": "Español"}
PATIENCE = 30_000  # milliseconds for anything a page is expected to do, on a machine that has much else to do
QUALITY = 42  # of WebP: text stays crisp, and the whole gallery below 7 MB
SHOWN = {"phone": 150, "tablet": 250, "desk": 360}  # pixels in the table
NEWCOMER = replace(LENA, email="lena.okoye@example.com")
BOARD = ("home", "times", "done", "visits")
PAIRS = [(scene, language) for scene in (*SCENES, *STAFF_SCENES, *LETTERS, *STAFF_LETTERS, *LOCAL) for language in scene.languages]
GROUND = (208, 222, 219)
# A dock or a dialog belongs to the window, not to the page: such a page is shown as far as the window reaches.
WINDOWED = """() => [...document.querySelectorAll('.dock, dialog[open]')].some(e => getComputedStyle(e).position === 'fixed')"""


@dataclass(frozen=True)
class Shot:
    """One picture: a scene in a language at a size."""

    scene: Scene
    language: str
    size: str

    @property
    def file(self) -> str:
        """Its name in the gallery."""
        return f"{self.scene.name}-{self.language}-{SIZES[self.size]['width']}.webp"


class Studio:
    """A running product, its people, and a browser to look at it."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self._browser, self._stage = browser, stage

    @contextmanager
    def shown(self, scene: Scene, language: str, size: str, **options: Any) -> Iterator[Page]:
        """The scene, drawn at a size."""
        context = self._browser.new_context(
            viewport=SIZES[size],
            reduced_motion="reduce",
            service_workers="block",
            storage_state=self._stage.state(scene.who),
            **options,
        )
        try:
            page = context.new_page()
            scene.show(Portal(Window(context, page, Watch(context)), self._stage.run, language))
            yield page
        finally:
            context.close()

    def at_each_size(self, scene: Scene, language: str) -> Iterator[tuple[Shot, Image.Image]]:
        """The pictures of a scene: the page as long as it is, or what the window shows where a dock or dialog belongs to that."""
        with self.shown(scene, language, "phone") as page:
            for size in scene.sizes:
                page.set_viewport_size(SIZES[size])
                yield Shot(scene, language, size), _photograph(page, whole=not page.evaluate(WINDOWED))

    def window(self, name: str, language: str, size: str, **options: Any) -> Image.Image:
        """What the window shows of a scene, sharp enough to be made smaller."""
        scene = next(scene for scene in SCENES if scene.name == name)
        with self.shown(scene, language, size, device_scale_factor=2, **options) as page:
            return _photograph(page, whole=False)


def _photograph(page: Page, *, whole: bool) -> Image.Image:
    page.evaluate("document.fonts.ready.then(() => document.activeElement.blur())")
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(0, 0)
    return Image.open(io.BytesIO(page.screenshot(full_page=whole, animations="disabled"))).convert("RGB")


def shots() -> Iterator[Shot]:
    """All pictures, in the order of the gallery."""
    return (Shot(scene, language, size) for scene, language in PAIRS for size in scene.sizes)


def make(folder: Path) -> None:
    """Take all pictures into the folder; what is no longer taken is removed. Raises Plain without a browser."""
    chromium.provide()
    if chromium.found() is None:
        raise Plain("There is no Chromium, and none could be had; install one and start again.")
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory(prefix="anteroom-shots-") as passing, started(Path(passing)) as run, chrome.opened() as browser:
        studio = Studio(browser, Stage(browser, run, NEWCOMER))
        with step(f"Taking {len(list(shots()))} pictures"):
            for pair in PAIRS:
                for shot, picture in studio.at_each_size(*pair):
                    picture.save(folder / shot.file, quality=QUALITY, method=6)
        with step("Putting the boards together"):
            boards = _boards(studio)
    for name, board in boards.items():
        board.save(folder / name, quality=80, method=6)
    _sweep(folder, {shot.file for shot in shots()} | set(boards))
    (folder / "README.md").write_text(_page(), encoding="utf-8")


def _sweep(folder: Path, wanted: set[str]) -> None:
    for path in folder.glob("*.webp"):
        if path.name not in wanted:
            path.unlink()


def _boards(studio: Studio) -> dict[str, Image.Image]:
    """Phones side by side, the last one at night; and the times on a wide screen."""
    phones = [studio.window(name, "en", "phone") for name in BOARD]
    phones.append(studio.window("times", "es", "phone", color_scheme="dark"))
    return {"board.webp": _board(phones, 420, 44), "desktop.webp": _board([studio.window("times", "en", "desk")], 1800, 28)}


def _board(pictures: list[Image.Image], width: int, radius: int) -> Image.Image:
    """Pictures of one size beside each other, with round corners and a soft shadow."""
    height = width * pictures[0].height // pictures[0].width
    gap = 56
    board = Image.new("RGB", (gap + len(pictures) * (width + gap), height + 2 * gap), GROUND)
    for number, picture in enumerate(pictures):
        corner = (gap + number * (width + gap), gap)
        mask = Image.new("L", (width * 2, height * 2), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * 2 - 1, height * 2 - 1), radius * 2, fill=255)
        mask = mask.resize((width, height), Image.Resampling.LANCZOS)
        shadow = Image.new("L", board.size, 0)
        shadow.paste(mask.point(lambda light: light * 2 // 5), (corner[0], corner[1] + 14))
        board.paste((60, 84, 88), (0, 0), shadow.filter(ImageFilter.GaussianBlur(22)))
        board.paste(picture.resize((width, height), Image.Resampling.LANCZOS), corner, mask)
    return board


def _page() -> str:
    """The page of the gallery: a table for each language, a row for each scene."""
    lines = [
        "# Gallery",
        "",
        "Every page at two or three widths, taken from the running demo by `python3 scripts/shots.py`. A picture opens at full size.",
    ]
    for language, name in LANGUAGES.items():
        lines += ["", f"## {name}", "", "| | 390 px | 768 px | 1280 px |", "|---|---|---|---|"]
        rows: dict[str, dict[str, str]] = {}
        for shot in shots():
            if shot.language == language:
                image = f'<a href="{shot.file}"><img src="{shot.file}" width="{SHOWN[shot.size]}" alt="{shot.scene.about}"></a>'
                rows.setdefault(shot.scene.about, {})[shot.size] = image
        lines += [f"| {about} | {' | '.join(images.get(size, '') for size in SIZES)} |" for about, images in rows.items()]
    return "\n".join(lines) + "\n"
