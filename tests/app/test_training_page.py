"""The bundled networks' curves, without a browser."""

import json
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import model.bundled_networks

HEADER = "epoch,loss,accuracy,val_loss,val_accuracy\n"
ROOT = Path(__file__).parents[2]


def open_page() -> AppTest:
    st.cache_data.clear()
    return AppTest.from_file(str(ROOT / "pages" / "training.py"), default_timeout=120).run()


def curves(app: AppTest) -> list[dict[str, Any]]:
    """Return the encoding of each chart's curves; some charts have an invisible layer below them for the axis."""
    specs = [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]
    encodings: list[dict[str, Any]] = [spec["layer"][-1]["encoding"] for spec in specs]
    return encodings


def text_of(app: AppTest) -> str:
    return " ".join(markdown.value for markdown in app.markdown)


def test_page_shows_two_charts_with_axes_legend_and_sentence() -> None:
    app = open_page()
    assert not app.exception
    assert [curve["y"]["title"] for curve in curves(app)] == ["Loss (cross-entropy)", "Accuracy"]
    for curve in curves(app):
        assert curve["x"]["title"] == "Epoch"
        assert "color" in curve
    text = text_of(app)
    assert "overfitting" in text
    assert "10,000 test images" in text
    assert "97.45%" in text


@pytest.mark.parametrize("content", [None, "", "epoch,loss\n1,0.5\n", "\0\0\0", HEADER, HEADER + "1,a,b,c,d\n"])
def test_damaged_history_is_explained(content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notebook").mkdir()
    if content is not None:
        (tmp_path / "notebook" / "history.csv").write_text(content)
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path)
    app = open_page()
    assert not app.exception
    assert "git checkout -- model/notebook" in app.error[0].value


def test_two_networks_share_each_chart() -> None:
    app = open_page()
    app.pills(key="curves").set_value(["notebook", "robust"]).run()
    assert not app.exception
    for curve in curves(app):
        assert curve["color"]["field"] == "network"
        assert curve["strokeDash"]["field"] == "images"
    text = text_of(app)
    assert "Simple: on the training images the loss falls from 0.281 to 0.012" in text
    assert "Robust: on the training images the loss falls from 0.042 to 0.013" in text
    assert len(app.dataframe) == 2
    app.pills(key="curves").set_value([]).run()
    assert not app.exception
    assert curves(app) == []


def test_page_shows_numbers_and_explains_terms() -> None:
    app = open_page()
    table = app.dataframe[0].value
    assert list(table["epoch"]) == list(range(1, 21))
    (download,) = app.get("download_button")
    assert download.proto.label == "Download as CSV"
    assert r"\ln p_n" in app.latex[0].value
    for word in ("**epoch**", "**batches**", "**Loss**", "*cross-entropy*", "**Accuracy**"):
        assert word in text_of(app)
