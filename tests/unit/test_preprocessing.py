"""Any picture becomes what MNIST's makers would have made of it, or None."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw

from model import load_network, preprocess
from model.mnist import load_mnist
from model.preprocessing import preprocessing_steps

Picture = np.ndarray
WHITE, BLACK, CLEAR = (255, 255, 255, 255), (0, 0, 0, 255), (0, 0, 0, 0)


def drawn(ink: tuple[int, ...], paper: tuple[int, ...], points: list[tuple[int, int]], size: int = 280) -> Picture:
    """Return a picture of a line through the points."""
    picture = Image.new("RGBA", (size, size), paper)
    ImageDraw.Draw(picture).line(points, fill=ink, width=20, joint="curve")
    return np.asarray(picture)


SEVEN = [(80, 60), (200, 60), (120, 230)]


def vector_of(picture: Picture) -> np.ndarray:
    vector = preprocess(picture)
    assert vector is not None
    return vector


def test_colours_of_ink_and_paper_do_not_matter() -> None:
    expected = vector_of(drawn(WHITE, BLACK, SEVEN))
    for ink, paper in ((BLACK, WHITE), (BLACK, CLEAR), (WHITE, CLEAR), ((255, 0, 0, 255), BLACK)):
        np.testing.assert_array_equal(vector_of(drawn(ink, paper, SEVEN)), expected)


def test_faint_ink_counts_as_much_as_strong_ink() -> None:
    strong, faint = drawn(BLACK, WHITE, SEVEN), drawn((200, 200, 255, 255), WHITE, SEVEN)
    np.testing.assert_allclose(vector_of(faint), vector_of(strong), atol=0.02)


def test_the_place_on_the_canvas_does_not_matter() -> None:
    moved = [(x + 45, y - 30) for x, y in SEVEN]
    np.testing.assert_array_equal(vector_of(drawn(WHITE, BLACK, moved)), vector_of(drawn(WHITE, BLACK, SEVEN)))


def test_each_step_follows_mnists_recipe() -> None:
    steps = preprocessing_steps(drawn(WHITE, BLACK, SEVEN))
    assert steps is not None
    assert steps.ink.shape == (280, 280)
    assert max(steps.crop.shape) < 200
    assert all(edge.any() for edge in (steps.crop[0], steps.crop[-1], steps.crop[:, 0], steps.crop[:, -1]))
    assert max(steps.box.shape) == 20
    height, width = steps.crop.shape
    assert steps.box.shape[1] == pytest.approx(20 * width / height, abs=0.5)
    rows, columns = np.indices((28, 28))
    mass = steps.centred / steps.centred.sum()
    assert (mass * rows).sum() == pytest.approx(14, abs=0.5)
    assert (mass * columns).sum() == pytest.approx(14, abs=0.5)
    assert steps.centred.sum() == steps.box.sum()
    np.testing.assert_array_equal(preprocess(drawn(WHITE, BLACK, SEVEN)), steps.centred.reshape(-1) / np.float32(255))


def test_mnists_own_pictures_barely_change() -> None:
    mnist = load_mnist()
    images, labels = mnist.x_test[:1000], mnist.y_test[:1000]
    opaque = np.full_like(images, 255)
    pictures = np.stack([images, images, images, opaque], axis=-1)
    vectors = np.stack([vector_of(picture) for picture in pictures])
    assert np.abs(vectors * 255 - images.reshape(-1, 784)).mean() < 3
    assert (load_network("notebook").predict(vectors).argmax(axis=1) == labels).mean() > 0.96


@pytest.mark.parametrize("colour", [WHITE, BLACK, CLEAR, (255, 0, 0, 255), (9, 9, 9, 120)])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (280, 280)])
def test_a_page_of_one_colour_is_blank(colour: tuple[int, ...], size: tuple[int, int]) -> None:
    assert preprocess(np.full((*size, 4), colour, np.uint8)) is None


def test_specks_too_faint_to_be_ink_are_blank() -> None:
    noise = np.random.default_rng(0).integers(245, 256, size=(280, 280, 4), dtype=np.uint8)
    assert preprocess(noise) is None


def test_a_dot_becomes_a_disc_in_the_middle() -> None:
    picture = Image.new("RGBA", (280, 280), BLACK)
    ImageDraw.Draw(picture).circle((50, 50), 3, fill=WHITE)
    image = vector_of(np.asarray(picture)).reshape(28, 28)
    assert image[14, 14] == 1
    assert not image[:3].any()
    assert not image[-3:].any()


@pytest.mark.parametrize("size", [280, 455, 1120, 4000])
def test_thin_ink_on_a_large_picture_does_not_vanish(size: int) -> None:
    picture = np.zeros((size, size, 4), np.uint8)
    picture[..., 3] = 255
    picture[0, 0] = picture[-1, -1] = 255
    image = vector_of(picture).reshape(28, 28)
    assert image.max() == 1
    assert np.count_nonzero(image) == 2


def test_a_single_pixel_is_a_drawing() -> None:
    picture = np.zeros((280, 280, 4), np.uint8)
    picture[100, 100] = 255
    assert vector_of(picture).sum() == 400


@pytest.mark.parametrize("points", [[(140, 20), (140, 260)], [(20, 140), (260, 140)]])
def test_a_straight_line_keeps_its_aspect(points: list[tuple[int, int]]) -> None:
    steps = preprocessing_steps(drawn(WHITE, BLACK, points))
    assert steps is not None
    assert sorted(steps.box.shape) == [2, 20]


def test_ink_up_to_the_edge_is_not_cut_off() -> None:
    steps = preprocessing_steps(drawn(WHITE, BLACK, [(0, 0), (279, 0), (0, 279)]))
    assert steps is not None
    assert steps.crop.shape == (280, 280)
    assert steps.centred.sum() == steps.box.sum()


def test_a_one_sided_drawing_stays_within_the_picture() -> None:
    picture = np.zeros((280, 280, 4), np.uint8)
    picture[60:220, 40:80] = 255
    picture[100:102, 40:240] = 255
    steps = preprocessing_steps(picture)
    assert steps is not None
    assert steps.centred.sum() == steps.box.sum()


def test_a_huge_picture_gives_almost_the_same_vector() -> None:
    huge = Image.fromarray(drawn(BLACK, WHITE, SEVEN)).resize((4000, 4000), Image.Resampling.BICUBIC)
    difference = vector_of(np.asarray(huge)) - vector_of(drawn(BLACK, WHITE, SEVEN))
    assert np.abs(difference).mean() < 0.01


@settings(max_examples=300, deadline=None)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(4))))
def test_any_picture_gives_a_vector_or_none(picture: Picture) -> None:
    vector = preprocess(picture)
    if vector is not None:
        assert vector.shape == (784,)
        assert vector.dtype == np.float32
        assert vector.min() >= 0
        assert vector.max() == 1


@pytest.mark.parametrize(
    "not_a_picture",
    [np.zeros((28, 28), np.uint8), np.zeros((28, 28, 3), np.uint8), np.zeros((28, 28, 4)), np.zeros((0, 5, 4), "u1")],
)
def test_an_array_that_is_not_a_picture_raises(not_a_picture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="A picture is uint8"):
        preprocess(not_a_picture)
