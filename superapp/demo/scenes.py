"""Draws the pictures people of the demo town share: landscapes, cities and still lifes, the same at every start."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from .faces import Colour, mix

WIDTH, HEIGHT = 1600, 1200  # the paper that scenes are composed on
FINE = 1.35  # pixels that are drawn to one of the paper
SMOOTH = 2  # drawn pixels that become one of the picture, which makes the edges smooth: 1080 to 810

SKIES = {
    "dawn": ("#3b4d8f", "#f08a8a", "#ffd9a0"),
    "noon": ("#3f8fd6", "#8cc8f2", "#e3f4ff"),
    "dusk": ("#2b2157", "#c0507a", "#ffb26b"),
    "night": ("#0b1030", "#1d2a5e", "#4a4f8f"),
    "mist": ("#9fb8c4", "#cfdcdc", "#f1eee4"),
    "rain": ("#46586b", "#78899a", "#b4bfc6"),
    "mint": ("#2f8f8b", "#8ad1b8", "#fdf3c8"),
}


def draw(name: str, number: int = 0) -> bytes:
    """A JPEG of the scene `name`; `number` varies it."""
    seed = random.Random(f"{name}/{number}")
    canvas = _Canvas(seed)
    SCENES[name](canvas)
    buffer = BytesIO()
    canvas.image.reduce(SMOOTH).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


class _Pen:
    """ImageDraw, with coordinates and widths of the paper."""

    def __init__(self, brush: ImageDraw.ImageDraw) -> None:
        self._brush = brush

    def __getattr__(self, shape: str) -> Callable[..., None]:
        draw = getattr(self._brush, shape)

        def scaled(points: Sequence[Any], *rest: Any, width: int = 1, **options: Any) -> None:
            if isinstance(points[0], tuple):
                points = [(x * FINE, y * FINE) for x, y in points]
            else:
                points = [value * FINE for value in points]
            if shape in ("rectangle", "rounded_rectangle", "ellipse") and points[2] < points[0]:
                return
            rest = tuple(value * FINE for value in rest) if shape == "rounded_rectangle" else rest
            if shape in ("line", "arc") or width > 1:
                options["width"] = round(width * FINE)
            draw(points, *rest, **options)

        return scaled


class _Ink:
    """ImageDraw that draws in one colour where a mask would be filled."""

    def __init__(self, brush: ImageDraw.ImageDraw, colour: tuple[int, int, int]) -> None:
        self._brush, self._colour = brush, colour

    def __getattr__(self, shape: str) -> Callable[..., None]:
        draw = getattr(self._brush, shape)

        def coloured(*rest: Any, **options: Any) -> None:
            for name in ("fill", "outline"):
                if options.get(name) == 255:
                    options[name] = self._colour
            if "width" in options:
                options["width"] = round(options["width"])
            draw(*rest, **options)

        return coloured


class _Canvas:
    def __init__(self, seed: random.Random) -> None:
        self.seed = seed
        self.image = Image.new("RGB", (round(WIDTH * FINE), round(HEIGHT * FINE)))
        self.brush = ImageDraw.Draw(self.image)
        self.pen = _Pen(self.brush)

    # --- tools ---

    def sky(self, name: str, until: float = 1.0) -> None:
        colours = SKIES[name]
        column = Image.new("RGB", (1, 120))
        for y in range(120):
            place = min(1.0, y / 119 / until) * (len(colours) - 1)
            index = min(int(place), len(colours) - 2)
            column.putpixel((0, y), mix(colours[index], colours[index + 1], place - index))
        self._fill(column)

    def _fill(self, column: Image.Image) -> None:
        """The whole picture in the colours of a column of one pixel's width."""
        tall = column.resize((1, self.image.height), Image.Resampling.BICUBIC)
        self.image.paste(tall.resize(self.image.size, Image.Resampling.NEAREST))

    def plain(self, top: Colour, bottom: Colour) -> None:
        column = Image.new("RGB", (1, 60))
        for y in range(60):
            column.putpixel((0, y), mix(top, bottom, y / 59))
        self._fill(column)

    def smooth(
        self,
        painter: Callable[[Any, float], None],
        colour: Colour,
        blur: float = 0,
        strength: int = 255,
    ) -> None:
        """What `painter` draws, in one colour; with `blur`, through a soft mask of a quarter of the size."""
        if not blur:
            painter(_Ink(self.brush, mix(colour, colour, 0)), FINE)
            return
        mask = Image.new("L", (WIDTH // 4, HEIGHT // 4))
        painter(ImageDraw.Draw(mask), 0.25)
        mask = mask.filter(ImageFilter.GaussianBlur(blur / 4)).point(lambda value: value * strength // 255)
        if (box := mask.getbbox()) is None:
            return
        left, top, right, bottom = place = [round(edge * 4 * FINE) for edge in box]
        soft = mask.crop(box).resize((right - left, bottom - top), Image.Resampling.BILINEAR)
        self.image.paste(mix(colour, colour, 0), tuple(place), soft)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.smooth(
            lambda pen, s: pen.ellipse(
                [(x - radius) * s, (y - radius) * s, (x + radius) * s, (y + radius) * s], fill=255
            ),
            colour,
        )

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: int = 150) -> None:
        q = 0.25
        self.smooth(
            lambda pen, s: pen.ellipse(
                [(x - radius) * q, (y - radius) * q, (x + radius) * q, (y + radius) * q], fill=255
            ),
            colour,
            blur=radius * 0.7,
            strength=strength,
        )

    def area(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self.smooth(lambda pen, s: pen.polygon([(x * s, y * s) for x, y in points], fill=255), colour)

    def hills(self, base: float, height: float, colour: Colour, waves: int = 3, jagged: bool = False) -> None:
        """A ridge across the picture, down to its lower edge."""
        phases = [(self.seed.uniform(0, 6.3), self.seed.uniform(0.6, 1.4)) for _ in range(4)]
        points: list[tuple[float, float]] = [(0, HEIGHT)]
        steps = 26 if jagged else 110
        for step in range(steps + 1):
            x = step / steps
            y = sum(
                math.sin(x * 6.3 * waves * 0.35 * (k + 1) * pace + phase) / (k + 1.6)
                for k, (phase, pace) in enumerate(phases)
            )
            if jagged:
                y += self.seed.uniform(-0.55, 0.55)
            points.append((x * WIDTH, base - height * (y * 0.5 + 0.5)))
        points.append((WIDTH, HEIGHT))
        self.area(points, colour)

    def stars(self, count: int, until: float) -> None:
        for _ in range(count):
            x, y = self.seed.uniform(0, WIDTH), self.seed.uniform(0, until)
            size = self.seed.choice((1, 1, 2, 3))
            self.pen.ellipse(
                [x - size, y - size, x + size, y + size], fill=mix("#ffffff", "#8fa0ff", self.seed.random())
            )

    def cloud(self, x: float, y: float, size: float, colour: Colour = "#ffffff", strength: int = 235) -> None:
        def puffs(pen: Any, s: float) -> None:
            for dx, dy, radius in ((-1.2, 0.1, 0.55), (-0.45, -0.25, 0.75), (0.4, -0.15, 0.62), (1.1, 0.15, 0.45)):
                cx, cy, r = (x + dx * size) * s, (y + dy * size) * s, radius * size * s
                pen.ellipse([cx - r, cy - r, cx + r, cy + r], fill=255)
            pen.rounded_rectangle(
                [(x - 1.7 * size) * s, y * s, (x + 1.5 * size) * s, (y + 0.58 * size) * s], 0.3 * size * s, fill=255
            )

        self.smooth(puffs, colour, strength=strength)

    def tree(self, x: float, y: float, size: float, colour: Colour) -> None:
        self.pen.rectangle([x - size * 0.07, y - size * 0.4, x + size * 0.07, y], fill=mix("#5b3a29", colour, 0.25))
        for dx, dy, r in ((-0.22, -0.62, 0.3), (0.22, -0.6, 0.3), (0, -0.88, 0.36)):
            self.pen.ellipse(
                [x + (dx - r) * size, y + (dy - r) * size, x + (dx + r) * size, y + (dy + r) * size], fill=colour
            )

    def pine(self, x: float, y: float, size: float, colour: Colour) -> None:
        for level in range(3):
            top, half = y - size * (1 - level * 0.24), size * (0.2 + level * 0.09)
            self.pen.polygon([(x, top), (x - half, top + size * 0.42), (x + half, top + size * 0.42)], fill=colour)
        self.pen.rectangle([x - size * 0.04, y - size * 0.12, x + size * 0.04, y], fill=mix(colour, "#000000", 0.4))

    def skyline(
        self, base: float, tallest: float, colour: Colour, lights: Colour | None, width: tuple[int, int] = (60, 150)
    ) -> None:
        x = -30.0
        while x < WIDTH:
            wide, tall = self.seed.randint(*width), tallest * self.seed.uniform(0.35, 1)
            shade = mix(colour, "#000000", self.seed.uniform(0, 0.16))
            self.pen.rectangle([x, base - tall, x + wide, HEIGHT], fill=shade)
            if self.seed.random() < 0.25:
                self.pen.rectangle([x + wide * 0.47, base - tall - 60, x + wide * 0.53, base - tall], fill=shade)
            if lights:
                for row in range(int(tall // 34)):
                    for column in range(int(wide // 26)):
                        if self.seed.random() < 0.45:
                            left, top = x + 9 + column * 26, base - tall + 14 + row * 34
                            warm = mix(
                                lights, self.seed.choice(("#ffffff", "#ff9d5c", "#8fd3ff")), self.seed.uniform(0, 0.6)
                            )
                            self.pen.rectangle([left, top, left + 12, top + 17], fill=warm)
            x += wide + self.seed.choice((0, 0, 8, 16))

    def water(self, top: float, colour: Colour, gleam: Colour, x: float | None = None) -> None:
        self.area([(0, top), (WIDTH, top), (WIDTH, HEIGHT), (0, HEIGHT)], colour)
        for row in range(42):
            depth = row / 42
            y = top + (HEIGHT - top) * depth**1.4
            for _ in range(3):
                centre = self.seed.gauss(x, 40 + 260 * depth) if x is not None else self.seed.uniform(0, WIDTH)
                half = self.seed.uniform(12, 60) * (0.5 + depth)
                self.pen.rounded_rectangle(
                    [centre - half, y, centre + half, y + 3 + 5 * depth],
                    4,
                    fill=mix(colour, gleam, 0.35 + 0.4 * self.seed.random()),
                )

    def table(self, top: float, colour: Colour) -> None:
        self.area([(0, top), (WIDTH, top), (WIDTH, HEIGHT), (0, HEIGHT)], colour)
        for _ in range(14):
            y = self.seed.uniform(top + 12, HEIGHT)
            x = self.seed.uniform(-200, WIDTH)
            self.pen.rounded_rectangle(
                [x, y, x + self.seed.uniform(200, 700), y + 4], 2, fill=mix(colour, "#000000", 0.06)
            )

    def oval(self, x: float, y: float, wide: float, tall: float, colour: Colour) -> None:
        self.smooth(
            lambda pen, s: pen.ellipse([(x - wide) * s, (y - tall) * s, (x + wide) * s, (y + tall) * s], fill=255),
            colour,
        )

    def shadow(self, x: float, y: float, wide: float, tall: float) -> None:
        q = 0.25
        self.smooth(
            lambda pen, s: pen.ellipse([(x - wide) * q, (y - tall) * q, (x + wide) * q, (y + tall) * q], fill=255),
            "#20130d",
            blur=30,
            strength=90,
        )

    def steam(self, x: float, y: float) -> None:
        for offset in (-46, 0, 46):
            points = [(x + offset + math.sin(step / 4 + offset) * 15, y - step * 12) for step in range(17)]

            def wisp(pen: Any, s: float, points: list[tuple[float, float]] = points) -> None:
                pen.line([(px * 0.25, py * 0.25) for px, py in points], fill=255, width=4)

            self.smooth(wisp, "#ffffff", blur=9, strength=120)


# --- scenes ---


def _mountains(canvas: _Canvas) -> None:
    sky = canvas.seed.choice(("dawn", "dusk", "mint"))
    canvas.sky(sky, 0.75)
    x, y = canvas.seed.uniform(400, 1200), canvas.seed.uniform(330, 480)
    canvas.glow(x, y, 330, "#fff2cf", 170)
    canvas.disc(x, y, 84, "#fff4d9")
    near = {"dawn": "#2d3566", "dusk": "#2a1b4b", "mint": "#14534f"}[sky]
    for layer in range(5):
        canvas.hills(
            690 + layer * 115, 330 - layer * 42, mix(SKIES[sky][1], near, 0.25 + layer * 0.18), jagged=layer < 2
        )
    for _ in range(34):
        size = canvas.seed.uniform(70, 170)
        canvas.pine(
            canvas.seed.uniform(0, WIDTH), HEIGHT + 10 - canvas.seed.uniform(0, 60), size, mix(near, "#000000", 0.35)
        )


def _sea(canvas: _Canvas) -> None:
    sky = canvas.seed.choice(("dusk", "dawn", "noon"))
    canvas.sky(sky, 0.56)
    x = canvas.seed.uniform(450, 1150)
    canvas.glow(x, 560, 360, "#fff0c9", 190)
    canvas.disc(x, 560, 96, "#fff3d6")
    canvas.water(640, mix(SKIES[sky][0], SKIES[sky][1], 0.35), SKIES[sky][2], x)
    boat = x + canvas.seed.choice((-330, 300))
    canvas.area([(boat - 90, 742), (boat + 100, 742), (boat + 62, 786), (boat - 60, 786)], "#2a2233")
    canvas.area([(boat - 4, 732), (boat - 4, 560), (boat + 92, 732)], "#fff7ea")
    canvas.area([(boat - 14, 732), (boat - 14, 600), (boat - 74, 732)], "#f0dcc8")


def _city(canvas: _Canvas) -> None:
    canvas.sky("night", 0.9)
    canvas.stars(170, 560)
    canvas.disc(canvas.seed.uniform(250, 1350), 210, 66, "#f6efd8")
    canvas.glow(800, 900, 700, "#8a5a9e", 110)
    canvas.skyline(900, 430, "#26305f", None, (50, 110))
    canvas.skyline(1010, 520, "#171d42", "#ffd27a")
    canvas.water(1030, "#0d1230", "#ffcf87")


def _street(canvas: _Canvas) -> None:
    canvas.sky("rain", 0.8)
    canvas.skyline(820, 520, "#5b6a7c", "#ffe2a8", (110, 210))
    canvas.area([(0, 860), (WIDTH, 860), (WIDTH, HEIGHT), (0, HEIGHT)], "#3c4654")
    for x in (220.0, 620.0, 1020.0, 1420.0):
        canvas.glow(x, 470, 120, "#ffd98f", 170)
        canvas.pen.rectangle([x - 5, 480, x + 5, 880], fill="#2a323d")
        canvas.disc(x, 470, 24, "#fff2cf")
        canvas.glow(x, 1000, 130, "#ffcf87", 90)
    for _ in range(6):
        x, colour = (
            canvas.seed.uniform(80, 1520),
            canvas.seed.choice(("#e4572e", "#2e86ab", "#f2c14e", "#7b4b94", "#3a9d73")),
        )
        canvas.smooth(
            lambda pen, s, x=x: pen.chord([(x - 78) * s, 806 * s, (x + 78) * s, 940 * s], 180, 360, fill=255), colour
        )
        canvas.pen.line([x, 868, x, 990], fill="#20262e", width=6)
        canvas.pen.rounded_rectangle([x - 34, 905, x + 34, 1080], 30, fill=mix(colour, "#20262e", 0.65))
    for _ in range(230):
        x, y = canvas.seed.uniform(0, WIDTH), canvas.seed.uniform(0, HEIGHT)
        canvas.pen.line([x, y, x - 8, y + 34], fill="#a9b6c2", width=2)


def _field(canvas: _Canvas) -> None:
    canvas.sky("noon", 0.6)
    canvas.glow(1250, 200, 260, "#fffbe0", 200)
    for _ in range(4):
        canvas.cloud(canvas.seed.uniform(100, 1500), canvas.seed.uniform(130, 420), canvas.seed.uniform(60, 120))
    for layer, colour in enumerate(("#8fc27a", "#6fb060", "#4e9650", "#3a7f45")):
        canvas.hills(740 + layer * 120, 150, colour, waves=2)
    for _ in range(9):
        canvas.tree(
            canvas.seed.uniform(40, 1560),
            canvas.seed.uniform(790, 900),
            canvas.seed.uniform(110, 190),
            canvas.seed.choice(("#2f7a3d", "#3f8f4a", "#26683a")),
        )
    for _ in range(420):
        x, y = canvas.seed.uniform(0, WIDTH), canvas.seed.uniform(1000, HEIGHT)
        r = 3 + (y - 1000) / 40
        canvas.pen.ellipse(
            [x - r, y - r, x + r, y + r], fill=canvas.seed.choice(("#ffd23f", "#ff8fab", "#ffffff", "#e4572e"))
        )


def _terraces(canvas: _Canvas) -> None:
    canvas.sky("mist", 0.5)
    canvas.glow(420, 330, 220, "#fff6dc", 200)
    canvas.hills(560, 260, "#aabfb4", jagged=True)
    canvas.hills(640, 200, "#86a89a")
    greens = ("#5f9c6a", "#79b06b", "#93c17a", "#6aa86f", "#4c8f5f")
    for row in range(12):
        y, phase = 640 + row * 52, row * 0.9
        ridge = [(x, y + math.sin(x / 210 + phase) * 26 + math.sin(x / 90 + row) * 6) for x in range(0, WIDTH + 20, 20)]
        canvas.area([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], greens[row % 5])
        canvas.pen.line([(x, py + 4) for x, py in ridge], fill="#d8ebd9", width=5)


def _desert(canvas: _Canvas) -> None:
    canvas.sky("dusk", 0.62)
    canvas.stars(60, 260)
    canvas.disc(1130, 430, 110, "#ffd9a8")
    for layer, colour in enumerate(("#c9705a", "#b55a4b", "#93433f", "#6b2f38")):
        canvas.hills(760 + layer * 125, 190, colour, waves=2)
    for step in range(4):
        x, y = 470 + step * 150, 884 - step * 6
        canvas.pen.ellipse([x - 44, y - 40, x + 44, y + 6], fill="#2d1722")
        canvas.pen.polygon([(x - 26, y - 34), (x - 6, y - 72), (x + 18, y - 34)], fill="#2d1722")
        canvas.pen.line([x + 38, y - 18, x + 62, y - 62, x + 78, y - 64], fill="#2d1722", width=13)
        for leg in (-32, -18, 18, 32):
            canvas.pen.line([x + leg, y, x + leg, y + 52], fill="#2d1722", width=8)


def _aurora(canvas: _Canvas) -> None:
    canvas.sky("night", 0.85)
    canvas.stars(260, 760)
    for ribbon, colour in enumerate(("#49f2a4", "#3ad6c6", "#8f7bff")):
        phase = canvas.seed.uniform(0, 6)
        upper = [(x, 240 + ribbon * 70 + math.sin(x / 240 + phase) * 90) for x in range(0, WIDTH + 40, 40)]
        lower = [(x, y + 260) for x, y in reversed(upper)]

        def band(pen: Any, s: float, points: list[tuple[float, float]] = [*upper, *lower]) -> None:  # noqa: B006
            pen.polygon([(x * 0.25, y * 0.25) for x, y in points], fill=255)

        canvas.smooth(band, colour, blur=110, strength=125)
    canvas.hills(930, 210, "#141b3d", jagged=True)
    canvas.hills(1060, 120, "#e9f1ff", waves=2)
    for _ in range(26):
        canvas.pine(
            canvas.seed.uniform(0, WIDTH), canvas.seed.uniform(1040, 1190), canvas.seed.uniform(70, 170), "#0d1630"
        )


def _blossom(canvas: _Canvas) -> None:
    canvas.plain("#bfe3f5", "#fdeff4")
    canvas.hills(900, 160, "#b8d8b0")
    canvas.hills(1040, 90, "#93c48f")
    for x, y, lean in ((-40.0, 1140.0, 1), (1640.0, 1100.0, -1)):
        for branch in range(5):
            tip = (x + lean * (260 + branch * 150), 330 + branch * 90 - (branch % 2) * 150)
            canvas.pen.line([x, y, x + lean * 150, y - 420, *tip], fill="#5b3a35", width=34 - branch * 4, joint="curve")
            for _ in range(70):
                bx, by = tip[0] + canvas.seed.gauss(0, 120), tip[1] + canvas.seed.gauss(0, 70)
                r = canvas.seed.uniform(9, 24)
                canvas.pen.ellipse(
                    [bx - r, by - r, bx + r, by + r],
                    fill=canvas.seed.choice(("#f7b7cf", "#f48fb1", "#ffdce8", "#ffffff")),
                )
    for _ in range(90):
        x, y = canvas.seed.uniform(0, WIDTH), canvas.seed.uniform(200, HEIGHT)
        canvas.pen.ellipse([x, y, x + 14, y + 8], fill="#f9c6d9")


def _tea(canvas: _Canvas) -> None:
    top = canvas.seed.choice((("#f6e7d2", "#e8cfae"), ("#dfe8e0", "#b9cec2"), ("#f5dcd3", "#e3b8a6")))
    canvas.plain(*top)
    canvas.glow(1250, 180, 380, "#ffffff", 150)
    canvas.table(760, "#a86b43")
    cup = canvas.seed.choice(("#2f6f5e", "#f5f1e8", "#c8553d", "#30638e"))
    canvas.shadow(800, 985, 430, 60)
    canvas.oval(800, 960, 400, 62, mix(cup, "#ffffff", 0.35))
    canvas.oval(800, 950, 290, 40, mix(cup, "#ffffff", 0.2))
    canvas.smooth(lambda pen, s: pen.ellipse([1000 * s, 640 * s, 1190 * s, 850 * s], outline=255, width=36 * s), cup)
    canvas.smooth(lambda pen, s: pen.rounded_rectangle([540 * s, 560 * s, 1060 * s, 940 * s], 190 * s, fill=255), cup)
    canvas.area([(540, 570), (1060, 570), (1060, 760), (540, 760)], cup)
    canvas.oval(800, 570, 260, 66, mix(cup, "#000000", 0.15))
    canvas.oval(800, 578, 236, 52, canvas.seed.choice(("#8a4b20", "#b98a3c", "#5a2f18")))
    canvas.oval(740, 566, 70, 12, "#d9a86a")
    canvas.steam(800, 500)


def _noodles(canvas: _Canvas) -> None:
    canvas.plain("#c8453b", "#8f2c2c")
    canvas.table(640, "#5d3a2b")
    canvas.shadow(800, 940, 560, 90)
    canvas.oval(800, 800, 520, 330, "#f4efe6")
    canvas.oval(800, 770, 450, 268, "#20465c")
    canvas.oval(800, 775, 425, 248, "#d98b3a")
    for _ in range(46):
        x, y = 800 + canvas.seed.gauss(0, 150), 790 + canvas.seed.gauss(0, 70)
        r = canvas.seed.uniform(50, 150)
        start = canvas.seed.randint(0, 300)
        canvas.pen.arc(
            [x - r, y - r * 0.55, x + r, y + r * 0.55],
            start,
            start + 130,
            fill=canvas.seed.choice(("#f6dc9c", "#f0cc7c", "#ffe9b8")),
            width=13,
        )
    for x, y in ((620, 690), (1000, 730)):
        canvas.oval(x, y, 105, 82, "#fffdf7")
        canvas.oval(x + 6, y, 50, 44, "#f6a623")
    for _ in range(34):
        x, y = 800 + canvas.seed.gauss(0, 180), 770 + canvas.seed.gauss(0, 90)
        canvas.pen.ellipse([x - 15, y - 11, x + 15, y + 11], outline="#4f9d4c", width=7)
    canvas.area([(1120, 420), (1150, 410), (880, 830), (860, 820)], "#2a1a14")
    canvas.area([(1200, 440), (1230, 434), (930, 850), (912, 838)], "#3a241b")
    canvas.steam(760, 500)


def _books(canvas: _Canvas) -> None:
    canvas.plain("#274156", "#1c2f40")
    canvas.glow(1180, 300, 420, "#ffcf87", 150)
    canvas.table(880, "#8b5e3c")
    y = 880.0
    for colour in canvas.seed.sample(("#e4572e", "#f2c14e", "#2e86ab", "#f5efe6", "#7b4b94", "#3a9d73", "#d1495b"), 5):
        tall, left, wide = canvas.seed.uniform(62, 96), canvas.seed.uniform(290, 360), canvas.seed.uniform(560, 680)
        y -= tall
        canvas.pen.rounded_rectangle([left, y, left + wide, y + tall], 10, fill=colour)
        canvas.pen.rectangle([left + 46, y + 8, left + 60, y + tall - 8], fill=mix(colour, "#000000", 0.25))
        canvas.pen.rectangle(
            [left + wide - 130, y + tall * 0.4, left + wide - 40, y + tall * 0.55], fill=mix(colour, "#ffffff", 0.45)
        )
    canvas.pen.rectangle([1172, 560, 1188, 880], fill="#20160f")
    canvas.pen.polygon([(1050, 570), (1310, 570), (1250, 390), (1110, 390)], fill="#f6e3b4")
    canvas.pen.rounded_rectangle([1090, 862, 1270, 884], 8, fill="#20160f")


def _cat(canvas: _Canvas) -> None:
    canvas.plain("#ffe8cf", "#f7c59f")
    canvas.pen.rectangle([250, 120, 1350, 900], fill="#8ecae6")
    canvas.cloud(560, 330, 80)
    canvas.cloud(1060, 250, 62)
    canvas.pen.rectangle([250, 690, 1350, 900], fill="#7fb069")
    for box in (
        [250, 120, 1350, 150],
        [250, 120, 280, 900],
        [1320, 120, 1350, 900],
        [785, 120, 815, 900],
        [250, 880, 1350, 910],
    ):
        canvas.pen.rectangle(box, fill="#fff9f0")
    canvas.area([(170, 900), (1430, 900), (1430, 965), (170, 965)], "#e9d2b4")
    fur = canvas.seed.choice(("#e8913c", "#3b3a40", "#c9c3bb"))
    canvas.smooth(lambda pen, s: pen.arc([1010 * s, 640 * s, 1270 * s, 960 * s], 290, 100, fill=255, width=48 * s), fur)
    canvas.oval(860, 790, 210, 150, fur)
    canvas.oval(700, 650, 130, 112, fur)
    canvas.area([(590, 610), (602, 470), (700, 560)], fur)
    canvas.area([(710, 556), (800, 470), (812, 610)], fur)
    for x in (652, 748):
        canvas.oval(x, 640, 20, 25, "#f7e733" if fur == "#3b3a40" else "#2b2024")
        canvas.oval(x, 640, 7, 22, "#14110f")
    canvas.oval(700, 684, 15, 10, "#e07a8b")
    for side in (-1, 1):
        for dy in (-10, 8):
            canvas.pen.line([700 + side * 36, 692 + dy / 2, 700 + side * 150, 690 + dy * 2], fill="#fffaf0", width=4)


def _balloons(canvas: _Canvas) -> None:
    canvas.sky("dawn", 0.85)
    canvas.hills(1020, 210, "#8a5a6b", jagged=True)
    canvas.hills(1120, 130, "#5e3f56")
    for x, y, size in ((420, 420, 165), (900, 290, 120), (1230, 560, 190), (700, 690, 84), (1460, 240, 64)):
        one, other = canvas.seed.sample(("#e4572e", "#f2c14e", "#2e86ab", "#f5efe6", "#7b4b94", "#3a9d73"), 2)
        canvas.oval(x, y, size, size * 1.1, one)
        canvas.oval(x, y, size * 0.62, size * 1.1, other)
        canvas.oval(x, y, size * 0.24, size * 1.1, one)
        canvas.area(
            [
                (x - size * 0.62, y + size * 0.86),
                (x + size * 0.62, y + size * 0.86),
                (x + size * 0.14, y + size * 1.45),
                (x - size * 0.14, y + size * 1.45),
            ],
            mix(one, "#000000", 0.12),
        )
        canvas.pen.rounded_rectangle(
            [x - size * 0.16, y + size * 1.52, x + size * 0.16, y + size * 1.78], 6, fill="#4a2f22"
        )


def _lanterns(canvas: _Canvas) -> None:
    canvas.sky("night", 0.8)
    canvas.stars(90, 500)
    canvas.skyline(1130, 260, "#151a3a", "#ffcf87", (120, 240))
    for _ in range(24):
        x, y, size = canvas.seed.uniform(60, 1540), canvas.seed.uniform(80, 900), canvas.seed.uniform(22, 66)
        canvas.glow(x, y, size * 2.2, "#ff8a3c", 130)
        canvas.pen.rounded_rectangle([x - size, y - size * 1.15, x + size, y + size], size * 0.5, fill="#ff9d4d")
        canvas.pen.rounded_rectangle(
            [x - size * 0.6, y - size * 0.5, x + size * 0.6, y + size * 0.9], size * 0.4, fill="#ffd98f"
        )
        canvas.pen.rectangle([x - size * 0.7, y + size * 0.92, x + size * 0.7, y + size * 1.06], fill="#b5422a")


def _fruit(canvas: _Canvas) -> None:
    canvas.plain("#fff3d6", "#ffe0a8")
    canvas.table(740, "#f4f0e8")
    canvas.shadow(800, 1010, 480, 56)
    for x, y, r, colour in (
        (560, 760, 130, "#e4572e"),
        (1030, 770, 135, "#f2a33c"),
        (800, 700, 150, "#c9d64f"),
        (690, 850, 105, "#d1495b"),
        (920, 860, 110, "#f2c14e"),
    ):
        canvas.oval(x, y, r, r * 0.96, colour)
        canvas.oval(x - r * 0.35, y - r * 0.4, r * 0.24, r * 0.16, mix(colour, "#ffffff", 0.55))
        canvas.pen.line([x, y - r * 0.9, x + 12, y - r * 1.25], fill="#5b3a29", width=9)
        canvas.oval(x + 40, y - r * 1.1, 36, 15, "#5f9c4a")
    canvas.smooth(lambda pen, s: pen.chord([360 * s, 660 * s, 1240 * s, 1050 * s], 0, 180, fill=255), "#2e86ab")
    canvas.oval(800, 1030, 190, 26, "#226a88")
    for x in range(430, 1190, 84):
        canvas.pen.ellipse([x - 15, 885, x + 15, 915], fill="#e8f4f8")


def _bike(canvas: _Canvas) -> None:
    canvas.plain("#f7d9c4", "#f2b8a0")
    for brick in range(0, WIDTH, 130):
        for row in range(9):
            canvas.pen.rectangle(
                [brick + (row % 2) * 65 + 4, row * 100 + 4, brick + (row % 2) * 65 + 124, row * 100 + 92],
                fill=mix("#e7a68b", "#d98b70", canvas.seed.random()),
            )
    canvas.area([(0, 900), (WIDTH, 900), (WIDTH, HEIGHT), (0, HEIGHT)], "#b9aa9a")
    frame = canvas.seed.choice(("#1f6d73", "#d1495b", "#30638e"))
    for x in (500.0, 1100.0):
        canvas.smooth(
            lambda pen, s, x=x: pen.ellipse(
                [(x - 190) * s, 690 * s, (x + 190) * s, 1070 * s], outline=255, width=24 * s
            ),
            "#2b2024",
        )
        for spoke in range(0, 360, 30):
            dx, dy = math.cos(math.radians(spoke)) * 172, math.sin(math.radians(spoke)) * 172
            canvas.pen.line([x, 880, x + dx, 880 + dy], fill="#8b8680", width=3)
    for line in (
        [500, 880, 640, 600, 980, 600, 1100, 880],
        [640, 600, 780, 880, 500, 880],
        [780, 880, 980, 600],
        [980, 600, 950, 500, 1050, 470],
        [640, 600, 618, 540],
    ):
        canvas.pen.line(line, fill=frame, width=20, joint="curve")
    canvas.pen.rounded_rectangle([545, 512, 700, 546], 16, fill="#4a2f22")
    canvas.pen.rounded_rectangle([1010, 560, 1230, 720], 18, fill="#c99a5b")
    for _ in range(14):
        x = canvas.seed.uniform(1030, 1210)
        canvas.pen.line([x, 565, x + canvas.seed.uniform(-24, 24), 450], fill="#4c8f5f", width=6)
        canvas.disc(
            x, 450 + canvas.seed.uniform(-30, 30), 24, canvas.seed.choice(("#ff8fab", "#ffd23f", "#ffffff", "#e4572e"))
        )


SCENES: dict[str, Callable[[_Canvas], None]] = {
    "aurora": _aurora,
    "balloons": _balloons,
    "bike": _bike,
    "blossom": _blossom,
    "books": _books,
    "cat": _cat,
    "city": _city,
    "desert": _desert,
    "field": _field,
    "fruit": _fruit,
    "lanterns": _lanterns,
    "mountains": _mountains,
    "noodles": _noodles,
    "sea": _sea,
    "street": _street,
    "tea": _tea,
    "terraces": _terraces,
}

_ALT = {
    "aurora": "Green and violet northern lights over snowy hills",
    "balloons": "Hot-air balloons over mountains at dawn",
    "bike": "A bicycle with a basket of flowers before a brick wall",
    "blossom": "Cherry branches in blossom over green hills",
    "books": "A stack of books beside a lamp",
    "cat": "A cat on a window sill",
    "city": "A city at night, its lights in the water",
    "desert": "Camels crossing dunes at dusk",
    "field": "Trees and a meadow full of flowers",
    "fruit": "A bowl of fruit on a table",
    "lanterns": "Paper lanterns rising over a town at night",
    "mountains": "Mountain ridges with the sun low behind them",
    "noodles": "A bowl of noodles with two eggs and spring onion",
    "sea": "A small sailing boat on the sea at sunset",
    "street": "People with umbrellas on a rainy street",
    "tea": "A steaming cup of tea",
    "terraces": "Rice terraces in the mist",
}


def describe(name: str) -> str:
    """For those who cannot see the picture."""
    return _ALT[name]
