"""Rebuild the bundled networks: `python -m model.train notebook`, `python -m model.train linear`,
`python -m model.train robust --pen-digits FILE`, `python -m model.train likeness --pen-digits FILE`.
"""

import argparse
import os
from pathlib import Path

from model.bundled_networks import BUNDLED
from model.pen_digits import PenDigitsError, read_pen_digits

MIN_WRITERS = 20  # to train on: one in ten of them is set aside
# The figures are those of docs/training.md
WITHOUT_PEN_DIGITS = (
    "Without --pen-digits FILE the network learns from MNIST and from digits drawn by code alone. Of the drawings of "
    "new writers it then reads 98.4% right instead of 98.8%, of those of new writers elsewhere 97.7% instead of 98.9%."
)


def main() -> None:
    """Read the command line and rebuild the network that it names."""
    parser = argparse.ArgumentParser(prog="python -m model.train", description="Rebuild a bundled network.")
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    names.add_parser("notebook", help="the lesson's network, three minutes")
    names.add_parser("linear", help="the same without hidden layers, half a minute")
    robust = names.add_parser("robust", help="the network that reads people's drawings, half an hour")
    likeness = names.add_parser(
        "likeness", help="what tells digits from scribbles, for the robust network, two minutes"
    )
    for parser_of_name in (robust, likeness):
        parser_of_name.add_argument(
            "--pen-digits", type=Path, metavar="FILE", help="strokes, one JSON object a line, gzipped"
        )
    parser.set_defaults(pen_digits=None, leave_out=[])
    robust.add_argument(
        "--leave-out",
        nargs="+",
        default=[],
        metavar="SOURCE",
        help="train without these sources of pen digits, measure on them, and write nothing",
    )
    arguments = parser.parse_args()
    try:
        digits = read_pen_digits(arguments.pen_digits) if arguments.pen_digits else []
    except PenDigitsError as error:
        parser.error(str(error))
    sources = {digit.source for digit in digits}
    if not set(arguments.leave_out) <= sources:
        known = ", ".join(sorted(sources)) or "none without --pen-digits FILE"
        parser.error(f"There is no such source of pen digits: leave out one of those in the file ({known}).")
    if digits and len({d.writer for d in digits if d.source not in arguments.leave_out}) < MIN_WRITERS:
        parser.error(f"There are fewer than {MIN_WRITERS} writers to train on: give a file of more, or leave out less.")

    # TensorFlow logs a dozen lines about the machine (no GPU, ...); what matters it raises.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Imported here, because the processes that make pictures import this module again, and need no TensorFlow
    from model.offline.draw_map import draw_map
    from model.offline.train_digit_check import train_likeness
    from model.offline.train_notebook import train_linear, train_notebook
    from model.offline.train_robust import measure_left_out, train_robust

    command, and_digits = "python -m model.train", f" --pen-digits {arguments.pen_digits.name}" if digits else ""
    if arguments.name == "notebook":
        train_notebook(BUNDLED / "notebook")
        draw_map("notebook")
    elif arguments.name == "linear":
        train_linear(BUNDLED / "linear")
    elif arguments.name == "likeness":
        train_likeness(digits, f"{command} likeness{and_digits}")
    elif arguments.leave_out:
        measure_left_out(digits, arguments.leave_out)
    else:
        if not digits:
            print(WITHOUT_PEN_DIGITS)
        train_robust(BUNDLED / "robust", digits, f"{command} robust{and_digits}")
        draw_map("robust")
        train_likeness(digits, f"{command} likeness{and_digits}")


if __name__ == "__main__":
    main()
