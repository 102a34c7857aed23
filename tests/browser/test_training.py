"""Training your own network in a real browser."""

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Locator, Page, expect

from model.bundled_networks import BUNDLED
from model.files.keras_file import read_keras
from tests.browser.server import Server
from tests.browser.visitor import PATIENCE, SEVEN, Visitor, complaints_of, wait_for_networks, wait_until

QUICK = "/training?images=10000&epochs=5"
LONG = "/training?images=60000&epochs=50"


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


# Lets a test break the connection
KEEP_SOCKETS = """
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
        constructor(...where) {
            super(...where);
            sockets.push(this);
        }
    };
"""


def train(page: Page, url: str) -> None:
    page.goto(url)
    button(page, "Train").click()


def wait_for_result(page: Page) -> None:
    expect(page.get_by_text("of the test images right")).to_be_visible()


def test_curves_grow_and_trained_network_reads_on_draw_page(page: Page, server: Server) -> None:
    train(page, server.url + LONG)
    loss = page.locator(".st-key-growing_loss")
    expect(loss.locator("canvas, svg.marks").first).to_be_visible()
    progress = page.get_by_test_id("stProgress")
    expect(progress).to_contain_text("Epoch 1 of 50")
    expect(page.get_by_role("img", name="weights as pictures")).to_be_visible()
    pictures = set()

    def grows() -> bool:
        pictures.add(loss.screenshot())
        return len(pictures) >= 3

    wait_until(page, grows)
    expect(progress).to_contain_text(re.compile(r"Epoch ([2-9]|\d\d) of 50"))
    expect(page.locator(".st-key-growing_accuracy canvas, .st-key-growing_accuracy svg.marks").first).to_be_visible()
    button(page, "Stop").click()
    wait_for_result(page)
    expect(button(page, "Stop")).to_have_count(0)
    page.get_by_role("link", name="Draw").click()
    visitor = Visitor(page)
    visitor.wait_for_canvas()
    expect(page.get_by_role("radio", name="Mine 1")).to_be_checked()
    wait_for_networks(page)
    visitor.draw(SEVEN)
    visitor.reads(7)
    expect(page.get_by_text("You trained it:")).to_be_visible()
    visitor.press("Clear")
    visitor.reads_nothing()
    visitor.put_pen_down(SEVEN)
    expect(visitor.prediction).to_have_text("7")  # the browser answers before the pen is lifted
    page.mouse.up()
    visitor.reads(7)


def test_reload_during_training_leaves_working_page_and_more_epochs_can_follow(page: Page, server: Server) -> None:
    train(page, server.url + QUICK)
    expect(button(page, "Stop")).to_be_visible()
    page.reload()
    expect(button(page, "Train")).to_be_enabled()
    button(page, "Train").click()
    button(page, "No hidden layer").click()  # the page stays usable
    expect(page.get_by_text("7,850 parameters", exact=True)).to_be_visible()
    wait_for_result(page)
    expect(page.get_by_text("after 5 epochs")).to_be_visible()
    button(page, "One more epoch").dblclick()
    expect(page.get_by_text("after 6 epochs")).to_be_visible()
    assert "hidden=none" in page.url


def test_trained_network_and_code_can_be_downloaded(page: Page, server: Server, tmp_path: Path) -> None:
    train(page, server.url + "/training?images=600&epochs=2&hidden=32&learning_rate=abc")
    expect(page.get_by_text("cannot be chosen: Learning rate")).to_be_visible()
    wait_for_result(page)
    files = {}
    for name in ("Network (.keras)", "Script (.py)", "Notebook (.ipynb)"):
        with page.expect_download() as download:
            button(page, name).first.click()
        files[download.value.suggested_filename] = download.value.path().read_bytes()
    assert set(files) == {"mine-1.keras", "mine-1.py", "mine-1.ipynb"}
    assert [layer.biases.size for layer in read_keras(files["mine-1.keras"]).layers] == [32, 10]
    assert b'Dense(32, activation="relu")' in files["mine-1.py"]
    assert b'Dense(32, activation=\\"relu\\")' in files["mine-1.ipynb"]


def test_two_visitors_take_turns_and_short_break_keeps_place(page: Page, other_page: Page, server: Server) -> None:
    train(page, server.url + LONG)
    expect(button(page, "Stop")).to_be_visible()
    other_page.add_init_script(KEEP_SOCKETS)
    train(other_page, server.url + QUICK)
    expect(other_page.get_by_text("You are 2nd: one training is ahead of yours.")).to_be_visible()
    connections = other_page.evaluate("sockets.at(-1).close(), sockets.length")
    other_page.wait_for_function("before => sockets.length > before", arg=connections)
    state = other_page.locator("[data-test-connection-state]")
    expect(state).to_have_attribute("data-test-connection-state", "CONNECTED")
    expect(page.get_by_test_id("stProgress")).to_contain_text("Epoch")
    button(page, "Stop").dblclick()
    wait_for_result(page)
    wait_for_result(other_page)


def hostile() -> bytes:
    """Return the notebook's network with a megabyte of zeros in place of its weights."""
    packed = io.BytesIO()
    with zipfile.ZipFile(BUNDLED / "notebook" / "network.keras") as archive, zipfile.ZipFile(packed, "w") as bad:
        bad.writestr("config.json", archive.read("config.json"))
        bad.writestr("model.weights.h5", bytes(2**20))
    return packed.getvalue()


def test_upload_is_read_or_refused_with_reason(page: Page, server: Server) -> None:
    page.goto(server.url + QUICK)
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "a.keras", "mimeType": "application/zip", "buffer": hostile()})
    expect(page.get_by_text("This is not a whole .keras file")).to_be_visible()
    chooser.set_input_files(BUNDLED / "robust" / "network.keras")
    expect(page.get_by_text("Loaded. It appears on Draw as “Uploaded 1”")).to_be_visible()
    huge = np.random.default_rng(0).bytes(21 * 2**20)
    chooser.set_input_files({"name": "b.keras", "mimeType": "application/zip", "buffer": huge})
    expect(page.get_by_text("File must be 20.0MB or smaller")).to_be_visible()


def test_worker_ends_with_server_and_log_stays_empty(own_server: Server, page: Page) -> None:
    Visitor(page).arrive(own_server.url)  # by the menu: a link to a page makes Streamlit probe for files
    complaints = complaints_of(page)
    page.get_by_role("link", name="Training curves").click()
    page.get_by_text("Train your own").click()
    button(page, "Train").click()
    wait_for_result(page)
    button(page, "600 images").click()
    button(page, "Train").click()
    expect(page.get_by_text("learns the training images by heart")).to_be_visible()
    wait_for_result(page)
    button(page, "Take more images").click()
    expect(page).to_have_url(re.compile("images=10000.*"))
    expect(page.get_by_text("8,460 steps")).to_be_visible()
    expect(page.get_by_text("Overlay", exact=True)).to_be_visible()
    assert complaints == []
    assert own_server.printed().split(own_server.url)[-1].strip() == ""
    (worker,) = psutil.Process(own_server.process.pid).children()
    own_server.stop()
    worker.wait(timeout=PATIENCE)
