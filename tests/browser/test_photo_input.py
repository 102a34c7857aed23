"""A picture, the camera and a test image as inputs, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from model.files.limits import MAX_PHOTOGRAPH_BYTES
from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.visitor import SEVEN, Visitor, complaints_of
from tests.photographs import as_file, paper, write

EXPANDER = "More ways in"


def open_ways_in(visitor: Visitor, way: str) -> None:
    visitor.page.get_by_text(EXPANDER).click()
    visitor.page.get_by_role("radio", name=way).click()


def bring(page: Page, data: bytes, name: str = "photo.jpg") -> None:
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": data})


@pytest.mark.parametrize("width", [1280, 390])
def test_digits_on_a_photograph_are_read(visitor: Visitor, width: int) -> None:
    page = visitor.page
    complaints = complaints_of(page)
    page.set_viewport_size({"width": width, "height": 900})
    visitor.draw(SEVEN)
    visitor.reads(7)
    open_ways_in(visitor, "A picture")
    upload = page.get_by_test_id("stFileUploader").locator("button").bounding_box()
    assert upload is not None
    assert upload["width"] > 80
    bring(page, as_file(write(paper(), [7, 4, 1])))
    expect(page.locator(".number")).to_have_text("741")
    expect(page.locator(".boxes .box")).to_have_count(3)
    picture, box = page.locator("img.photograph").bounding_box(), page.locator(".boxes .box").nth(0).bounding_box()
    assert picture is not None
    assert box is not None
    assert box["x"] - picture["x"] == pytest.approx(113 / 800 * picture["width"], abs=4)
    assert box["y"] - picture["y"] == pytest.approx(193 / 600 * picture["height"], abs=4)
    assert picture["x"] + picture["width"] <= width
    visitor.reads(7)
    assert len(visitor.bars()) == 10, "only the canvas' answer is the one that others find"
    page.get_by_role("radio", name="2nd: 4").click()
    expect(page.locator(".boxes .chosen")).to_contain_text("4:")
    page.get_by_role("button", name="Put this digit on the canvas").click()
    visitor.reads(4)
    expect(page.get_by_text("It is on the canvas, above.")).to_be_visible()
    assert visitor.ink() > 1000
    visitor.press("Undo")
    visitor.reads(7)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


def test_unreadable_picture_gets_a_sentence_and_the_next_one_is_read(visitor: Visitor) -> None:
    open_ways_in(visitor, "A picture")
    bring(visitor.page, b"no picture at all")
    expect(visitor.page.get_by_text("This file is not a picture that can be read")).to_be_visible()
    bring(visitor.page, as_file(paper()))
    expect(visitor.page.get_by_text("No ink was found on this picture")).to_be_visible()
    bring(visitor.page, as_file(Image.new("RGB", (4000, 2600), "white")))
    expect(visitor.page.get_by_text("This picture has 10.4 megapixels")).to_be_visible()
    bring(visitor.page, as_file(write(paper(), [5])))
    expect(visitor.page.locator(".number")).to_have_text("5")
    expect(visitor.page.get_by_text("megapixels,")).to_have_count(0)


def test_too_large_file_gets_a_sentence_in_place_of_the_one_before(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    open_ways_in(visitor, "A picture")
    before = page.get_by_text("This file is not a picture that can be read")
    bring(page, b"no picture at all")
    expect(before).to_be_visible()
    visitor.settle()  # until there is a new uploader
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(MAX_PHOTOGRAPH_BYTES + 1))
    page.locator("input[type=file]").first.set_input_files(large)
    sentence = page.get_by_text("File must be 20.0MB or smaller.")
    expect(sentence).to_be_visible()
    box, chip = sentence.bounding_box(), page.get_by_test_id("stFileUploaderDropzone").bounding_box()
    assert box is not None
    assert chip is not None
    assert box["width"] > 150
    assert box["height"] > 15
    assert chip["y"] < box["y"] < chip["y"] + chip["height"] - box["height"]
    expect(before).to_be_hidden()


def test_another_network_reads_the_photograph_again(visitor: Visitor) -> None:
    open_ways_in(visitor, "A picture")
    bring(visitor.page, as_file(write(paper(), [7, 1])))
    expect(visitor.page.locator(".number")).to_have_text("71")
    visitor.page.get_by_text("Show both networks' answers").click()
    expect(visitor.page.get_by_text("Simple reads")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_test_image_is_chosen_by_its_number(visitor: Visitor, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 900})
    open_ways_in(visitor, "A test image")
    expect(visitor.page.get_by_text("MNIST's label says that it is a 9.")).to_be_visible()
    number = visitor.page.get_by_label("Test image, 0 to 9,999")
    expect(number).to_have_value("9")
    visitor.page.get_by_role("button", name="Put it on the canvas").click()
    visitor.reads(9)
    number.fill("0")
    number.press("Enter")
    expect(visitor.page.get_by_text("MNIST's label says that it is a 7.")).to_be_visible()
    visitor.page.get_by_role("button", name="Put it on the canvas").click()
    visitor.reads(7)
    visitor.press("Undo")
    visitor.reads(9)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an uncompressed film of what the camera sees: 7 and 4 on paper."""
    picture = write(paper(640, 480), [7, 4], at=(120, 150)).convert("YCbCr")
    y, cb, cr = (np.asarray(channel) for channel in picture.split())
    planes = b"".join(plane.tobytes() for plane in (y, cb[::2, ::2], cr[::2, ::2]))
    path = tmp_path_factory.mktemp("camera") / "paper.y4m"
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + b"".join([b"FRAME\n" + planes] * 3))
    return path


@pytest.fixture
def page_with_camera(film: Path, playwright: Playwright, request: pytest.FixtureRequest) -> Iterator[Page]:
    browser = launch(
        playwright,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    context = browser.new_context(viewport={"width": request.param, "height": 900}, permissions=["camera"])
    yield context.new_page()
    browser.close()


PLAYS = "[...document.querySelectorAll('video')].some(video => video.videoWidth && video.readyState > 2)"


@pytest.mark.parametrize("page_with_camera", [1280, 390], indirect=True)
def test_digits_in_front_of_the_camera_are_read(page_with_camera: Page, server: Server) -> None:
    visitor = Visitor(page_with_camera).arrive(server.url)
    open_ways_in(visitor, "The camera")
    visitor.settle()  # until then, Streamlit may replace the video
    page_with_camera.wait_for_function(PLAYS)
    page_with_camera.get_by_role("button", name="Take Photo").click()
    expect(page_with_camera.locator(".number")).to_have_text("74")
    assert page_with_camera.evaluate("document.documentElement.scrollWidth") <= page_with_camera.viewport_size["width"]  # type: ignore[index]
