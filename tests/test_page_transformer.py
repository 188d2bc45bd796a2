"""The Transformer page: its three figures, its link, and what its prose claims."""

from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.engine.training import train
from core.link.address import read
from core.link.decoding import decode
from core.link.forms import EXPERIMENT, join
from core.spec.experiment import Experiment, Optimizer
from core.spec.view import View
from core.text import Text
from core.ui.sections import SECTIONS
from pages.transformer.one_unit import MOST, UnitSpec
from pages.transformer.sum.figure import build_network
from pages.transformer.sum.spec import NETWORK
from pages.transformer.units import UNIT

FORM = join(EXPERIMENT, UNIT)
DEFAULTS = (NETWORK, View(), UnitSpec())
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


@pytest.mark.parametrize("scene", [s for section in SECTIONS if section.key == "transformer" for s in section.scenes])
def test_a_link_of_the_first_version_is_what_each_scene_shows(scene):
    own = UnitSpec(weight=-1.3, bias=0.0, output=2.5, activation="silu", shape="parabola")
    shared = (Experiment(optimizers=(Optimizer("SGD"),), width=4, data="ripple", epochs=2), View(step=5), own)
    found = read(parse_qs(FORM.encode(shared, "en"), keep_blank_values=True), scene.place)
    assert not found.problems
    flat, all_ = scene.form.flatten(found.specs), FORM.flatten(shared)
    assert flat == {name: all_[name] for name in flat}


@pytest.mark.parametrize(
    "e", [NETWORK, replace(NETWORK, width=128, activation="gelu"), replace(NETWORK, width=128, data="ripple")]
)
def test_the_charts_stay_small(e):
    shown = build_network(train(e), View(), Text("en"))
    assert all(len(str(c.spec)) < 300_000 for c in shown.charts)
