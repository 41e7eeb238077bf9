"""Pictures from people: decoded once, carefully, and only ever given out again as newly encoded WebP.

Nothing of the received file survives: no metadata (EXIF, GPS, XMP, comments), no second frame, no bytes after the
end. What the name or the declared type says does not matter; the content does.
"""

from __future__ import annotations

import threading
import warnings
from functools import cached_property
from io import BytesIO
from typing import IO

import blurhash
import pillow_heif
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from .errors import Invalid

pillow_heif.register_heif_opener()

FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "HEIF"]
PIXELS_MAX = 33_000_000
EDGE_MAX = 2048  # nothing larger is kept, so nothing larger is held in memory
QUALITY = 82

# A decoder of its own bound for what our look at the header cannot see (frames larger than their canvas).
Image.MAX_IMAGE_PIXELS = PIXELS_MAX
warnings.simplefilter("error", Image.DecompressionBombWarning)

# A picture of the largest size takes some 150 MB while it is decoded: so many at a time in one process.
_decoding = threading.BoundedSemaphore(2)
_srgb = ImageCms.createProfile("sRGB")


class NotAPicture(Invalid):
    code = "not_a_picture"
    sentence = _("This is not a picture that can be read. Use a JPEG, PNG, WebP, GIF or HEIC file.")


class PictureTooLarge(Invalid):
    code = "picture_too_large"
    sentence = _("This picture is too large.")
    status = 413


class Picture:
    """A decoded picture: upright, sRGB, opaque, at most EDGE_MAX on its longer edge."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image

    @property
    def size(self) -> tuple[int, int]:
        return self._image.size

    def variant(self, max_edge: int) -> bytes:
        """The picture as WebP, its longer edge at most `max_edge`; never enlarged."""
        if max(self.size) <= max_edge:
            return self._whole
        return _webp(self._image.resize(fitted(self.size, max_edge), Image.Resampling.LANCZOS))

    @cached_property
    def _whole(self) -> bytes:
        """Encoded once, however many variants are as large as the picture."""
        return _webp(self._image)

    def square(self, edge: int) -> bytes:
        """The middle of the picture, cut and scaled to a square."""
        return _webp(ImageOps.fit(self._image, (edge, edge), Image.Resampling.LANCZOS))

    def blurhash(self) -> str:
        small = self._image.resize(fitted(self.size, 32), Image.Resampling.BOX)
        width, height = small.size
        pixels = small.tobytes()
        rows = [
            [pixels[at : at + 3] for at in range(y * width * 3, (y + 1) * width * 3, 3)]  # RGB triples
            for y in range(height)
        ]
        return str(blurhash.encode(rows, 4, 3))


def fitted(size: tuple[int, int], max_edge: int) -> tuple[int, int]:
    """`size` scaled down so that the longer edge is at most `max_edge`."""
    scale = min(1, max_edge / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def read_picture(file: IO[bytes]) -> Picture:
    """Decode what somebody sent. Raises NotAPicture or PictureTooLarge, whatever the bytes are."""
    file.seek(0, 2)
    if file.tell() > settings.UPLOAD_MAX_BYTES:
        raise PictureTooLarge
    file.seek(0)
    with _decoding:
        try:
            return Picture(_decode(file))
        except (PictureTooLarge, NotAPicture):
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
            raise PictureTooLarge from error
        except Exception as error:  # decoders meet broken bytes with whatever error comes first
            raise NotAPicture from error


def _decode(file: IO[bytes]) -> Image.Image:
    image: Image.Image = Image.open(file, formats=FORMATS)  # reads the header, and stays at the first frame
    _check_size(image)
    if image.mode in {"P", "PA", "1"}:
        image = image.convert("RGBA")
    profile = image.info.get("icc_profile")
    image.thumbnail((EDGE_MAX, EDGE_MAX), Image.Resampling.LANCZOS, reducing_gap=2.0)  # decodes
    _check_size(image)
    image = ImageOps.exif_transpose(image)
    return _clean(_opaque(_in_srgb(image, profile)))


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise NotAPicture
    if width * height > PIXELS_MAX:
        raise PictureTooLarge


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Wide-gamut phone pictures keep their colours; a profile that makes no sense is left out."""
    if not profile or image.mode not in {"RGB", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, _srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey, which a plain conversion would cut off at 255
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _clean(image: Image.Image) -> Image.Image:
    """Pixels alone, without the notes that Pillow carries along and some encoders write out again."""
    return Image.frombytes("RGB", image.size, image.tobytes())


def _webp(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue()
