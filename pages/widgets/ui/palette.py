"""What a colour means: the same on every page, in charts, pictures and HTML, on light and on dark.

The colours are taken from sets that were made for eyes of all kinds, also those that miss a colour:

- P. Tol, "Colour Schemes", SRON/EPS/TN/09-002, issue 3.2, 2021, https://sronpersonalpages.nl/~pault/: "vibrant" (teal,
  red, blue, magenta), "muted" (purple), "medium-contrast" (ochre), "high-contrast" (yellow).
- M. Okabe, K. Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/: vermilion and sky blue.
- IBM's colour-blind-safe palette, https://davidmathlogic.com/colorblind/: purple, here called violet.
- M. Petroff, "Accessible Color Sequences for Data Visualization", 2021, https://arxiv.org/abs/2107.02270: the ten
  digits.

tests/unit/test_palette.py holds them apart from each other and from the backgrounds; assets/style.css and
.streamlit/config.toml name some of them again, and it holds these to what is here. No meaning hangs on a colour alone:
next to it there is a label, a dash, a shape, a width or a place.
"""

FIRST = "#009988"  # teal: probabilities, the chosen network, the first of several lines, what a network looks at
SECOND = "#785ef0"  # violet: the network beside it, the second line
SERIES = [FIRST, SECOND, "#997700", "#aa4499"]  # lines of any number; with them go SHAPES
SHAPES = ["circle", "square", "triangle-up", "diamond", "cross"]  # one more than colours: pairs come again late

# Numbers with a sign: what is above 0 is red, what is below 0 blue. In pictures, 0 is white.
POSITIVE, ZERO, NEGATIVE = "#cc3311", "#ffffff", "#0077bb"
# What neurons put out, like ink on a canvas: nothing is black, the layer's largest white, what is below 0 blue.
BELOW, NOTHING, MOST = "#56b4e9", "#000000", "#ffffff"

WRONG = "#d55e00"  # vermilion, with a cross or a word
SELECTED = "#ee3377"  # pink: the frame of what the visitor picked
OFF = "#ddaa33"  # yellow: the frame of a neuron that is switched off, and so black
NEUTRAL = "#888888"  # helping lines, and what is right where wrong ones are to be found

TEXT = "currentColor"  # in charts: the page's own, light or dark

# Of the ten labels, which stand beside them
DIGITS = ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"]
