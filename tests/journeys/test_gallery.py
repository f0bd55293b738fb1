"""The gallery shows every scene, and stays small enough to be cloned with the rest."""

from __future__ import annotations

from scripts.local import gallery
from scripts.local.environment import ROOT

GALLERY = ROOT / "docs" / "gallery"
BOARDS = {"board.webp", "desktop.webp"}


def test_every_scene_has_its_pictures_and_none_is_left_of_what_is_gone() -> None:
    assert {path.name for path in GALLERY.glob("*.webp")} == {shot.file for shot in gallery.shots()} | BOARDS


def test_the_gallerys_page_shows_every_picture() -> None:
    page = (GALLERY / "README.md").read_text(encoding="utf-8")
    assert [shot.file for shot in gallery.shots() if f'src="{shot.file}"' not in page] == []


def test_the_gallery_is_small() -> None:
    assert sum(path.stat().st_size for path in GALLERY.iterdir()) < 7_000_000
