"""The Transformer page: its three figures, its link, and what its prose claims."""

from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import unit_frames
from core.data import DATA_SETS
from core.link import EXPERIMENT, join
from core.link_reading import decode
from core.network import ACTIVATIONS
from core.one_unit import MOST, UnitSpec
from core.spec import Experiment, Optimizer, View
from core.text import LANGUAGES, Text
from core.training import train
from core.ui.one_unit import UNIT
from core.ui.transformer import NETWORK, build_network
from core.ui.widths import build
from core.widths import WIDTHS, widths
from tests.test_pages import JUNK, open_page, said

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


@pytest.fixture(scope="module")
def bump():
    return widths("bump")


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


def test_the_unit_is_described_from_its_numbers():
    app = open_page("transformer", {"unit.w": "1", "unit.b": "-3", "unit.act": "relu"})
    text = Text("en")
    assert text("transformer.unit_dead") in said(app)
    app.selectbox(key="unit.act").set_value("identity").run()
    assert text("transformer.unit_awake", idle=0.01) in said(app)
    assert "$a'=1$" in said(app)


@pytest.mark.parametrize("width", [1, 20, 128])
def test_without_an_activation_the_page_says_that_it_is_a_line(width):
    history = train(replace(NETWORK, activation="identity", width=width))
    assert unit_frames.straight(history, 0).deviation < 1e-5
    assert "It is the straight line" in build_network(history, View(), Text("en")).sentences[1]


def test_without_an_activation_two_inputs_make_a_flat_plane():
    history = train(replace(NETWORK, activation="identity", data="saddle"))
    assert "It is a flat plane" in build_network(history, View(), Text("en")).sentences[1]


def test_three_folds_are_not_enough_for_a_sine():
    losses = [float(train(replace(NETWORK, data="sine", width=w)).full_loss[-1]) for w in (3, 10, 50)]
    assert losses[0] > 5 * losses[1]
    assert losses[1] > losses[2]


def test_the_creases_follow_the_saddle():
    history = train(replace(NETWORK, data="saddle"))
    assert history.outcomes[0].reached is not None
    assert len(unit_frames.fold_lines(history, 0).query("begin == 0")) > 0


def test_two_s_shaped_units_make_a_bump_and_none_straight_ever_does(bump):
    assert bump.needed("tanh") == bump.needed("sigmoid") == 2
    relu = bump.needed("relu")
    assert relu is None or relu > 10
    assert bump.needed("identity") is None
    line = bump.frame[bump.frame["activation"] == "identity"].set_index("width")["median"]
    assert line[100] == pytest.approx(line[1], rel=0.1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_widths_say_how_many_units_are_needed(language, bump):
    text = Text(language)
    shown = build(bump, text)
    assert text("transformer.widths_need", name="tanh", width=2) in shown.sentence
    identity = text("transformer.widths_never", name=text("activation.identity"), most=max(WIDTHS))
    assert identity in shown.sentence


@pytest.mark.parametrize(
    "e", [NETWORK, replace(NETWORK, width=128, activation="gelu"), replace(NETWORK, width=128, data="ripple")]
)
def test_the_charts_stay_small(e):
    shown = build_network(train(e), View(), Text("en"))
    assert all(len(str(c.spec)) < 300_000 for c in shown.charts)
