"""The Draw page, without a browser."""

import json
import math
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from threadpoolctl import threadpool_info

import model.bundled_networks
from pages.widgets.networks.picker import cached_network
from tests.canvas_states import canvas_state, is_history_elsewhere, press

ROOT = Path(__file__).parents[2]
SEVEN = [(80.0, 60.0), (200, 60), (120, 230)]
ONE = [(140.0, 40.0), (140, 240)]


def reading(app: AppTest) -> str:
    """Return the answer's HTML."""
    body = next(str(html.proto.body) for html in app.get("html") if "data-digit" in html.proto.body)
    return re.sub(r' data-answer="\d+"', "", body)  # a new number in each run


def prediction(app: AppTest) -> str | None:
    """Return the digit that the page names, if any."""
    found = re.search(r'data-testid="prediction">(\d)<', reading(app))
    return found and found[1]


@pytest.fixture
def app() -> AppTest:
    cached_network.clear()  # a test may have put other files in place
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    return app.run()


def draw(app: AppTest, *lines: list[tuple[float, float]]) -> None:
    app.session_state["canvas"] = canvas_state(*lines)
    app.run()
    assert not app.exception


def initial_drawing(app: AppTest) -> dict[str, Any]:
    """Return the drawing that the latest run gave to the canvas."""
    canvas = next(each for each in app.get("bidi_component") if "drawable_canvas" in each.proto.component_name)
    drawing: dict[str, Any] = json.loads(canvas.proto.json)["initialDrawing"]
    return drawing


def test_canvas_gets_another_drawing_in_the_run_that_asks_for_it(app: AppTest) -> None:
    draw(app, SEVEN)
    assert initial_drawing(app)["objects"] == []
    app.session_state["drawing_history_canvas"].reseed()
    app.run()
    assert len(initial_drawing(app)["objects"]) == 1
    assert prediction(app) == "7"


def test_empty_canvas_asks_for_a_drawing(app: AppTest) -> None:
    assert not app.exception
    assert prediction(app) is None
    assert "Draw one digit" in reading(app)
    assert reading(app).count("data-digit=") == 10
    assert set(re.findall(r'data-probability="([^"]*)"', reading(app))) == {"0.000000"}


def test_drawing_is_read(app: AppTest) -> None:
    draw(app, SEVEN)
    assert prediction(app) == "7"
    probabilities = [float(p) for p in re.findall(r'data-probability="([^"]*)"', reading(app))]
    assert sum(probabilities) == pytest.approx(1, abs=1e-5)
    assert max(probabilities) == probabilities[7]
    assert re.search(r'data-digit="7"[^>]*class="top"', reading(app))
    assert reading(app).count('class="top"') == 1


def test_undo_brings_a_cleared_drawing_back(app: AppTest) -> None:
    draw(app, ONE)
    press(app, "Clear")
    assert prediction(app) is None
    assert is_history_elsewhere(app) == (False, False)
    draw(app, SEVEN)
    assert is_history_elsewhere(app) == (True, False)
    press(app, "Undo")
    assert is_history_elsewhere(app) == (False, True)
    draw(app, ONE)  # the picture, which the canvas sends
    assert prediction(app) == "1"
    press(app, "Redo")
    assert is_history_elsewhere(app) == (True, False)


def test_unsure_answer_names_both_digits(app: AppTest) -> None:
    draw(app, [(170, 57), (80, 134), (93, 207), (161, 193), (205, 91), (120, 163)])  # a 0 with a tail, or a 6
    probabilities = [float(p) for p in re.findall(r'data-probability="([^"]*)"', reading(app))]
    first, second = sorted(range(10), key=lambda digit: -probabilities[digit])[:2]
    assert probabilities[first] < 0.6 or probabilities[first] - probabilities[second] < 0.2, "the drawing is too clear"
    assert re.search(rf"Not sure: <strong>{first}</strong> .* or <strong>{second}</strong>", reading(app))


def test_scribble_is_said_not_to_look_like_a_digit(app: AppTest) -> None:
    draw(app, [(60, 80), (220, 80)], [(60, 200), (220, 200)], [(100, 40), (90, 240)], [(190, 40), (180, 240)])
    assert "This does not look like a digit." in reading(app)
    assert prediction(app) is not None, "the network names one all the same"
    draw(app, SEVEN)
    assert "This does not look like a digit." not in reading(app)


def test_changing_the_pen_width_keeps_the_drawing(app: AppTest) -> None:
    draw(app, SEVEN)
    before = reading(app)
    app.slider("pen_width").set_value(36).run()
    assert reading(app) == before


def test_malformed_canvas_state_gets_a_sentence_and_the_drawing_stays(app: AppTest) -> None:
    draw(app, SEVEN)
    before = reading(app)
    for drawing in ("text", {"raw": {}, "data": "x"}, {"raw": None, "data": canvas_state(ONE)["drawing"]["data"]}):
        app.session_state["canvas"] = {"drawing": drawing, "backgroundFit": None}
        app.run()
        assert not app.exception
        assert [error.value for error in app.error] == ["This drawing cannot be read: press Clear and draw again."]
        assert reading(app) == before
    press(app, "Clear")
    assert not app.exception
    draw(app, SEVEN, ONE)
    assert not app.error


def test_damaged_network_gets_a_sentence_and_the_canvas_stays(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path)
    cached_network.clear()
    draw(app, SEVEN)
    assert len(app.error) == 1
    assert "git checkout -- model/robust" in app.error[0].value
    assert prediction(app) is None
    monkeypatch.undo()
    app.run()
    assert prediction(app) == "7"


def test_both_networks_answer_side_by_side_on_request(app: AppTest) -> None:
    draw(app, SEVEN)
    alone = reading(app)
    app.toggle("compare").set_value(True).run()
    assert not app.exception
    names = re.findall(r'<p class="network">([^<]*)</p>', reading(app))
    assert names == ["Robust", "Simple"]
    assert alone in reading(app)
    assert reading(app).count('class="digit"') == 2
    assert reading(app).count('class="percent"') == 20
    # The answer by which the page is read stands there once.
    assert reading(app).count("data-digit=") == 10
    assert reading(app).count("data-testid=") == 1
    assert reading(app).count("data-source=") == 1
    app.segmented_control("network").set_value("notebook").run()
    assert re.findall(r'<p class="network">([^<]*)</p>', reading(app)) == ["Simple", "Robust"]
    app.toggle("compare").set_value(False).run()
    assert reading(app).count('class="digit"') == 1


def test_the_networks_disagree_on_a_slashed_zero(app: AppTest) -> None:
    turns = [math.tau * i / 24 for i in range(25)]
    ring = [(140 + 55 * math.sin(turn), 140 - 90 * math.cos(turn)) for turn in turns]
    draw(app, ring, [(205, 40), (75, 240)])
    assert prediction(app) == "0"
    app.segmented_control("network").set_value("notebook").run()
    assert prediction(app) == "8"


def test_both_answers_keep_their_places_without_a_drawing(app: AppTest) -> None:
    app.toggle("compare").set_value(True).run()
    assert reading(app).count("Draw one digit") == 2
    assert prediction(app) is None


def test_unreadable_network_leaves_the_answer_of_the_other(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(model.bundled_networks.BUNDLED / "robust", tmp_path / "robust")
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path)
    cached_network.clear()
    app.toggle("compare").set_value(True)
    draw(app, SEVEN)
    assert ["model/notebook" in error.value for error in app.error] == [True]
    assert prediction(app) == "7"
    assert reading(app).count("No answer: this network cannot be read.") == 1
    assert "Draw one digit" not in reading(app)


def test_preprocessing_is_computed_only_while_open(app: AppTest) -> None:
    draw(app, SEVEN)
    assert not any("numbers" in html.proto.body for html in app.get("html") if "<style>" not in html.proto.body)
    app.session_state["steps"] = True
    app.session_state["numbers"] = True
    app.run()
    bodies = [html.proto.body for html in app.get("html")]
    assert sum(body.count("<figure>") for body in bodies if 'class="steps"' in body) == 4
    assert sum(body.count("<span") for body in bodies if 'class="numbers"' in body) == 784


def test_drawing_is_read_by_one_thread(app: AppTest) -> None:
    """More threads would wait for each other while other visitors' drawings keep the cores busy."""
    draw(app, SEVEN)
    # scikit-learn, which other tests import, brings a second BLAS.
    numpys = [pool for pool in threadpool_info() if pool["user_api"] == "blas" and "numpy" in pool["filepath"]]
    assert [pool["num_threads"] for pool in numpys] == [1]


def test_no_page_imports_tensorflow() -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        "from pages.widgets.app.page_list import PAGES\n"
        "for page in PAGES:\n"
        "    app = AppTest.from_file('streamlit_app.py', default_timeout=120).run()\n"
        "    app.switch_page(f'pages/{page.name}.py').run()\n"
        "    assert not app.exception, app.exception\n"
        "assert not {'tensorflow', 'keras', 'sklearn'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
