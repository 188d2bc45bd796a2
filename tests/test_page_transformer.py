"""The Transformer page: its three figures, its link, and what its prose claims."""

from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.data_sets import DATA_SETS
from core.engine.network import ACTIVATIONS
from core.engine.training import train
from core.link.decoding import decode
from core.link.forms import EXPERIMENT, join
from core.one_unit import MOST, UnitSpec
from core.spec.experiment import Experiment, Optimizer, View
from core.text import LANGUAGES, Text
from core.ui.one_unit import UNIT
from core.ui.transformer import NETWORK, build_network
from tests.test_pages import JUNK, open_page

FORM = join(EXPERIMENT, UNIT)
DEFAULTS = (NETWORK, View(), UnitSpec())
OWN_JUNK = {"unit.w": "5", "unit.b": "nan", "unit.v": "many", "unit.act": "<b>", "shape": "../x"}
COEFFICIENT = st.floats(-MOST, MOST)
UNITS = st.builds(
    UnitSpec,
    weight=COEFFICIENT,
    bias=COEFFICIENT,
    output=COEFFICIENT,
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    shape=st.sampled_from(sorted(DATA_SETS)),
)


@settings(deadline=None, max_examples=50)
@given(UNITS)
def test_a_link_gives_the_unit_back(unit):
    query = parse_qs(FORM.encode((NETWORK, View(), unit), "en"), keep_blank_values=True)
    decoded = decode(query, FORM, DEFAULTS)
    assert decoded.specs == (NETWORK, View(), unit)
    assert not decoded.problems


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_link_is_what_the_page_shows(language):
    own = UnitSpec(weight=-1.3, bias=0.0, output=2.5, activation="silu", shape="parabola")
    shared = (Experiment(optimizers=(Optimizer("SGD"),), width=4, data="ripple", epochs=2), View(step=5), own)
    app = open_page("transformer", parse_qs(FORM.encode(shared, language), keep_blank_values=True), language)
    assert not app.warning
    assert FORM.build(app.session_state["situations"]["transformer"].flat) == shared
    assert app.select_slider(key="unit.w").value == -1.3
    assert app.selectbox(key="shape").value == "parabola"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_junk_link_gives_the_defaults_and_one_notice(language):
    app = open_page("transformer", JUNK | OWN_JUNK, language)
    assert [w.value for w in app.warning] == [Text(language)("link.notice")]
    for name in JUNK | OWN_JUNK:
        assert f"{name}=" in app.text[0].value
    assert FORM.build(app.session_state["situations"]["transformer"].flat) == DEFAULTS


def test_everything_to_try_runs_and_says_what_to_look_for():
    app = open_page("transformer")
    keys = [b.key for b in app.button if b.key and b.key.startswith("try.")]
    assert len(keys) == 3
    for key in keys:
        app.button(key=key).click().run()
        assert not app.exception
        assert len(app.info) == 1


@pytest.mark.parametrize(
    "e", [NETWORK, replace(NETWORK, width=128, activation="gelu"), replace(NETWORK, width=128, data="ripple")]
)
def test_the_charts_stay_small(e):
    shown = build_network(train(e), View(), Text("en"))
    assert all(len(str(c.spec)) < 300_000 for c in shown.charts)
