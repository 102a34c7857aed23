"""Glyphs are what their table says, and a sheet shows them all."""

import numpy as np
import pytest

from model.offline.glyphs import CAPTION, CELL, draw_glyph, draw_sheet, read_glyphs, read_stroke


def test_a_stroke_has_a_corner_where_the_table_has_a_mark() -> None:
    line, stem = read_stroke("0,2 28,-4 56,2! 20,100")
    np.testing.assert_array_equal(line, [[0, 2], [28, -4], [56, 2]])
    np.testing.assert_array_equal(stem, [[56, 2], [20, 100]])


@pytest.mark.parametrize("table", ["drawn_digits", "non_digits"])
def test_every_glyph_of_a_table_is_on_its_sheet(table: str) -> None:
    glyphs = read_glyphs(table)
    sheet = np.asarray(draw_sheet(glyphs))
    cells = sheet.reshape(-1, CELL + CAPTION, sheet.shape[1] // (3 * CELL), 3 * CELL)
    assert (cells.max(axis=(1, 3)) == 255).sum() == len(glyphs)


def test_each_drawing_is_a_little_different_and_has_the_same_strokes() -> None:
    random = np.random.default_rng(0)
    glyph = read_glyphs("drawn_digits")[1]
    drawings = [draw_glyph(glyph, random) for _ in range(50)]
    assert {len(strokes) for strokes in drawings} == {len(glyph.strokes)}
    assert len({strokes[0].tobytes() for strokes in drawings}) == 50
