"""Stickers and emoji: small pictures with transparency, perhaps moving. Decoded carefully, given out newly encoded."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageSequence

from .errors import Invalid
from .images import NotAPicture, PictureTooLarge, fitted

FORMATS = ["PNG", "WEBP", "GIF", "JPEG"]
BYTES_MAX = 5 * 1024 * 1024
SOURCE_EDGE_MAX = 2048
PIXELS_MAX = 40_000_000  # of all frames together
FRAMES_MAX = 60
LASTS_MAX = 10_000  # milliseconds
FRAME_LASTS_MIN = 20


@dataclass(frozen=True)
class Animation:
    content: bytes
    width: int
    height: int


def read_animation(file: IO[bytes], edge: int) -> Animation:
    """As WebP, its longer edge at most `edge`. Raises NotAPicture or PictureTooLarge, whatever the bytes are."""
    file.seek(0, 2)
    if file.tell() > BYTES_MAX:
        raise PictureTooLarge
    file.seek(0)
    try:
        return _read(file, edge)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise PictureTooLarge from error
    except Exception as error:  # decoders meet broken bytes with whatever error comes first
        raise NotAPicture from error


def _read(file: IO[bytes], edge: int) -> Animation:
    image = Image.open(file, formats=FORMATS)
    if max(image.size) > SOURCE_EDGE_MAX:
        raise PictureTooLarge
    size = fitted(image.size, edge)
    frames: list[Image.Image] = []
    lasts: list[int] = []
    pixels = 0
    for frame in ImageSequence.Iterator(image):
        pixels += frame.width * frame.height
        if pixels > PIXELS_MAX or len(frames) >= FRAMES_MAX or sum(lasts) > LASTS_MAX:
            raise PictureTooLarge
        shown = frame.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
        frames.append(Image.frombytes("RGBA", size, shown.tobytes()))  # pixels alone, no notes
        lasts.append(max(FRAME_LASTS_MIN, int(frame.info.get("duration") or 100)))
    buffer = BytesIO()
    moving = {"save_all": True, "append_images": frames[1:], "duration": lasts, "loop": 0} if len(frames) > 1 else {}
    frames[0].save(buffer, "WEBP", quality=80, method=4, **moving)
    return Animation(buffer.getvalue(), *size)
