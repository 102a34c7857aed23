"""Digits on photographs are found whatever the paper, pen and light. Photographs without digits are refused."""

import io
import subprocess
import sys
import zlib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

import model
from model.bundled_networks import BUNDLED
from model.digit_check import load_digit_check
from model.files.limits import MAX_PHOTOGRAPH_BYTES, MAX_PHOTOGRAPH_DIGITS
from model.files.photograph_ink import find_digits
from model.files.photographs import MAX_SIDE, Photograph, PhotographError, pack_answer, read_photograph, unpack_answer
from model.files.png import HEADER, write_png
from model.mnist import as_vectors
from tests.photographs import as_file, paper, write

NETWORK = load_digit_check().encoder


def read(photograph: Photograph) -> list[int]:
    answers = NETWORK.predict(as_vectors(np.stack([digit.picture for digit in photograph.digits]))).argmax(axis=1)
    return [int(answer) for answer in answers]


def refusal(data: bytes) -> str:
    with pytest.raises(PhotographError) as raised:
        find_digits(data)
    sentence = str(raised.value)
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    return sentence


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_digits_are_read_from_left_to_right(kind: str) -> None:
    photograph = read_photograph(as_file(write(paper(), [7, 4, 1, 5]), kind))
    assert read(photograph) == [7, 4, 1, 5]
    assert photograph.picture.shape == (600, 800, 3)
    assert photograph.picture.dtype == np.uint8
    assert photograph.ink.shape == (600, 800)
    lefts = [digit.box.left for digit in photograph.digits]
    assert lefts == pytest.approx([113, 288, 503, 633], abs=12)


def test_photograph_is_read_as_text() -> None:
    photograph = model.read_photograph(as_file(write(paper(), [7, 4, 1, 5])))
    assert photograph.text(model.load_network()) == "7415"


def test_digits_that_touch_are_not_guessed() -> None:
    touching = write(paper(), [7, 4])
    ImageDraw.Draw(touching).line([(170, 290), (340, 290)], fill=(25, 30, 110), width=14)
    assert find_digits(as_file(touching, "PNG")).text(NETWORK) == "?"


def test_boxes_and_ink_lie_where_the_digits_were_written() -> None:
    photograph = find_digits(as_file(write(paper(), [7]), "PNG"))
    assert photograph.digits[0].box == pytest.approx((113, 193, 222, 367), abs=4)
    assert photograph.ink[200, 150]  # on the bar of the 7
    assert not photograph.ink[300, 130]


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ((250, 250, 250), (20, 20, 20)),
        ((250, 250, 250), (210, 60, 60)),
        ((250, 250, 250), (120, 120, 125)),
        ((200, 215, 250), (20, 110, 50)),
        ((250, 240, 190), (40, 60, 200)),
        ((30, 60, 45), (240, 240, 235)),  # chalk
        ((0, 0, 0), (255, 255, 255)),
    ],
)
def test_ink_and_paper_may_have_any_colour(colour: tuple[int, int, int], ink: tuple[int, int, int]) -> None:
    assert read(find_digits(as_file(write(paper(colour=colour), [7, 1, 4], ink=ink)))) == [7, 1, 4]


@pytest.mark.parametrize("squared", [False, True])
def test_lines_and_squares_on_the_paper_are_ignored(squared: bool) -> None:
    sheet = paper()
    brush = ImageDraw.Draw(sheet)
    for place in range(20, 800, 40):
        brush.line([(0, place), (800, place + 25)], fill=(150, 175, 215), width=2)
        if squared:
            brush.line([(place, 0), (place - 25, 600)], fill=(150, 175, 215), width=2)
    assert read(find_digits(as_file(write(sheet, [5, 7, 4])))) == [5, 7, 4]


def test_two_rows_are_read_in_order() -> None:
    sheet = write(write(paper(), [7, 1], at=(100, 60)), [4, 5], at=(140, 360))
    assert read(find_digits(as_file(sheet))) == [7, 1, 4, 5]


def test_specks_are_dropped_and_detached_parts_kept() -> None:
    sheet = write(paper(), [5])
    brush = ImageDraw.Draw(sheet)
    for x, y in ((600, 100), (60, 500), (700, 450)):
        brush.circle((x, y), 5, fill=(20, 20, 20))
    photograph = find_digits(as_file(sheet))
    assert read(photograph) == [5]
    assert photograph.digits[0].box.top < 205, "the 5 includes its bar"


@pytest.mark.parametrize("ink", ["black", "white"])
def test_a_drawing_on_a_transparent_background_is_read(ink: str) -> None:
    picture = Image.new("RGBA", (280, 280), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(80, 60), (200, 60), (120, 230)], fill=ink, width=20, joint="curve")
    assert read(find_digits(as_file(picture, "PNG"))) == [7]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_sideways_photograph_is_turned_upright(orientation: int) -> None:
    upright = write(paper(), [4, 7])
    undo = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}  # the orientation that turns a file back
    stored = upright
    if orientation > 1:
        exif = Image.Exif()
        exif[0x0112] = undo[orientation]
        stored = ImageOps.exif_transpose(Image.open(io.BytesIO(as_file(upright, exif=exif))))
    exif = Image.Exif()
    exif[0x0112] = orientation
    photograph = find_digits(as_file(stored, exif=exif))
    assert photograph.picture.shape == (600, 800, 3)
    assert read(photograph) == [4, 7]


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "LA"])
def test_other_kinds_of_pictures_are_read(mode: str) -> None:
    kind = "JPEG" if mode in ("L", "CMYK") else "PNG"
    assert read(find_digits(as_file(write(paper(), [7, 4]).convert(mode), kind))) == [7, 4]


@pytest.mark.parametrize("size", [(800, 600), (2400, 1800)])
def test_a_16_bit_grey_scan_is_read(size: tuple[int, int]) -> None:
    grey = np.asarray(write(paper(), [7, 4]).convert("L").resize(size)).astype(np.uint16) * 257
    assert read(find_digits(as_file(Image.fromarray(grey), "PNG"))) == [7, 4]


def test_a_large_picture_is_shrunk() -> None:
    large = write(paper(), [7, 4]).resize((3600, 2700))
    photograph = read_photograph(as_file(large))
    assert max(photograph.ink.shape) == MAX_SIDE
    assert read(photograph) == [7, 4]


def test_files_without_picture_or_ink_are_refused_with_a_sentence() -> None:
    assert "not a picture" in refusal(b"not a picture")
    assert "not a picture" in refusal(as_file(paper(), "GIF"))
    assert "not a picture" in refusal(as_file(write(paper(), [7]))[:2000])
    assert "No ink" in refusal(as_file(paper()))
    assert "No ink" in refusal(as_file(Image.new("RGB", (1, 1))))
    assert "No ink" in refusal(as_file(Image.new("RGB", (9000, 1), "white"), "PNG"))
    with pytest.raises(PhotographError, match="is empty"):
        read_photograph(b"")
    with pytest.raises(PhotographError, match="larger than 20 MB"):
        read_photograph(bytes(MAX_PHOTOGRAPH_BYTES + 1))


def test_a_page_full_of_writing_is_not_cut_into_digits() -> None:
    sheet = Image.new("RGB", (800, 600), "white")
    for x in range(10, 780, 40):
        for y in range(10, 580, 60):
            ImageDraw.Draw(sheet).line([(x, y), (x + 4, y + 30)], fill="black", width=5)
    assert f"more than {MAX_PHOTOGRAPH_DIGITS}" in refusal(as_file(sheet))


def huge_png(width: int, height: int) -> bytes:
    """Return a picture that claims to be huge, in a few bytes."""
    header = HEADER.pack(width, height, 8, 6, 0, 0, 0)
    return write_png((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))


@pytest.mark.parametrize("size", [(20_000, 20_000), (100_000, 101), (4000, 2501)])
def test_the_size_is_checked_before_the_picture_is_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("It was decoded."))
    sentence = refusal(huge_png(*size))
    assert "megapixels" in sentence or "not a picture" in sentence


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    refusal(data)


GOOD = {kind: as_file(write(paper(200, 150), [7], at=(40, 10), pen=10), kind) for kind in ("PNG", "JPEG", "WEBP")}


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(GOOD)),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_a_damaged_file_is_read_or_refused(kind: str, changes: Sequence[tuple[int, int]]) -> None:
    damaged = bytearray(GOOD[kind])
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        photograph = find_digits(bytes(damaged))
    except PhotographError:
        return
    assert max(photograph.ink.shape) <= MAX_SIDE


def test_an_answer_with_wrong_shapes_is_rejected() -> None:
    photograph = find_digits(GOOD["PNG"])
    assert read(unpack_answer(pack_answer(photograph))) == read(photograph)
    other = photograph._replace(ink=photograph.ink[1:])
    with pytest.raises(ValueError, match="not a photograph"):
        unpack_answer(pack_answer(other))


@pytest.mark.parametrize(
    ("module", "others"), [("photographs", "cv2 keras"), ("photograph_ink", "streamlit keras pandas")]
)
def test_neither_process_loads_the_others_libraries(module: str, others: str) -> None:
    code = f"import sys, model.files.{module}; print(set({others.split()}) & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=BUNDLED.parent, text=True) == "set()\n"
