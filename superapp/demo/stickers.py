"""The stickers and emoji of the demo town: a small loaf with moods, drawn with a few shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

EDGE = 256
FINE = 2
CRUST, CRUMB, SCORE, INK, BLUSH = "#b8733a", "#e0a463", "#f0cb95", "#4a2a1a", "#e58f74"

Pen = Callable[["Loaf"], None]


class Loaf:
    """Coordinates from 0 to 100."""

    def __init__(self, lean: float = 0) -> None:
        self.lean = lean
        self.image = Image.new("RGBA", (EDGE * FINE, EDGE * FINE))
        self.pen = ImageDraw.Draw(self.image)
        self._body()

    def oval(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.pen.ellipse(self._box(x, y, width, height), fill=colour)

    def arc(self, x: float, y: float, width: float, height: float, start: int, end: int, thick: float = 2.4) -> None:
        self.pen.arc(self._box(x, y, width, height), start, end, fill=INK, width=round(self._at(thick)))

    def line(self, *points: tuple[float, float], colour: str = INK, thick: float = 2.4) -> None:
        places = [(self._at(x), self._at(y)) for x, y in points]
        self.pen.line(places, fill=colour, width=round(self._at(thick)), joint="curve")

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        self.pen.polygon([(self._at(x), self._at(y)) for x, y in points], fill=colour)

    def heart(self, x: float, y: float, size: float, colour: str = "#d9483b") -> None:
        self.oval(x - size * 0.5, y, size * 0.56, size * 0.52, colour)
        self.oval(x + size * 0.5, y, size * 0.56, size * 0.52, colour)
        self.shape([(x - size, y + size * 0.2), (x + size, y + size * 0.2), (x, y + size * 1.35)], colour)

    def eyes(self, kind: str = "open") -> None:
        for x in (38, 62):
            if kind == "open":
                self.oval(x, 54, 3.6, 4.6, INK)
                self.oval(x + 1.2, 52.4, 1.2, 1.5, "#ffffff")
            elif kind == "happy":
                self.arc(x, 56, 5, 5, 190, 350)
            elif kind == "shut":
                self.arc(x, 52, 5, 4, 10, 170)
            else:
                self.heart(x, 52, 4.4)
        for x in (28, 72):
            self.oval(x, 63, 5, 3, BLUSH)

    def _body(self) -> None:
        for grow, colour in ((3, "#ffffff"), (0, CRUST)):
            self.oval(50, 47, 36 + grow, 27 + grow, colour)
            self.pen.rounded_rectangle(
                [self._at(18 - grow), self._at(44 - grow), self._at(82 + grow), self._at(86 + grow)],
                self._at(16), fill=colour,
            )  # fmt: skip
        self.oval(50, 49, 32, 23, CRUMB)
        self.pen.rounded_rectangle(
            [self._at(21.5), self._at(46), self._at(78.5), self._at(82)], self._at(14), fill=CRUMB
        )
        for x in (36, 50, 64):
            self.line((x - 4 + self.lean, 38), (x + 4 + self.lean, 30), colour=SCORE, thick=3)

    def _at(self, value: float) -> float:
        return value * EDGE * FINE / 100

    def _box(self, x: float, y: float, width: float, height: float) -> list[float]:
        return [self._at(x - width), self._at(y - height), self._at(x + width), self._at(y + height)]

    def done(self) -> Image.Image:
        return self.image.resize((EDGE, EDGE), Image.Resampling.LANCZOS)


def _hello(loaf: Loaf) -> None:
    loaf.eyes()
    loaf.arc(50, 62, 8, 7, 10, 170)
    turn = loaf.lean * 0.35
    loaf.line((80, 62), (92 + turn, 46 - abs(turn)), colour=CRUST, thick=6)
    loaf.oval(92 + turn, 44 - abs(turn), 5, 5, CRUMB)


def _love(loaf: Loaf) -> None:
    loaf.eyes("hearts")
    loaf.arc(50, 62, 9, 8, 10, 170)
    loaf.heart(84, 20, 8)
    loaf.heart(16, 28, 5)


def _laugh(loaf: Loaf) -> None:
    loaf.eyes("happy")
    loaf.pen.chord(loaf._box(50, 63, 11, 10), 0, 180, fill=INK)
    loaf.oval(50, 69, 6, 3, "#d9685a")
    for x in (22, 78):
        loaf.oval(x, 58, 3, 4, "#8cc9e6")


def _cry(loaf: Loaf) -> None:
    loaf.eyes("shut")
    loaf.arc(50, 74, 8, 7, 200, 340)
    for x in (37, 63):
        loaf.line((x, 58), (x, 78), colour="#8cc9e6", thick=5)
        loaf.oval(x, 80, 4, 5, "#8cc9e6")


def _sleep(loaf: Loaf) -> None:
    loaf.eyes("shut")
    loaf.oval(50, 66, 3.4, 3.8, INK)
    for x, y, size in ((78, 26, 5), (88, 14, 7)):
        loaf.line((x, y), (x + size, y), (x, y + size), (x + size, y + size), thick=2)


def _fine(loaf: Loaf) -> None:
    loaf.eyes()
    loaf.arc(50, 62, 9, 7, 10, 170)
    loaf.line((80, 66), (88, 60), colour=CRUST, thick=7)
    loaf.oval(90, 58, 6.5, 6, CRUMB)
    loaf.line((90, 56), (90, 45), colour=CRUMB, thick=5)


def _party(loaf: Loaf) -> None:
    loaf.eyes("happy")
    loaf.arc(50, 62, 10, 9, 0, 180)
    loaf.shape([(38, 24), (62, 24), (50, 2)], "#2e8b6f")
    loaf.oval(50, 3, 3.4, 3.4, "#e9b44c")
    for number in range(14):
        angle = number * 2.399
        x, y = 50 + 44 * math.cos(angle), 42 + 38 * math.sin(angle)
        if y < 40:
            loaf.oval(x, y, 2, 2, ["#d9483b", "#e9b44c", "#3f7fb5", "#2e8b6f"][number % 4])


def _tea(loaf: Loaf) -> None:
    loaf.eyes("happy")
    loaf.arc(50, 61, 6, 5, 10, 170)
    loaf.pen.rounded_rectangle([loaf._at(60), loaf._at(68), loaf._at(88), loaf._at(92)], loaf._at(5), fill="#3f7fb5")
    loaf.pen.arc(loaf._box(90, 79, 6, 6), 270, 90, fill="#3f7fb5", width=round(loaf._at(3)))
    loaf.oval(74, 69, 13, 3, "#7a4a26")
    for x in (70, 78):
        loaf.arc(x, 58, 3, 6, 90, 270, 1.6)


MOODS: dict[str, tuple[str, Pen]] = {
    "hello": ("Hello!", _hello),
    "love": ("Love it", _love),
    "laugh": ("Laughing", _laugh),
    "cry": ("In tears", _cry),
    "sleep": ("Good night", _sleep),
    "fine": ("All right", _fine),
    "party": ("Hooray!", _party),
    "tea": ("Tea?", _tea),
}


def sticker(mood: str) -> bytes:
    """A PNG; the one that waves moves."""
    _words, draw = MOODS[mood]
    leans = [0, 6, 12, 6, 0, -6] if mood == "hello" else [0]
    frames = []
    for lean in leans:
        loaf = Loaf(lean)
        draw(loaf)
        frames.append(loaf.done())
    return _packed(frames)


def emoji(name: str) -> bytes:
    return _packed([EMOJI[name]()])


def _packed(frames: list[Image.Image]) -> bytes:
    buffer = BytesIO()
    if len(frames) > 1:
        frames[0].save(buffer, "WEBP", lossless=True, save_all=True, append_images=frames[1:], duration=140, loop=0)
    else:
        frames[0].save(buffer, "PNG")
    return buffer.getvalue()


def _loaf() -> Image.Image:
    loaf = Loaf()
    loaf.eyes()
    loaf.arc(50, 62, 8, 7, 10, 170)
    return loaf.done()


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (192, 192))
    return image, ImageDraw.Draw(image)


def _jam() -> Image.Image:
    image, pen = _blank()
    pen.rounded_rectangle((40, 56, 152, 178), 22, fill="#b3263a")
    pen.rounded_rectangle((48, 24, 144, 62), 12, fill="#e9b44c")
    pen.rounded_rectangle((52, 92, 140, 144), 8, fill="#fff4df")
    pen.ellipse((82, 102, 110, 134), fill="#b3263a")
    pen.polygon([(84, 104), (108, 104), (96, 92)], fill="#2e8b6f")
    return image


def _lantern() -> Image.Image:
    image, pen = _blank()
    pen.line((96, 4, 96, 32), fill="#8a5a2b", width=6)
    pen.ellipse((28, 32, 164, 142), fill="#d43d2a")
    for inset in (24, 48):
        pen.ellipse((28 + inset, 32, 164 - inset, 142), outline="#f0b14a", width=4)
    pen.rounded_rectangle((70, 24, 122, 40), 6, fill="#f0b14a")
    pen.rounded_rectangle((70, 134, 122, 150), 6, fill="#f0b14a")
    for x in (84, 96, 108):
        pen.line((x, 150, x, 186), fill="#f0b14a", width=5)
    return image


def _dumpling() -> Image.Image:
    image, pen = _blank()
    pen.chord((12, 36, 180, 204), 180, 360, fill="#e6cfa5")
    pen.chord((20, 46, 172, 198), 180, 360, fill="#f8ead0")
    for x in range(34, 170, 22):
        pen.arc((x - 12, 40 + abs(x - 96) // 3, x + 12, 76 + abs(x - 96) // 3), 180, 360, fill="#c9a36a", width=5)
    pen.rounded_rectangle((12, 112, 180, 128), 8, fill="#e6cfa5")
    return image


def _teapot() -> Image.Image:
    image, pen = _blank()
    pen.ellipse((36, 62, 140, 168), fill="#2e8b6f")
    pen.arc((6, 76, 62, 142), 60, 300, fill="#2e8b6f", width=12)
    pen.polygon([(130, 100), (182, 70), (186, 84), (138, 138)], fill="#2e8b6f")
    pen.ellipse((60, 48, 116, 80), fill="#3da585")
    pen.ellipse((80, 34, 96, 52), fill="#e9b44c")
    return image


EMOJI: dict[str, Callable[[], Image.Image]] = {
    "loaf": _loaf,
    "jam": _jam,
    "lantern": _lantern,
    "dumpling": _dumpling,
    "teapot": _teapot,
}
