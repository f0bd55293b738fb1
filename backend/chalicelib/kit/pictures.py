"""Makes a photograph anew: every pixel decoded and drawn again, so that nothing but the picture is left.

Only for the inspecting function, whose package has Pillow and pillow-heif. Decoding is the test of a picture; what does not
decode to its end is refused. The new file is a JPEG in sRGB-like RGB without metadata, upright, at most `LONGEST` pixels long.
"""

from __future__ import annotations

import warnings
from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps

from chalicelib.kit.formats import Format, Picture
from chalicelib.kit.refusing import Reason, Refused

MOST_PIXELS = 50_000_000  # a phone's 48 megapixels and a little
LONGEST = 3000  # pixels of the longer side: print on an insurance card stays readable
QUALITY = 85
DECODERS = {Format.JPEG: "JPEG", Format.PNG: "PNG", Format.WEBP: "WEBP", Format.HEIC: "HEIF"}
WHITE = (255, 255, 255)

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def remade(content: bytes, kind: Format) -> Picture:
    """The picture drawn again. Refused where it has too many pixels (before they are decoded) or does not decode to its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return drawn(_opened(content, kind))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise Refused(Reason.LARGE) from error
        except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, IndexError) as error:
            raise Refused(Reason.INCOMPLETE if _cut_short(error) else Reason.UNREADABLE) from error


def _opened(content: bytes, kind: Format) -> Image.Image:
    image = Image.open(BytesIO(content), formats=[DECODERS[kind]])
    if image.width * image.height > MOST_PIXELS:
        raise Refused(Reason.LARGE)
    image.draft("RGB", (LONGEST, LONGEST))  # JPEG alone can be decoded smaller than it is
    image.load()
    return image


def drawn(image: Image.Image) -> Picture:
    """A decoded picture as a JPEG: upright, opaque, not too large, and without anything that was said beside it."""
    plain = _opaque(ImageOps.exif_transpose(_small(image)))
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True, exif=b"")
    return Picture(out.getvalue(), plain.width, plain.height)


def _small(image: Image.Image) -> Image.Image:
    """Not longer than `LONGEST`. A large one in whole steps, which needs no second copy of it; colours come out of their table first."""
    if image.mode not in ("1", "L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if max(image.size) > 2 * LONGEST:
        return image.reduce(-(-max(image.size) // LONGEST))
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return image


def _opaque(image: Image.Image) -> Image.Image:
    """On white paper where it was see-through; a new picture, so that nothing the old one carried comes along."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        paper = Image.new("RGB", image.size, WHITE)
        paper.paste(layered, mask=layered.getchannel("A"))
        return paper
    return Image.frombytes("RGB", image.size, image.convert("RGB").tobytes())


def _cut_short(error: Exception) -> bool:
    """Whether a decoder ran out of bytes, in the words that Pillow and libheif have for it."""
    told = str(error).lower()
    return any(word in told for word in ("truncated", "broken data stream", "end of file", "premature"))
