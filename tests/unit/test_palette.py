"""Whether everybody can tell the palette's colours apart, and read the theme by day and by night."""

import re
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import ImageColor

from pages.widgets.ui import palette
from pages.widgets.ui.pixel_grid import text_on

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
STYLE = (ROOT / "assets" / "style.css").read_text(encoding="utf-8")
THEME = CONFIG["theme"]
LOOKS = ["light", "dark"]
Numbers = npt.NDArray[np.float64]

# What eyes that lack the cones for long, medium or short waves make of linear RGB: G. Machado, M. Oliveira,
# L. Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1.0.
EYES: dict[str, list[list[float]]] = {
    "all cones": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
DAYLIGHT = [0.95047, 1.0, 1.08883]

APART = 30  # in CIELAB: of colours that meet, at a glance; a difference of 2.3 can just be seen side by side
DISTINCT = 9  # of lines with shapes of their own, of digits with their names, and of a wide frame on a cell
MEET = [  # in a chart, a picture, or a frame on it
    (palette.FIRST, palette.SECOND),
    (palette.POSITIVE, palette.NEGATIVE),
    (palette.POSITIVE, palette.ZERO),
    (palette.NEGATIVE, palette.ZERO),
    (palette.BELOW, palette.NOTHING),
    (palette.BELOW, palette.MOST),
    (palette.WRONG, palette.NEUTRAL),
    *((palette.SELECTED, shade) for shade in (palette.BELOW, palette.NOTHING, palette.MOST)),
    (palette.SELECTED, palette.OFF),
    (palette.OFF, palette.NOTHING),
]
ALONE = [  # colours of lines, bars and points that stand on the page itself
    *palette.SERIES,
    *(palette.POSITIVE, palette.NEGATIVE, palette.WRONG, palette.SELECTED, palette.NEUTRAL),
]


def linear(colour: str) -> Numbers:
    """A colour as amounts of light, red, green and blue from 0 to 1."""
    values: Numbers = np.array(ImageColor.getrgb(colour)[:3]) / 255
    light: Numbers = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return light


def lab(light: Numbers) -> Numbers:
    """Amounts of light as CIELAB, where distances are as large as they look."""
    xyz = TO_XYZ @ np.clip(light, 0, 1) / DAYLIGHT
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def seen(colour: str, eyes: str) -> Numbers:
    """A colour as such eyes see it."""
    return lab(np.array(EYES[eyes]) @ linear(colour))


def distance(a: str, b: str, eyes: str) -> float:
    """How different two colours look to such eyes (CIE76)."""
    return float(np.linalg.norm(seen(a, eyes) - seen(b, eyes)))


def contrast(a: str, b: str) -> float:
    """As WCAG has it, 1 to 21."""
    darker, lighter = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (a, b))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(over: str, under: str, share: float) -> str:
    """A colour that lets another one through."""
    pairs = zip(ImageColor.getrgb(over)[:3], ImageColor.getrgb(under)[:3], strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def properties() -> dict[str, str]:
    """The style sheet's own names for colours and sizes."""
    return dict(re.findall(r"(--[a-z]+(?:-[a-z]+)?): ([^;]+);", STYLE))


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize(("a", "b"), MEET)
def test_neighbouring_colours_differ_for_all_eyes(a: str, b: str, eyes: str) -> None:
    assert distance(a, b, eyes) > APART


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("colours", [palette.SERIES, palette.DIGITS, [palette.SELECTED, palette.WRONG]])
def test_colours_with_a_second_cue_differ_for_all_eyes(colours: list[str], eyes: str) -> None:
    assert min(distance(a, b, eyes) for a, b in combinations(colours, 2)) > DISTINCT


def test_colour_and_shape_pairs_repeat_late() -> None:
    pairs = {(palette.SERIES[i % len(palette.SERIES)], palette.SHAPES[i % len(palette.SHAPES)]) for i in range(20)}
    assert len(pairs) == 20


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("colour", ALONE)
def test_marks_contrast_with_the_page(colour: str, look: str) -> None:
    assert contrast(colour, THEME[look]["backgroundColor"]) >= 3


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_contrasts_with_both_backgrounds(look: str, background: str) -> None:
    of_look = THEME[look]
    paper = of_look[background]
    caption = mixed(of_look["textColor"], paper, 0.6)  # as Streamlit thins it out
    assert contrast(of_look["textColor"], paper) >= 7
    assert min(contrast(of_look[name], paper) for name in ("primaryColor", "linkColor")) >= 4.5
    assert contrast(caption, paper) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
def test_selected_options_have_readable_text(look: str) -> None:
    of_look = THEME[look]
    chosen = mixed(of_look["primaryColor"], of_look["backgroundColor"], 0.2)  # as Streamlit tints it under the pointer
    assert contrast(of_look["primaryColor"], chosen) >= 4.5
    assert contrast(of_look["backgroundColor"], of_look["primaryColor"]) >= 4.5  # buttons, by the style sheet


def test_numbers_contrast_with_their_pixels() -> None:
    text = dict(re.findall(r"\.numbers \.(\w+) { color: (#\w+); }", STYLE))
    pixels = [(f"#{shade:02x}{shade:02x}{shade:02x}", text[text_on(shade)]) for shade in range(256)]
    assert min(contrast(*pixel) for pixel in pixels) >= 4.5


def test_style_sheet_and_theme_repeat_the_palette() -> None:
    named = properties()
    for name in ("first", "second", "wrong", "selected"):
        assert named[f"--{name}"] == getattr(palette, name.upper())
    for name, option in (("paper", "backgroundColor"), ("written", "primaryColor")):
        assert named[f"--{name}"] == "light-dark({}, {})".format(*(THEME[look][option] for look in LOOKS))
    assert THEME["chartCategoricalColors"] == list(palette.SERIES)
    assert (THEME["greenColor"], THEME["redColor"]) == (palette.FIRST, palette.WRONG)
    assert "base" not in THEME  # the visitor's system says which look it is


def test_no_other_file_names_a_colour() -> None:
    files = [path for path in (ROOT / "pages").rglob("*.py") if path.name != "palette.py"]
    own = {path.name: found for path in files if (found := re.findall(r"#[0-9a-fA-F]{6}\b", path.read_text("utf-8")))}
    assert own == {"component.py": ["#000000"], "drawing.py": ["#ffffff"]}  # the pen's own
    after_names = STYLE.split("}", 1)[1]
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", after_names)) <= {"#000", "#fff", "#aaa"}


def test_style_sheet_uses_one_scale_of_type() -> None:
    steps = {name: float(size.removesuffix("rem")) for name, size in properties().items() if "--size-" in name}
    assert min(size for name, size in steps.items() if name != "--size-number") >= 0.75
    assert steps["--size-number"] >= 0.625  # of the 784 numbers, which are data
    sizes = re.findall(r"font(?:-size)?: ([^;}]+)[;}]", STYLE)
    assert [size for size in sizes if "var(--size-" not in size and size.strip() != "inherit"] == ["24px"], (
        "a projector's"
    )
