"""The Unknowns page as the server makes it: defaults, a shared link, a junk link, its controls, both languages."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.catalogue.optimizers import named
from core.link.address import read
from core.link.decoding import decode
from core.text import LANGUAGES, Text
from core.ui.sections import SECTIONS
from pages.unknowns.clustering import Clustering
from pages.unknowns.controls import MOST_TRIES
from pages.unknowns.forms import DEFAULTS, FORM
from pages.unknowns.formula_fit import BOUND, FORMULAS, FormulaFit, draw
from pages.unknowns.two_classes import Logistic
from tests.test_pages import open_page, said

PAGE = "unknowns"
ENGLISH = Text("en")
SCENES = next(section.scenes for section in SECTIONS if section.key == PAGE)
SHARED = (
    FormulaFit("sine", 1.5, 2.25, 0.35, -1.7, 0.1, 100, 42, True, ("Momentum", "AdamW"), 0.02, 60, 30),
    Logistic(4.0, 50, 7, ("RMSprop",), 0.3, 30),
    Clustering(3, 0.3, 100, 9, ("Adam", "SGD", "Adagrad"), 1.0, 30),
)


def opened(scene: str, query: dict[str, str] | None = None, language: str = "en") -> AppTest:
    return open_page(PAGE, {"v": "2", "scene": scene} | (query or {}), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_defaults_say_what_each_figure_shows(language):
    text = Text(language)
    values = {"name": "SGD", "step": 7, "loss": "1.55"}
    assert text("unknowns.tried_first", loss="4.83") in said(opened("swap", language=language))
    boundary = text("unknowns.logistic.ends", name="Adam", loss="0.216", right=185, count=200)
    assert boundary in said(opened("logistic", language=language))
    centres = said(opened("clusters", language=language))
    assert text("unknowns.kmeans.same", **values) in centres
    assert text("unknowns.kmeans.lloyd_ends", steps=3, loss="1.55") in centres


@pytest.mark.parametrize("scene", [s for s in SCENES if s.key != "network"], ids=lambda s: s.key)  # which came later
def test_a_link_of_the_first_version_is_what_each_scene_shows(scene):
    found = read(parse_qs(FORM.encode(SHARED, "en"), keep_blank_values=True), scene.place)
    assert not found.problems
    assert found.step == 30
    flat, shared = scene.form.flatten(found.specs), FORM.flatten(SHARED)
    assert flat == {name: shared[name] for name in flat}


CHOSEN = st.lists(st.sampled_from(sorted(named())), min_size=1, unique=True).map(tuple)
LEARNER = {
    "seed": st.integers(0, 10**6),
    "optimizers": CHOSEN,
    "rate": st.floats(0, 100, exclude_min=True),
    "steps": st.integers(1, 250),
}
BOUNDED = {name: st.floats(-BOUND, BOUND) for name in ("c1", "c2", "t1", "t2")}


@given(
    st.tuples(
        st.builds(
            FormulaFit,
            formula=st.sampled_from(sorted(FORMULAS)),
            noise=st.floats(0, 2),
            points=st.integers(5, 2000),
            fit=st.booleans(),
            step=st.none() | st.integers(0, 10**6),
            **BOUNDED,
            **LEARNER,
        ),
        st.builds(Logistic, gap=st.floats(0, 10), points=st.integers(10, 2000), **LEARNER),
        st.builds(Clustering, k=st.integers(2, 6), spread=st.floats(0, 3), points=st.integers(20, 500), **LEARNER),
    )
)
@settings(deadline=None)
def test_any_situation_survives_its_link(situation):
    query = parse_qs(FORM.encode(situation, "en"), keep_blank_values=True)
    found = decode(query, FORM, DEFAULTS)
    assert found.specs == situation
    assert not found.problems


def test_tries_are_counted_and_the_best_comes_back():
    app = opened("swap")
    for value in (1.3, -2.0):
        app.select_slider(key="t1").set_value(value).run()
    app.select_slider(key="t2").set_value(2.0).run()
    sample = draw(FormulaFit())
    losses = [sample.loss_at(*pair) for pair in ((-1, 1), (1.3, 1), (-2, 1), (-2, 2))]
    assert min(losses) == losses[1]
    last, best = f"{losses[3]:.3g}", f"{losses[1]:.3g}"
    values = {"count": 4, "best": best, "c1": "w", "v1": "1.3", "c2": "b", "v2": "1"}
    assert ENGLISH("unknowns.tried_again", loss=last, **values) in said(app)
    app.button(key="best").click().run()
    assert (app.select_slider(key="t1").value, app.select_slider(key="t2").value) == (1.3, 1.0)
    assert app.button(key="best").disabled
    assert ENGLISH("unknowns.tried_again", loss=best, **values) in said(app)  # it came back: no try of its own
    assert app.query_params["t1"] == "1.3"
    app.session_state["fold.data"] = True
    app.run()
    app.button(key="new.seed").click().run()
    assert app.query_params["seed"] == "2"
    assert ENGLISH("unknowns.tried_first", loss=f"{draw(FormulaFit(seed=2)).loss_at(1.3, 1):.3g}") in said(app)


def test_however_many_tries_the_best_one_stays():
    app = opened("swap", {"t1": "1.3", "t2": "-0.65"})
    kept = app.session_state["unknowns.tries"]
    kept["tries"] = kept["tries"] + [(i, 3.0, -3.0 + i / 1000, 10.0 + i) for i in range(2, MOST_TRIES + 1)]
    kept["count"] = MOST_TRIES
    for value in (-1.0, -2.0):
        app.select_slider(key="t1").set_value(value).run()
    kept = app.session_state["unknowns.tries"]["tries"]
    assert len(kept) == MOST_TRIES
    assert [kept[0][0], kept[1][0], kept[-1][0]] == [1, 4, MOST_TRIES + 2]
    assert f"{MOST_TRIES + 2} tries" in said(app)


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_optimizer_walks_from_the_last_try(formula):
    app = opened("search", {"formula": formula, "t1": "1.2", "t2": "1.4"})
    app.toggle(key="fit").set_value(True).run()
    assert not app.exception
    assert app.query_params["fit"] == "1"
    hidden = draw(FormulaFit(formula=formula)).hidden
    assert f"{hidden[0]:.3g}" in said(app)
    assert "**SGD** ends at" in said(app)
    diverged = opened("search", {"formula": formula, "t1": "1.2", "t2": "1.4", "fit": "1", "lr": "10"})
    assert "**SGD** diverges" in said(diverged)


@pytest.mark.parametrize(
    ("scene", "name"), [("search", "opt"), ("logistic", "logistic.opt"), ("clusters", "kmeans.opt")]
)
def test_no_optimizer_leaves_the_picture_as_it_was(scene, name):
    app = opened(scene, {"fit": "1"} if scene == "search" else {})
    before = said(app)
    app.pills(key=name).set_value([]).run()
    assert not app.exception
    assert [w.value for w in app.warning] == [ENGLISH("control.refused.opt")]
    assert said(app) == before
