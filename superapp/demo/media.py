"""Voices, a film and papers for the demo town: hummed, drawn and set by a few lines, the same at every start."""

from __future__ import annotations

import math
import random
import zlib
from array import array
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
from PIL import Image, ImageDraw, ImageFilter

from .faces import mix

RATE = 12_000
FILM_SIZE = (640, 360)
FILM_RATE = 15
FILM_SECONDS = 6


def voice(name: str, seconds: int) -> bytes:
    """Somebody talks, too far away to be understood: syllables with a pitch and two formants, and pauses between."""
    dice = random.Random(name)
    base = dice.uniform(105, 210)
    samples = array("h")
    phase = 0.0
    while len(samples) < seconds * RATE:
        length = int(RATE * dice.uniform(0.11, 0.24))
        pitch, first, second = base * dice.uniform(0.88, 1.2), dice.uniform(300, 800), dice.uniform(900, 2100)
        loud = dice.uniform(0.45, 1)
        for at in range(length):
            phase += math.tau * pitch * (1 + 0.05 * math.sin(at / 450)) / RATE
            swell = math.sin(math.pi * at / length) ** 0.6
            tone = sum(_near(number * pitch, first, second) * math.sin(phase * number) for number in range(1, 6))
            samples.append(int(6_500 * loud * swell * tone))
        if dice.random() < 0.22:
            samples.extend([0] * int(RATE * dice.uniform(0.12, 0.35)))
    return _packed_sound(samples[: seconds * RATE])


def _near(pitch: float, *formants: float) -> float:
    return 0.04 + sum(math.exp(-(((pitch - formant) / 220) ** 2)) for formant in formants)


def _packed_sound(samples: array[int]) -> bytes:
    buffer = BytesIO()
    with av.open(buffer, "w", format="ogg") as made:
        stream: Any = made.add_stream("libopus", rate=RATE, layout="mono")
        for start in range(0, len(samples), 240):
            part = samples[start : start + 240]
            part.extend([0] * (240 - len(part)))
            frame = av.AudioFrame(format="s16", layout="mono", samples=240)
            frame.sample_rate = RATE
            frame.planes[0].update(part.tobytes())
            frame.pts, frame.time_base = start, Fraction(1, RATE)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return buffer.getvalue()


def film() -> bytes:
    """The sun comes up over the sea."""
    buffer = BytesIO()
    with av.open(buffer, "w", format="mp4") as made:
        stream: Any = made.add_stream("libx264", rate=FILM_RATE, options={"preset": "veryfast", "crf": "26"})
        stream.width, stream.height = FILM_SIZE
        stream.pix_fmt = "yuv420p"
        for number in range(FILM_SECONDS * FILM_RATE):
            frame = av.VideoFrame.from_image(_sunrise(number / (FILM_SECONDS * FILM_RATE)))
            frame.pts, frame.time_base = number, Fraction(1, FILM_RATE)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return buffer.getvalue()


def _sunrise(share: float) -> Image.Image:
    width, height = FILM_SIZE
    horizon = round(height * 0.62)
    column = Image.new("RGB", (1, height))
    top, low = mix("#1d2846", "#6fb0dc", share), mix("#7a4a5c", "#ffd9a0", share)
    for y in range(height):
        sky = mix(top, low, min(1, y / horizon) ** 1.6)
        sea = mix(low, mix("#0d2030", "#2c6f8c", share), min(1, (y - horizon) / 60) if y > horizon else 0)
        column.putpixel((0, y), sky if y <= horizon else sea)
    image = column.resize(FILM_SIZE)
    sun = Image.new("RGB", FILM_SIZE)
    middle = horizon + 40 - share * 150
    ImageDraw.Draw(sun).ellipse((width / 2 - 44, middle - 44, width / 2 + 44, middle + 44), fill="#fff2cf")
    above = Image.new("L", FILM_SIZE)
    pen = ImageDraw.Draw(above)
    pen.ellipse((width / 2 - 44, middle - 44, width / 2 + 44, middle + 44), fill=255)
    pen.rectangle((0, horizon, width, height), fill=0)
    image.paste(sun, mask=above)
    glow = above.resize((80, 45)).filter(ImageFilter.GaussianBlur(7)).resize(FILM_SIZE).point(lambda value: value // 2)
    image.paste(Image.new("RGB", FILM_SIZE, "#ffd08a"), mask=glow)
    pen = ImageDraw.Draw(image)
    for row in range(14):
        level = horizon + 6 + row * row * 0.62
        reach = 10 + row * 9 + 12 * math.sin(share * 40 + row * 1.7)
        pen.line(
            (width / 2 - reach, level, width / 2 + reach, level), fill=mix(low, "#ffffff", 0.35 * share + 0.1), width=2
        )
    return image


def paper(name: str, lines: list[str]) -> bytes:
    """A page of a PDF."""
    if not name.endswith(".pdf"):
        return "\n".join(lines).encode()
    words = " ".join(f"({line}) Tj 0 -22 Td" for line in lines)
    text = zlib.compress(f"BT /F1 14 Tf 60 760 Td {words} ET".encode("latin-1"))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(text), text),
    ]
    made, starts = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        starts.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    tail = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return bytes(made) + b"xref\n0 5\n0000000000 65535 f \n" + table + tail


# What lies in the papers, by their names.
PAPERS = {
    "winter-menu.pdf": [
        "Winter menu", "", "Rye with caraway, 4.20", "Walnut and fig, 5.10", "Cardamom bun, 2.40", "Soup of the day, 6",
    ],
    "packing-list.txt": ["Head torch", "Second socks", "Tea, hot", "Something to share"],
}  # fmt: skip
