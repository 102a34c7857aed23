"""A data file is missing, empty, cut short or of another kind: the pages that need it say so, the others work."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import model.bundled_networks
import model.digit_check
from model.bundled_networks import KNOWN_NAMES
from model.mnist import SHAPES, load_mnist
from pages.widgets.app.page_list import PAGES
from tests.canvas_states import canvas_state

ROOT = Path(__file__).parents[2]
SEVEN = [(80.0, 60.0), (200, 60), (120, 230)]
EVERY_PAGE = tuple(page.name for page in PAGES)


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def mnist(**others: Any) -> bytes:
    """Return a file like MNIST's, with other arrays in place of some."""
    arrays: dict[str, Any] = {name: np.zeros(shape, np.uint8) for name, shape in SHAPES.items()}
    for name in ("y_train", "y_test"):
        arrays[name] = np.arange(len(arrays[name]), dtype=np.uint8) % 10
    return npz(**arrays | others)


def keras(name: str, **changes: Any) -> bytes:
    """Return a bundled network's file with changes to its last layer."""
    after = io.BytesIO()
    with zipfile.ZipFile(ROOT / "model" / name) as before, zipfile.ZipFile(after, "w") as archive:
        for entry in before.namelist():
            data = before.read(entry)
            if entry == "config.json":
                config = json.loads(data)
                config["config"]["layers"][-1]["config"] |= changes
                data = json.dumps(config).encode()
            archive.writestr(entry, data)
    return after.getvalue()


HEADER = "epoch,loss,accuracy,val_loss,val_accuracy\n"
NETWORK = [lambda: b"PK", lambda: npz(a=1), lambda: keras("robust/likeness.keras")]
CARD = [lambda: b"[]", lambda: b"7", lambda: b"\xff", lambda: b"[" * 100_000]
PEN_DIGITS = {"count": 1, "accuracy": 1, "only_resized": 1, "calibration_error": 1, "per_source": {}, "command": ""}


def pen_digits(**changes: Any) -> Callable[[], bytes]:
    """Return what makes a card with changes to its figures on pen digits."""
    return lambda: json.dumps({"pen digits": PEN_DIGITS | changes}).encode()


class File(NamedTuple):
    """A file: which pages need it, and what may stand in its place."""

    pages: tuple[str, ...]
    others: list[Callable[[], bytes]]  # whole files of another kind


DRAW_FOR = ("draw", "why", "inside", "backprop", "test_set")
FILES = {
    "model/robust/network.keras": File(
        DRAW_FOR, [*NETWORK, lambda: keras("robust/network.keras", activation="linear")]
    ),
    "model/notebook/network.keras": File(
        DRAW_FOR, [*NETWORK, lambda: keras("notebook/network.keras", activation="relu")]
    ),
    "model/linear/network.keras": File(("why",), NETWORK),
    "model/robust/history.csv": File(("training",), []),
    "model/notebook/history.csv": File(
        ("training",),
        [
            lambda: HEADER.encode(),
            lambda: (HEADER + "1,0.5,0.5,0.5,many\n").encode(),
            lambda: (HEADER + "1,,,,\n").encode(),
            lambda: (HEADER + "1,inf,2,nan,4\n").encode(),
            lambda: b"a,b\n1,2\n",
            lambda: b"\xff\xfe\x00",
            lambda: b'{"epoch": 1}',
        ],
    ),
    "model/robust/card.json": File(
        ("draw", "test_set"),
        CARD,
    ),
    "model/notebook/card.json": File(
        ("test_set",),
        [*CARD, pen_digits(count=None), pen_digits(per_source=7), pen_digits(accuracy=float("nan"))],
    ),
    "model/robust/map.npz": File(
        ("test_set",),
        [
            lambda: npz(a=1),
            lambda: npz(places=np.zeros((4, 10, 2), np.uint16), alike=np.zeros(4)),
            lambda: npz(places=np.zeros((4, 10_000, 2), np.uint16), alike=np.full(4, np.nan)),
            lambda: npz(places=np.zeros((0, 10_000, 2), np.uint16), alike=np.zeros(0)),
            lambda: (ROOT / "model" / "notebook" / "network.keras").read_bytes(),
        ],
    ),
    "model/notebook/map.npz": File(("test_set",), [lambda: b"[]"]),
    "model/robust/likeness.keras": File(
        ("draw",), [*NETWORK[:2], lambda: (ROOT / "model" / "notebook" / "network.keras").read_bytes()]
    ),
    "assets/mnist.npz": File(
        ("draw", "why", "inside", "backprop", "dataset", "training", "test_set"),
        [
            lambda: npz(a=1),
            lambda: mnist(x_test=np.zeros((5, 28, 28), np.uint8)),
            lambda: mnist(y_test=np.full(10_000, 200, np.uint8)),
            lambda: mnist(y_train=np.zeros(60_000, np.uint8)),
            lambda: b"epoch,loss\n",
        ],
    ),
}
# Pages that need none of these files. Any other page that is not named above is new: it has to work or to say what to
# do, and its own test says which files it needs.
NEEDS_NO_FILE = {"neuron"}
KNOWN_PAGES = NEEDS_NO_FILE.union(*(file.pages for file in FILES.values()))


def damages(file: str) -> Iterator[tuple[str, Callable[[], bytes] | None]]:
    """Yield what may become of a file: a name for it, and the content; None for a missing file."""
    path = ROOT / file
    yield "missing", None
    yield "empty", lambda: b""
    yield "cut short", lambda: path.read_bytes()[: path.stat().st_size // 2]
    for place, other in enumerate(FILES[file].others):
        yield f"another {place}", other


def forget(file: str) -> None:
    """Empty the caches of what is read from a file. The imports are here: Streamlit's components need a running app."""
    from pages.widgets.answer import digit_check
    from pages.widgets.networks import average_rule, mnist_predictions, picker
    from pages.widgets.test_set import embedding_map, pen_digit_results
    from pages.widgets.training import bundled_curves, settings_form

    bundled_curves.bundled_history.clear()
    settings_form.preview_images.clear()
    pen_digit_results.pen_digit_figures.clear()
    digit_check.cached_digit_check.clear()
    name = Path(file).parent.name
    if file.endswith("network.keras"):
        picker.cached_network.clear(name)
    elif file.endswith("map.npz"):
        embedding_map.cached_maps.clear(name)
    elif file.endswith("mnist.npz"):
        mnist_predictions.cached_mnist.clear()
        average_rule.average_rule.clear()


@pytest.fixture
def damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, bytes | None], None]]:
    """Return a function that damages a file in a copy of the app's data, which the app reads during the test."""
    damaged: list[str] = []
    for name in KNOWN_NAMES:
        (tmp_path / "model" / name).mkdir(parents=True)
        for whole in (ROOT / "model" / name).iterdir():
            shutil.copy(whole, tmp_path / "model" / name)
    (tmp_path / "assets").mkdir()
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path / "model")
    monkeypatch.setattr(model.digit_check, "DETECTOR_PATH", tmp_path / "model" / "robust" / "likeness.keras")
    monkeypatch.setattr(model.digit_check, "CARD_PATH", tmp_path / "model" / "robust" / "card.json")

    def put(file: str, content: bytes | None) -> None:
        (tmp_path / file).unlink(missing_ok=True)
        if content is not None:
            (tmp_path / file).write_bytes(content)
        if file.endswith("mnist.npz"):
            monkeypatch.setattr(load_mnist, "__defaults__", (tmp_path / file,))
        damaged.append(file)
        forget(file)

    yield put
    monkeypatch.undo()
    for each in damaged:
        forget(each)


@pytest.fixture
def app() -> AppTest:
    """Return the app of a visitor who has drawn a seven and opened everything."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    app.session_state["canvas"] = canvas_state(SEVEN)
    for name, value in {"compare": True, "ways_in": True, "way_in": "A test image"}.items():
        app.session_state[name] = value
    return app.run()


def complaints(app: AppTest, page: str, file: str) -> set[str]:
    """Return the errors and warnings in those parts of a page that may need the file."""
    said: set[str] = set()

    def run() -> None:
        app.run()
        assert not app.exception, page
        said.update(message.value for message in (*app.error, *app.warning))

    app.switch_page(f"pages/{page}.py")
    if page in ("inside", "backprop"):
        app.session_state["network_inside"] = "robust" if "robust" in file else "notebook"
        run()
    elif page == "training":
        run()
        app.pills("curves").set_value(["notebook", "robust"])
        run()
        app.segmented_control("part").set_value("Train your own")
        run()
        app.select_slider("setting_rotation").set_value(10)
        run()
        app.segmented_control("part").set_value("The bundled networks")
        app.session_state["setting_rotation"] = 0
    elif page == "test_set":
        app.session_state["network_beside"] = "robust"
        app.session_state["viewed_network"] = "Robust" if "robust" in file else "Simple"
        for part in ("Confusion", "Map"):
            app.session_state["test_part"] = part
            run()
    else:
        run()
    return said


def test_pages_complain_about_nothing_when_all_files_are_whole(app: AppTest) -> None:
    assert {page: complaints(app, page, "") for page in EVERY_PAGE} == {page: set() for page in EVERY_PAGE}


@pytest.mark.parametrize(
    ("file", "content"),
    [pytest.param(file, content, id=f"{file} {name}") for file in FILES for name, content in damages(file)],
)
def test_pages_that_need_a_faulty_file_say_so_and_the_others_work(
    file: str,
    content: Callable[[], bytes] | None,
    app: AppTest,
    damage: Callable[[str, bytes | None], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    damage(file, content and content())
    for page in EVERY_PAGE if content is None else FILES[file].pages:
        caplog.clear()
        said = complaints(app, page, file)
        if page in KNOWN_PAGES:
            assert bool(said) == (page in FILES[file].pages), page
        for sentence in said:
            assert file.removesuffix("/network.keras").rpartition("/")[0] in sentence or file in sentence
            assert "git checkout -- " in sentence, "it says what to do"
            assert sentence.count(". ") == 0
            assert sentence.endswith(".")
        if said:
            assert any(record.exc_info for record in caplog.records), "the log has the details"


def app_with(file: str, content: bytes | None, folder: Path) -> AppTest:
    """Run the app in a folder where one of the files for every page has another content, or is missing."""
    (folder / "assets").mkdir()
    for each in ("style.css", "logo.svg", "wordmark.svg"):
        if each != file:
            shutil.copy(ROOT / "assets" / each, folder / "assets")
        elif content is not None:
            (folder / "assets" / each).write_bytes(content)
    shutil.copy(ROOT / "streamlit_app.py", folder)
    (folder / "pages").symlink_to(ROOT / "pages")
    app = AppTest.from_file(str(folder / "streamlit_app.py"), default_timeout=120).run()
    assert not app.exception
    assert app.title[0].value == "Draw a digit"
    return app


@pytest.mark.parametrize("content", [None, b"", b"h1 { color: red; }\n", b"\xff\xfe", b"<p>Some other file</p>"])
def test_pages_work_without_the_style_sheet_and_say_so(
    content: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_with("style.css", content, tmp_path)
    assert ["git checkout -- assets/style.css" in error.value for error in app.error] == [True]
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("file", ["logo.svg", "wordmark.svg"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"\x89PNG"])
def test_pages_work_without_the_logo(
    file: str, content: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not app_with(file, content, tmp_path).error, "no page needs the logo"
    assert any(record.exc_info for record in caplog.records)
