"""The first charts of a visit have the browser to themselves."""

from types import SimpleNamespace

import streamlit as st

from core.ui import drawing, stage
from tests.test_pages import open_page, said

GRADIENTS = {"scene": "gradients"}


def test_what_stands_under_the_first_charts_comes_after_them(monkeypatch):
    monkeypatch.setattr(stage, "let_paint", st.stop)
    app = open_page("objective", GRADIENTS)
    assert any(one.proto.component_name.endswith("small_steps_player") for one in app.get("bidi_component"))
    assert "What you can now say" in said(app)
    assert not app.table
    assert not app.get("vega_lite_chart")


def test_only_the_first_charts_of_a_visit_are_waited_for(monkeypatch):
    waited = []
    monkeypatch.setattr(drawing, "time", SimpleNamespace(sleep=waited.append))
    app = open_page("objective", GRADIENTS)
    app.run()
    assert waited == [drawing.FIRST]
    assert app.table
    assert app.get("vega_lite_chart")
