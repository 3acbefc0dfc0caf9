"""Flat illustrations of the delta for the sample articles, drawn here so that nothing is borrowed. Same seed, same picture."""

import math
from random import Random

from PIL import Image, ImageDraw

SIZE = (1280, 800)
FINE = 2  # drawn larger and scaled down, for smooth edges
SKY, DAWN, SUN = ("#cfe3e6", "#f2ead6"), ("#f3c9a0", "#fbeed6"), "#f6d27a"
LEAF, LEAF_DARK, FIELD, FIELD_LIGHT = "#4d7c4a", "#2f5a3c", "#86a957", "#b9c96f"
WATER, WATER_LIGHT, EARTH, WOOD, RED, CREAM, INK = (
    "#7fa9b5",
    "#a9c9cf",
    "#b98f62",
    "#7a5536",
    "#a63a34",
    "#f7efdf",
    "#33413f",
)

DESCRIPTIONS = {
    "rice": "Tranh vẽ ruộng lúa xanh nhiều tầng dưới nắng sớm, xa xa có hàng dừa",
    "bridge": "Tranh vẽ cây cầu bê-tông nhỏ bắc qua con kênh, hai bờ có dừa",
    "canal": "Tranh vẽ con kênh với chiếc xuồng nhỏ giữa hai hàng dừa nước",
    "school": "Tranh vẽ ngôi trường mái đỏ, sân rộng có cột cờ và cây xanh",
    "market": "Tranh vẽ dãy sạp chợ che bạt sọc, bày rau quả",
    "road": "Tranh vẽ con đường làng chạy giữa hai cánh đồng",
    "sunrise": "Tranh vẽ mặt trời mọc trên mặt sông rộng",
    "lotus": "Tranh vẽ ao sen với những bông sen hồng",
    "boat": "Tranh vẽ chiếc ghe nhỏ có mui trên sông buổi sớm",
}


class Scene:
    """A canvas whose distances are fractions of its size: (0, 0) top left, (1, 1) bottom right."""

    def __init__(self, name, sky=SKY):
        self.random = Random(name)  # noqa: S311  # nosec B311 (the same picture each time, not a secret)
        self.w, self.h = SIZE[0] * FINE, SIZE[1] * FINE
        self.image = Image.new("RGB", (self.w, self.h))
        self.draw = ImageDraw.Draw(self.image)
        self.gradient(0, 1, *sky)

    def at(self, points):
        return [(x * self.w, y * self.h) for x, y in points]

    def gradient(self, top, bottom, above, below):
        first, last = int(top * self.h), int(bottom * self.h)
        a, b = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (above, below))
        for y in range(first, last):
            part = (y - first) / max(1, last - first)
            self.draw.line([(0, y), (self.w, y)], tuple(round(p + (q - p) * part) for p, q in zip(a, b, strict=True)))

    def shape(self, color, *points):
        self.draw.polygon(self.at(points), color)

    def disc(self, x, y, radius, color):
        r = radius * self.h
        self.draw.ellipse([x * self.w - r, y * self.h - r, x * self.w + r, y * self.h + r], color)

    def line(self, color, width, *points):
        self.draw.line(self.at(points), color, int(width * self.h), joint="curve")

    def hills(self, y, height, color, waves=1.5, shift=0.0):
        top = [(i / 60, y - height * (0.5 + 0.5 * math.sin(shift + waves * math.tau * i / 60))) for i in range(61)]
        self.shape(color, *top, (1, 1), (0, 1))

    def palm(self, x, y, height, color=LEAF_DARK):
        lean = self.random.uniform(-0.02, 0.02)
        top_x, top_y = x + lean, y - height
        self.line(WOOD, height * 0.045, (x, y), (x + lean * 0.3, y - height * 0.5), (top_x, top_y))
        for turn in range(9):
            angle = math.pi * (0.02 + 0.12 * turn)
            reach = height * 0.42
            tip = (top_x + math.cos(angle) * reach * 0.62, top_y - math.sin(angle) * reach * 0.45 + reach * 0.22)
            bend = (top_x + math.cos(angle) * reach * 0.34, top_y - math.sin(angle) * reach * 0.5)
            side = (bend[0], bend[1] + height * 0.055)
            self.shape(color, (top_x, top_y), bend, tip, side)

    def palms(self, y, height, count):
        for number in range(count):
            x = (number + self.random.uniform(0.2, 0.8)) / count
            self.palm(x, y, height * self.random.uniform(0.8, 1.15), self.random.choice([LEAF_DARK, LEAF]))

    def trees(self, y, color=LEAF_DARK, size=0.035):
        for number in range(26):
            self.disc(number / 25 + self.random.uniform(-0.02, 0.02), y, size * self.random.uniform(0.7, 1.2), color)
        self.shape(color, (0, y), (1, y), (1, y + 0.04), (0, y + 0.04))

    def ripples(self, top, bottom, count=26):
        for _ in range(count):
            x, y = self.random.random(), self.random.uniform(top, bottom)
            length = self.random.uniform(0.03, 0.1)
            self.line(WATER_LIGHT, 0.004, (x, y), (x + length, y))

    def boat(self, x, y, size, roof=True):
        self.shape(
            WOOD, (x - size, y), (x + size, y), (x + size * 0.72, y + size * 0.34), (x - size * 0.72, y + size * 0.34)
        )
        self.shape("#5d3f27", (x - size * 0.86, y + size * 0.14), (x + size * 0.86, y + size * 0.14),
                   (x + size * 0.72, y + size * 0.34), (x - size * 0.72, y + size * 0.34))  # fmt: skip
        if roof:
            arc = [(x - size * 0.5 + size * i / 12, y - size * 0.5 * math.sin(math.pi * i / 12)) for i in range(13)]
            self.shape("#d9b98a", *arc)

    def done(self):
        return self.image.resize(SIZE, Image.Resampling.LANCZOS)


def rice():
    scene = Scene("rice", DAWN)
    scene.disc(0.74, 0.27, 0.1, SUN)
    scene.trees(0.42)
    scene.palms(0.44, 0.24, 7)
    for band in range(9):
        color = FIELD if band % 2 else FIELD_LIGHT
        scene.hills(0.47 + band * 0.062, 0.02 + band * 0.003, color, 1 + band * 0.13, band * 0.9)
    for _ in range(420):
        x, y = scene.random.random(), scene.random.uniform(0.72, 0.99)
        scene.line(LEAF, 0.004, (x, y), (x + 0.004, y - 0.03 * y))
    return scene.done()


def bridge():
    scene = Scene("bridge")
    scene.trees(0.44)
    scene.palms(0.5, 0.3, 6)
    scene.shape(FIELD, (0, 0.48), (1, 0.48), (1, 1), (0, 1))
    scene.shape(WATER, (0.22, 0.56), (0.78, 0.56), (1, 1), (0, 1))
    scene.ripples(0.74, 0.97)
    for x in (0.3, 0.44, 0.56, 0.7):
        scene.shape("#a9a292", (x - 0.012, 0.6), (x + 0.012, 0.6), (x + 0.012, 0.76), (x - 0.012, 0.76))
    scene.shape(CREAM, (0, 0.6), (0.3, 0.545), (0.7, 0.545), (1, 0.6), (1, 0.655), (0.7, 0.6), (0.3, 0.6), (0, 0.655))
    scene.line(RED, 0.01, (0, 0.55), (0.3, 0.495), (0.7, 0.495), (1, 0.55))
    for post in range(25):
        x = post / 24
        y = 0.55 - 0.055 * min(1, min(x, 1 - x) / 0.3)
        scene.line(CREAM, 0.006, (x, y), (x, y + 0.055))
    return scene.done()


def canal():
    scene = Scene("canal")
    scene.disc(0.5, 0.3, 0.08, "#fff6df")
    scene.trees(0.45, LEAF)
    scene.shape(FIELD, (0, 0.47), (1, 0.47), (1, 1), (0, 1))
    scene.shape(WATER, (0.46, 0.48), (0.54, 0.48), (0.9, 1), (0.1, 1))
    for step in range(8):
        y, spread = 0.52 + step * 0.06, 0.06 + step * 0.055
        scene.palm(0.5 - spread - 0.03, y, 0.14 + step * 0.035)
        scene.palm(0.5 + spread + 0.03, y, 0.14 + step * 0.035)
    scene.ripples(0.8, 0.97, 12)
    scene.boat(0.5, 0.78, 0.08, roof=False)
    return scene.done()


def school():
    scene = Scene("school")
    scene.trees(0.5, LEAF, 0.06)
    scene.shape("#e4d3ac", (0, 0.66), (1, 0.66), (1, 1), (0, 1))
    scene.shape(CREAM, (0.18, 0.44), (0.82, 0.44), (0.82, 0.7), (0.18, 0.7))
    scene.shape(RED, (0.14, 0.44), (0.22, 0.32), (0.78, 0.32), (0.86, 0.44))
    for number in range(8):
        x = 0.215 + number * 0.0735
        scene.shape("#8fb0ae" if number != 4 else WOOD, (x, 0.5), (x + 0.045, 0.5), (x + 0.045, 0.62 if number != 4 else 0.7),
                    (x, 0.62 if number != 4 else 0.7))  # fmt: skip
    scene.line(INK, 0.007, (0.5, 0.86), (0.5, 0.2))
    scene.shape(RED, (0.503, 0.2), (0.58, 0.2), (0.58, 0.275), (0.503, 0.275))
    for x in (0.07, 0.93):
        scene.line(WOOD, 0.03, (x, 0.8), (x, 0.55))
        scene.disc(x, 0.48, 0.13, LEAF_DARK)
    return scene.done()


def market():
    scene = Scene("market", ("#f3dfc0", "#fbf3e2"))
    scene.trees(0.36, LEAF)
    scene.shape("#dcc9a4", (0, 0.62), (1, 0.62), (1, 1), (0, 1))
    for stall in range(4):
        left, color = 0.04 + stall * 0.24, [RED, LEAF_DARK, "#c98a2e", "#3f7480"][stall]
        for post in (left + 0.01, left + 0.19):
            scene.line(WOOD, 0.012, (post, 0.4), (post, 0.78))
        for stripe in range(6):
            x = left - 0.01 + stripe * 0.0367
            scene.shape(
                color if stripe % 2 == 0 else CREAM, (x + 0.01, 0.33), (x + 0.0467, 0.33), (x + 0.0367, 0.44), (x, 0.44)
            )
        scene.shape(WOOD, (left, 0.66), (left + 0.2, 0.66), (left + 0.2, 0.8), (left, 0.8))
        for _ in range(26):
            fruit = scene.random.choice([LEAF, "#d9772b", RED, FIELD_LIGHT, "#e3b94f"])
            scene.disc(left + scene.random.uniform(0.015, 0.185), scene.random.uniform(0.615, 0.655), 0.018, fruit)
    return scene.done()


def road():
    scene = Scene("road")
    scene.disc(0.22, 0.2, 0.07, "#fff6df")
    scene.trees(0.44)
    scene.shape(FIELD_LIGHT, (0, 0.46), (1, 0.46), (1, 1), (0, 1))
    for row in range(12):
        y = 0.5 + row * row * 0.0038
        scene.line(FIELD, 0.003 + row * 0.001, (0, y), (1, y))
    scene.shape("#d8c7a6", (0.485, 0.46), (0.515, 0.46), (0.78, 1), (0.22, 1))
    for mark in range(6):
        y = 0.52 + mark * mark * 0.015 + mark * 0.015
        scene.line(CREAM, 0.002 + mark * 0.0018, (0.5, y), (0.5, y + 0.012 + mark * 0.012))
    for step in range(6):
        y, spread = 0.5 + step * step * 0.014, 0.05 + step * 0.075
        scene.palm(0.5 - spread, y, 0.12 + step * 0.05)
        scene.palm(0.5 + spread, y, 0.12 + step * 0.05)
    return scene.done()


def sunrise():
    scene = Scene("sunrise", ("#e9a978", "#fbe3bb"))
    scene.disc(0.5, 0.47, 0.15, "#f8d98a")
    scene.trees(0.49, "#6b7a5a", 0.025)
    scene.gradient(0.53, 1, "#dba77d", "#6f97a3")
    for row in range(14):
        width = 0.13 - row * 0.006
        y = 0.55 + row * 0.03
        scene.line("#fbe3bb", 0.007, (0.5 - width, y), (0.5 + width * scene.random.uniform(0.6, 1), y))
    scene.boat(0.24, 0.7, 0.06)
    scene.palm(0.9, 1.02, 0.6, "#3d4f3c")
    scene.palm(0.98, 1.0, 0.5, "#3d4f3c")
    return scene.done()


def lotus():
    scene = Scene("lotus", ("#b9d3cd", "#dbe8dc"))
    scene.gradient(0.2, 1, "#a9c7c1", "#6d9a98")
    for _ in range(34):
        x, y = scene.random.random(), scene.random.uniform(0.3, 0.98)
        r = 0.03 + y * 0.09
        scene.shape(scene.random.choice([LEAF, LEAF_DARK, "#5f9160"]),
                    *[(x + math.cos(t) * r * 0.8, y + math.sin(t) * r * 0.42) for t in (i * math.tau / 30 for i in range(1, 30))])  # fmt: skip
    for x, y, size in ((0.3, 0.46, 0.12), (0.66, 0.4, 0.1), (0.52, 0.7, 0.19), (0.16, 0.76, 0.13), (0.86, 0.72, 0.15)):
        scene.line(LEAF_DARK, 0.012, (x, y + size), (x, y))
        for lean, color in ((-0.9, "#d98a9a"), (0.9, "#d98a9a"), (-0.5, "#e6a5b0"), (0.5, "#e6a5b0"), (0, "#f2c3c9")):
            tip = (x + lean * size * 0.5, y - size * (1 - 0.3 * abs(lean)))
            scene.shape(color, (x, y), (x + lean * size * 0.45 - size * 0.14, y - size * 0.45), tip,
                        (x + lean * size * 0.45 + size * 0.14, y - size * 0.45))  # fmt: skip
    return scene.done()


def boat():
    scene = Scene("boat", ("#bcd5da", "#f4ead2"))
    scene.disc(0.8, 0.24, 0.07, "#fff3d0")
    scene.trees(0.46, LEAF)
    scene.palms(0.48, 0.2, 9)
    scene.gradient(0.5, 1, WATER_LIGHT, WATER)
    scene.ripples(0.55, 0.97, 40)
    scene.shape("#6f97a3", (0.27, 0.765), (0.65, 0.765), (0.6, 0.8), (0.32, 0.8))
    scene.shape(INK, (0.588, 0.7), (0.605, 0.57), (0.622, 0.7))
    scene.shape("#e3c98f", (0.58, 0.58), (0.605, 0.545), (0.63, 0.58))
    scene.boat(0.46, 0.68, 0.2)
    return scene.done()


DRAWN = {"rice": rice, "bridge": bridge, "canal": canal, "school": school, "market": market, "road": road,
         "sunrise": sunrise, "lotus": lotus, "boat": boat}  # fmt: skip
