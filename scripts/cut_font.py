"""Cut the letters that printed copies are set in from a font: `python scripts/cut_font.py DejaVuSansCondensed.ttf` (needs fonttools).

Writes portal_templates/shell/print/: the font as it lies in every PDF, deflated once and for all, since what zlib makes of it differs
between machines; and what setting a line needs to know of it, so that no request reads a font.
"""

from __future__ import annotations

import io
import json
import sys
import zlib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "portal_templates" / "shell" / "print"
# Every Latin letter that Unicode has a whole one for, marks to set above others, Greek, Cyrillic, and what stands between words.
RANGES = (
    *((0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x2AF), (0x2B0, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF)),
    *((0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A)),
    *((0x2044, 0x2044), (0x20A0, 0x20BF), (0x2116, 0x2116), (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0x2248, 0x2248)),
    *((0x2260, 0x2265), (0x2610, 0x2612), (0x2713, 0x2717), (0x2C60, 0x2C7F)),
)
UNUSED = ["GPOS", "GSUB", "GDEF", "kern", "FFTM", "gasp", "cvt ", "fpgm", "prep", "OS/2", "name", "post"]


def cut(source: Path) -> Any:
    """The font with these letters alone, and without what a PDF has no use for."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options()
    options.hinting, options.layout_features, options.notdef_outline, options.glyph_names = False, [], True, False
    options.drop_tables = [*options.drop_tables, *UNUSED]
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[letter for first, last in RANGES for letter in range(first, last + 1)])
    subsetter.subset(font)
    return font


def told(font: Any, size: int) -> dict[str, Any]:
    """What setting a line needs: lengths in thousandths of the letters' size; `letters` are those of `glyphs`, in their order."""
    per = font["head"].unitsPerEm
    glyphs = {chr(letter): font.getGlyphID(name) for letter, name in sorted(font.getBestCmap().items())}
    head, lines = font["head"], font["hhea"]
    return {
        "ascent": round(1000 * lines.ascent / per),
        "descent": round(1000 * lines.descent / per),
        "box": [round(1000 * each / per) for each in (head.xMin, head.yMin, head.xMax, head.yMax)],
        "size": size,
        "letters": "".join(glyphs),
        "glyphs": list(glyphs.values()),
        "widths": [round(1000 * font["hmtx"][name][0] / per) for name in font.getGlyphOrder()],
    }


def main() -> int:
    """Cut it; 2 and a sentence where no font was named."""
    if len(sys.argv) != 2:
        print("Name the font to cut: python scripts/cut_font.py DejaVuSansCondensed.ttf", file=sys.stderr)
        return 2
    font = cut(Path(sys.argv[1]))
    written = io.BytesIO()
    font.save(written)
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "letters.ttf.z").write_bytes(zlib.compress(written.getvalue(), 9))
    text = json.dumps(told(font, len(written.getvalue())), ensure_ascii=False, separators=(",", ":"))
    (PLACE / "letters.json").write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
