"""The training-curves page's logic, without a browser."""

import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import model.network

HEADER = "epoch,loss,accuracy,val_loss,val_accuracy\n"
ROOT = Path(__file__).parents[2]


def open_page() -> AppTest:
    st.cache_data.clear()
    return AppTest.from_file(str(ROOT / "pages" / "training.py"), default_timeout=30).run()


def test_two_charts_with_axes_legend_and_a_sentence_each() -> None:
    app = open_page()
    assert not app.exception
    charts = [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]
    assert [chart["encoding"]["y"]["title"] for chart in charts] == ["Loss (cross-entropy)", "Accuracy"]
    for chart in charts:
        assert chart["encoding"]["x"]["title"] == "Epoch"
        assert "color" in chart["encoding"]
    text = " ".join(markdown.value for markdown in app.markdown)
    assert "overfitting" in text
    assert "10,000 test images" in text
    assert "97.5" in text


@pytest.mark.parametrize("content", [None, "", "epoch,loss\n1,0.5\n", "\0\0\0", HEADER, HEADER + "1,a,b,c,d\n"])
def test_a_damaged_history_gets_a_sentence(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notebook").mkdir()
    if content is not None:
        (tmp_path / "notebook" / "history.csv").write_text(content)
    monkeypatch.setattr(model.network, "BUNDLED", tmp_path)
    app = open_page()
    assert not app.exception
    assert "git checkout -- model/notebook" in app.error[0].value
