"""Videos and sounds as devices make them, drawn and played by a few lines."""

from __future__ import annotations

import math
from array import array
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import Any

import av
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

RATE = 48_000


@cache
def video(
    *,
    seconds: float = 1,
    size: tuple[int, int] = (320, 180),
    box: str = "mp4",
    codec: str = "libx264",
    rate: int = 10,
    sound: bool = True,
    notes: tuple[tuple[str, str], ...] = (),
) -> bytes:
    buffer = BytesIO()
    with av.open(buffer, "w", format=box) as film:
        film.metadata.update(dict(notes))
        pictures: Any = film.add_stream(codec, rate=rate)
        pictures.width, pictures.height = size
        pictures.pix_fmt = "yuv420p"
        sounds: Any = (
            film.add_stream("libopus" if box == "webm" else "aac", rate=RATE, layout="mono") if sound else None
        )
        for number in range(int(seconds * rate)):
            film.mux(pictures.encode(_picture(number, size, rate)))
            if sounds:
                film.mux(sounds.encode(_tone(number, RATE // rate)))
        film.mux(pictures.encode(None))
        if sounds:
            film.mux(sounds.encode(None))
    return buffer.getvalue()


@cache
def voice(*, seconds: float = 2, box: str = "webm", codec: str = "libopus") -> bytes:
    """Loud, then silent: the first half is a tone."""
    buffer = BytesIO()
    with av.open(buffer, "w", format=box) as record:
        stream: Any = record.add_stream(codec, rate=RATE, layout="mono")
        steps = int(seconds * 50)
        for number in range(steps):
            record.mux(stream.encode(_tone(number, RATE // 50, loudness=12_000 if number < steps / 2 else 0)))
        record.mux(stream.encode(None))
    return buffer.getvalue()


def _picture(number: int, size: tuple[int, int], rate: int) -> Any:
    image = Image.new("RGB", size, (40, 90, 120))
    ImageDraw.Draw(image).ellipse((number * 6, 20, number * 6 + 60, 80), fill="white")
    frame = av.VideoFrame.from_image(image)
    frame.pts, frame.time_base = number, Fraction(1, rate)
    return frame


def _tone(number: int, samples: int, loudness: int = 9_000) -> Any:
    wave = array(
        "h",
        (
            int(loudness * math.sin(at * math.tau * 220 / RATE))
            for at in range(number * samples, (number + 1) * samples)
        ),
    )
    frame = av.AudioFrame(format="s16", layout="mono", samples=samples)
    frame.sample_rate = RATE
    frame.planes[0].update(wave.tobytes())
    frame.pts, frame.time_base = number * samples, Fraction(1, RATE)
    return frame


def file(content: bytes, name: str = "clip.mp4", content_type: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type or "application/octet-stream")
