"""What colours mean: the same on every page, in charts, pictures and HTML, in light and dark.

The colours come from sets that were made for all eyes, including colour-blind ones:

- P. Tol, "Colour Schemes", SRON/EPS/TN/09-002, issue 3.2, 2021, https://sronpersonalpages.nl/~pault/: "vibrant" (teal,
  red, blue, magenta), "muted" (purple), "medium-contrast" (ochre), "high-contrast" (yellow).
- M. Okabe, K. Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/: vermilion and sky blue.
- IBM's colour-blind-safe palette, https://davidmathlogic.com/colorblind/: purple, here called violet.
- M. Petroff, "Accessible Color Sequences for Data Visualization", 2021, https://arxiv.org/abs/2107.02270: the ten
  digits.

tests/unit/test_palette.py checks that they differ from each other and from the backgrounds, and that assets/style.css
and .streamlit/config.toml, which repeat some of them, say the same. No meaning depends on colour alone: there is always
a label, a dash, a shape, a width or a place as well.
"""

FIRST = "#009988"  # teal: probabilities, the chosen network, the first of several lines, the region a network looks at
SECOND = "#785ef0"  # violet: the network beside it, the second line
SERIES = [FIRST, SECOND, "#997700", "#aa4499"]  # any number of lines, with SHAPES
SHAPES = ["circle", "square", "triangle-up", "diamond", "cross"]  # one more than colours, so that pairs repeat late

# Signed numbers: red above 0, blue below. In pictures, 0 is white.
POSITIVE, ZERO, NEGATIVE = "#cc3311", "#ffffff", "#0077bb"
# Neurons' outputs, like ink on a canvas: 0 is black, the layer's largest white, and below 0 is blue.
BELOW, NOTHING, MOST = "#56b4e9", "#000000", "#ffffff"

WRONG = "#d55e00"  # vermilion, with a cross or a word
SELECTED = "#ee3377"  # pink: the frame of what the visitor selected
OFF = "#ddaa33"  # yellow: the frame of a neuron that is switched off, and so black
NEUTRAL = "#888888"  # helping lines, and right answers where wrong ones matter

TEXT = "currentColor"  # in charts: the page's own, light or dark

# The ten digits, beside their labels
DIGITS = ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"]
