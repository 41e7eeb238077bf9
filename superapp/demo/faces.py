"""Draws the faces of the demo town: flat, friendly, each from a handful of choices, the same at every start."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

SIZE = 384
FINE = 3  # drawn this many times larger, then reduced, which makes the edges smooth

Colour = str | tuple[int, int, int]
SKIN = {
    "porcelain": "#f7d9c8", "peach": "#f2c6a5", "sand": "#e6b58c", "honey": "#d69d6b",
    "bronze": "#b97a4b", "umber": "#8f5a36", "cocoa": "#6b4128",
}  # fmt: skip
HAIR = {
    "black": "#221d22", "espresso": "#3b2620", "brown": "#5d3a26", "chestnut": "#834a2a", "copper": "#b5562a",
    "blond": "#dcae5e", "silver": "#c9c9d1", "plum": "#5b2a55", "teal": "#1f6d73",
}  # fmt: skip


@dataclass(frozen=True)
class Face:
    skin: str
    hair: str
    style: str  # bob, long, curls, short, bun, parted, afro, waves, fringe, bald, ponytail, scarf, buzz, braids, cap
    background: tuple[str, str]
    shirt: str
    scarf: str = ""
    glasses: str = ""  # round, square or none
    beard: str = ""  # full, stubble, moustache or none
    mouth: str = "smile"  # smile, grin or calm
    earrings: bool = False
    freckles: bool = False
    collar: str = "crew"  # crew, vee or shirt


def draw(face: Face) -> bytes:
    """A square PNG."""
    return _Painter(face).paint()


def mix(one: Colour, other: Colour, share: float) -> tuple[int, int, int]:
    """`one`, with `share` of `other` in it."""
    a, b = _rgb(one), _rgb(other)
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def _rgb(colour: Colour) -> tuple[int, int, int]:
    if isinstance(colour, tuple):
        return colour
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


class _Painter:
    """Coordinates are in hundredths of the picture's edge, from its middle, y downward."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.edge = SIZE * FINE
        self.skin = _rgb(SKIN[face.skin])
        self.shade = mix(self.skin, "#7a2e1d", 0.22)
        self.hair = _rgb(HAIR[face.hair])
        self.shine = mix(self.hair, "#ffffff", 0.14)
        self.image = Image.new("RGB", (self.edge, self.edge))
        self.pen = ImageDraw.Draw(self.image)

    def paint(self) -> bytes:
        self._background()
        getattr(self, f"_{self.face.style}_behind", lambda: None)()
        self._body()
        self._head()
        self._features()
        getattr(self, f"_{self.face.style}_before", lambda: None)()
        if self.face.glasses:
            self._glasses()
        frame = [self.edge * part for part in (0.085, 0.085, 0.915, 0.915)]
        small = self.image.crop(tuple(map(round, frame))).resize((SIZE, SIZE), Image.Resampling.LANCZOS)  # type: ignore[arg-type]
        buffer = BytesIO()
        small.save(buffer, "PNG")
        return buffer.getvalue()

    # --- tools ---

    def _x(self, value: float) -> float:
        return self.edge * (50 + value) / 100

    def _box(self, x: float, y: float, width: float, height: float) -> list[float]:
        return [self._x(x - width), self._x(y - height), self._x(x + width), self._x(y + height)]

    def oval(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.pen.ellipse(self._box(x, y, width, height), fill=colour)

    def both(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.oval(-x, y, width, height, colour)
        self.oval(x, y, width, height, colour)

    def round(self, x: float, y: float, width: float, height: float, radius: float, colour: Colour) -> None:
        self.pen.rounded_rectangle(self._box(x, y, width, height), self.edge * radius / 100, fill=colour)

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self.pen.polygon([(self._x(x), self._x(y)) for x, y in points], fill=colour)

    def arc(
        self, x: float, y: float, width: float, height: float, start: int, end: int, colour: Colour, thick: float
    ) -> None:
        line = round(self.edge * thick / 100)
        self.pen.arc(self._box(x, y, width, height), start, end, fill=colour, width=line)

    # --- parts ---

    def _background(self) -> None:
        top, bottom = self.face.background
        column = Image.new("RGB", (1, 64))
        for y in range(64):
            column.putpixel((0, y), mix(top, bottom, y / 63))
        self.image.paste(column.resize((self.edge, self.edge), Image.Resampling.BICUBIC))
        glow = Image.new("L", (self.edge // 8, self.edge // 8))
        ImageDraw.Draw(glow).ellipse([glow.width * part for part in (0.12, 0.05, 0.88, 0.81)], fill=70)
        glow = glow.filter(ImageFilter.GaussianBlur(glow.width / 12)).resize((self.edge, self.edge))
        self.image.paste(Image.new("RGB", (self.edge, self.edge), mix(top, "#ffffff", 0.75)), mask=glow)

    def _body(self) -> None:
        shirt = _rgb(self.face.shirt)
        self.round(0, 52, 34, 20, 17, mix(shirt, "#000000", 0.06))
        self.round(0, 53, 32, 20, 16, shirt)
        self.round(0, 24, 7.2, 13, 6, self.shade)
        if self.face.collar == "vee":
            self.shape([(-9.5, 32.2), (9.5, 32.2), (0, 45)], self.skin)
            self.oval(0, 32, 9.5, 3.2, self.shade)
        elif self.face.collar == "shirt":
            self.oval(0, 33, 9.5, 5, self.skin)
            self.shape([(-10.5, 30.5), (0, 40), (-10, 45)], mix(shirt, "#ffffff", 0.55))
            self.shape([(10.5, 30.5), (0, 40), (10, 45)], mix(shirt, "#ffffff", 0.55))
        else:
            self.oval(0, 32.5, 11, 5, mix(shirt, "#000000", 0.13))
            self.oval(0, 31.6, 9.4, 4.2, self.skin)
        self.oval(0, 24, 8, 6, self.shade)

    def _head(self) -> None:
        if self.face.style != "scarf":
            self.both(21.5, 3, 4.4, 5.6, self.skin)
            self.both(21.8, 3.4, 2, 3, self.shade)
            if self.face.earrings:
                self.both(22.4, 9.6, 1.5, 1.9, "#f2c14e")
        self.round(0, -1, 21, 25, 20, self.skin)
        self.oval(0, 8, 19.2, 17.6, self.skin)

    def _features(self) -> None:
        brow = mix(self.hair, "#2a1a16", 0.35) if self.face.hair != "silver" else _rgb("#8a8a92")
        ink = "#2b2024"
        cheek = mix(self.skin, "#e5484d", 0.24)
        self.both(12.4, 10.5, 4, 2.7, cheek)
        if self.face.freckles:
            for x, y in ((-13, 8.3), (-10.4, 9.6), (-14.6, 10.6), (13, 8.3), (10.4, 9.6), (14.6, 10.6)):
                self.oval(x, y, 0.6, 0.6, self.shade)
        self.both(8.6, 2.4, 2.35, 3, ink)
        self.oval(-7.9, 1.4, 0.85, 1, "#ffffff")
        self.oval(9.3, 1.4, 0.85, 1, "#ffffff")
        self.arc(-8.6, -2.2, 4.6, 3.2, 205, 325, brow, 1.25)
        self.arc(8.6, -2.2, 4.6, 3.2, 215, 335, brow, 1.25)
        self.arc(0.4, 7.2, 2.1, 2.1, 20, 160, self.shade, 1.1)
        if self.face.beard:
            self._beard()
        lip = "#9c3b3a" if self.face.beard != "full" else "#c8645c"
        if self.face.mouth == "grin":
            self.pen.chord(self._box(0, 12.6, 6, 5.2), 0, 180, fill="#7a2a30")
            self.pen.chord(self._box(0, 12.6, 5, 2.4), 0, 180, fill="#ffffff")
        elif self.face.mouth == "calm":
            self.arc(0, 11.6, 4, 3, 40, 140, lip, 1.2)
        else:
            self.arc(0, 10.6, 5.6, 4.8, 25, 155, lip, 1.35)

    def _beard(self) -> None:
        if self.face.beard == "moustache":
            self.oval(-3, 11.4, 4, 1.5, self.hair)
            self.oval(3, 11.4, 4, 1.5, self.hair)
            return
        colour = self.hair if self.face.beard == "full" else mix(self.skin, self.hair, 0.28)
        mask = Image.new("L", self.image.size)
        pen = ImageDraw.Draw(mask)
        pen.ellipse(self._box(0, 9.4, 20.6, 17.4), fill=255)
        pen.ellipse(self._box(0, 1.2, 17.6, 11.4), fill=0)
        pen.rectangle([0, 0, self.edge, self._x(3.5)], fill=0)
        self.image.paste(Image.new("RGB", self.image.size, colour), mask=mask)
        self.oval(0, 13.6, 5.6, 3.6, self.skin if self.face.beard == "stubble" else mix(colour, "#000000", 0.12))

    def _glasses(self) -> None:
        line = round(self.edge * 0.011)
        colour = "#2d2a32" if self.face.glasses == "round" else "#59392b"
        for x in (-8.8, 8.8):
            box = self._box(x, 2.6, 6.2, 5.6)
            if self.face.glasses == "round":
                self.pen.ellipse(box, outline=colour, width=line)
            else:
                self.pen.rounded_rectangle(box, self.edge * 0.025, outline=colour, width=line)
        self.arc(0, 2.6, 2.8, 2.2, 200, 340, colour, 1.1)
        for x in (-18.2, 18.2):
            self.pen.line([self._x(x * 0.82), self._x(1.6), self._x(x * 1.1), self._x(0.6)], fill=colour, width=line)

    # --- hair, behind the head and before it ---

    def _cap_of_hair(self, top: float = -26.5, depth: float = 9.5, line: float = -10) -> None:
        """The upper head in hair down to a hairline."""
        mask = Image.new("L", self.image.size)
        pen = ImageDraw.Draw(mask)
        pen.ellipse(self._box(0, -4, 22.6, -top - 2.5), fill=255)
        pen.ellipse(self._box(0, line + depth + 6.5, 19.4, depth + 6.5), fill=0)
        pen.rectangle([0, self._x(4), self.edge, self.edge], fill=0)
        self.image.paste(Image.new("RGB", self.image.size, self.hair), mask=mask)

    def _sheen(self, x: float = -7, y: float = -20) -> None:
        self.arc(x, y + 4, 9, 5, 200, 290, self.shine, 1.3)

    def _short_before(self) -> None:
        self._cap_of_hair(line=-11)
        self.shape(
            [(-21, -12), (-13, -22), (6, -23), (20, -16), (21.5, -6), (14, -13.5), (2, -12.5), (-9, -14.5)], self.hair
        )
        self._sheen()

    def _buzz_before(self) -> None:
        self.hair = mix(self.skin, self.hair, 0.78)
        self._cap_of_hair(top=-25, line=-12.5)

    def _parted_before(self) -> None:
        self._cap_of_hair(line=-9)
        self.oval(-11, -15.5, 13, 8.5, self.hair)
        self.oval(12, -16, 11, 8, self.hair)
        self._sheen()

    def _bob_behind(self) -> None:
        self.round(0, 1, 27, 25, 21, mix(self.hair, "#000000", 0.1))

    def _bob_before(self) -> None:
        self._cap_of_hair(top=-28, line=-8)
        self.shape([(-23, -8), (-25.5, 10), (-23, 19), (-18.4, 15), (-19.6, -6)], self.hair)
        self.shape([(23, -8), (25.5, 10), (23, 19), (18.4, 15), (19.6, -6)], self.hair)
        self.pen.chord(self._box(0, -8, 20.6, 14.5), 180, 360, fill=self.hair)
        self._sheen()

    def _fringe_behind(self) -> None:
        self.round(0, 9, 25, 33, 20, mix(self.hair, "#000000", 0.12))

    def _fringe_before(self) -> None:
        self._bob_before()
        for x in (-14, -7, 0, 7, 14):
            self.round(x, -9, 3.8, 5.4 - abs(x) / 8, 2, self.hair)

    def _long_behind(self) -> None:
        self.round(0, 11, 27, 37, 22, mix(self.hair, "#000000", 0.1))

    def _long_before(self) -> None:
        self._cap_of_hair(top=-28, line=-10)
        self.shape([(-2, -24), (-17, -19), (-23.4, -6), (-25, 18), (-19, 16), (-18.4, -3), (-8, -13)], self.hair)
        self.shape([(-2, -24), (15, -20), (23.4, -6), (25, 18), (19, 16), (18.4, -3), (9, -12)], self.hair)
        self._sheen()

    def _waves_behind(self) -> None:
        back = mix(self.hair, "#000000", 0.1)
        for x, y, radius in ((22, -4, 8), (24, 8, 9), (24.5, 20, 9), (20, 30, 9)):
            self.both(x, y, radius, radius, back)
        self.round(0, 6, 22, 30, 18, back)

    def _waves_before(self) -> None:
        self._cap_of_hair(top=-28, line=-10)
        self.oval(-10, -17, 14, 9, self.hair)
        self.oval(13, -16, 10.5, 9, self.hair)
        self.both(22, -3, 3.6, 9, self.hair)
        self._sheen()

    def _curls_behind(self) -> None:
        back = mix(self.hair, "#000000", 0.12)
        for x, y in ((20, -16), (24, -5), (25, 7), (21, 17)):
            self.both(x, y, 8.5, 8.5, back)

    def _curls_before(self) -> None:
        for x, y, radius in (
            (-18, -14, 7), (-11, -20.5, 8), (-1, -23, 8.5), (9, -21.5, 8), (17, -15, 7.5),
            (-21.5, -5, 4.6), (21.5, -5, 4.6),
        ):  # fmt: skip
            self.oval(x, y, radius, radius, self.hair)
        for x, y in ((-12, -21), (-1, -23.5), (10, -21.5)):
            self.arc(x, y, 4.6, 4.6, 190, 290, self.shine, 1.1)

    def _afro_behind(self) -> None:
        self.oval(0, -10, 31, 29, mix(self.hair, "#000000", 0.1))
        for x, y in ((-27, -18), (-18, -31), (0, -36), (18, -31), (27, -18), (29, -4), (-29, -4)):
            self.oval(x, y, 8, 8, mix(self.hair, "#000000", 0.1))

    def _afro_before(self) -> None:
        self._cap_of_hair(top=-28, line=-11.5)

    def _bun_behind(self) -> None:
        self.oval(0, -31, 9.5, 9, self.hair)
        self.arc(-1, -32, 5.5, 5, 200, 300, self.shine, 1.2)

    def _bun_before(self) -> None:
        self._cap_of_hair(top=-27, line=-10.5)
        self._sheen()

    def _ponytail_behind(self) -> None:
        self.oval(21, 6, 9, 25, mix(self.hair, "#000000", 0.12))

    def _ponytail_before(self) -> None:
        self._cap_of_hair(top=-27.5, line=-10)
        self.shape([(-21.5, -3), (-20, -16), (-5, -24), (14, -21), (-4, -13.5), (-15, -8)], self.hair)
        self._sheen()

    def _braids_behind(self) -> None:
        for step in range(6):
            self.both(21.5 + step * 0.5, 4 + step * 7, 5.4, 5.2, mix(self.hair, "#000000", 0.1 if step % 2 else 0))
        self.both(24, 45, 4, 2, "#e4572e")

    def _braids_before(self) -> None:
        self._cap_of_hair(top=-27.5, line=-9)
        self.pen.line(
            [self._x(0), self._x(-29), self._x(0), self._x(-11)], fill=self.shade, width=round(self.edge * 0.008)
        )
        self._sheen()

    def _cap_before(self) -> None:
        self._cap_of_hair(line=-8)
        cap = _rgb(self.face.scarf)
        self.pen.chord(self._box(0, -9, 23.6, 21), 180, 360, fill=cap)
        self.round(8, -9.6, 24, 2.7, 2.7, mix(cap, "#000000", 0.2))
        self.oval(0, -29.5, 2, 1.5, mix(cap, "#000000", 0.2))

    def _scarf_behind(self) -> None:
        cloth = _rgb(self.face.scarf)
        self.round(0, 4, 26.5, 33, 24, mix(cloth, "#000000", 0.16))
        self.oval(0, 34, 27, 17, mix(cloth, "#000000", 0.1))

    def _scarf_before(self) -> None:
        cloth = _rgb(self.face.scarf)
        mask = Image.new("L", self.image.size)
        pen = ImageDraw.Draw(mask)
        pen.ellipse(self._box(0, -1, 25.5, 29.5), fill=255)
        pen.ellipse(self._box(0, 3.6, 17.4, 19.2), fill=0)
        self.image.paste(Image.new("RGB", self.image.size, cloth), mask=mask)
        self.shape([(-20, 21), (19, 22), (26, 36), (4, 46), (-25, 38)], cloth)
        self.oval(0, 27.5, 17, 5.6, cloth)
        fold = mix(cloth, "#000000", 0.16)
        self.arc(3, 22, 21, 15, 20, 130, fold, 1)
        self.arc(-5, 16, 24, 28, 60, 130, fold, 1)
        self.arc(0, 3.6, 17.9, 19.8, 180, 360, mix(cloth, "#ffffff", 0.28), 0.9)
