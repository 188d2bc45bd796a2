"""The Unknowns page as the server makes it: defaults, a shared link, a junk link, its controls, both languages."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.catalogue.optimizers import METHODS
from core.clustering import Clustering
from core.formula_fit import BOUND, FORMULAS, FormulaFit, draw
from core.link.decoding import decode
from core.logistic import Logistic
from core.text import LANGUAGES, Text
from core.ui.formulas import MOST_TRIES
from core.ui.sections import ROOT, SECTIONS
from core.ui.unknowns import DEFAULTS, FORM, PAGE, TRIES

SHELL = str(ROOT / "core" / "ui" / "shell.py")
SCRIPT = next(s.script for s in SECTIONS if s.key == PAGE)
ENGLISH = Text("en")
JUNK = {
    "formula": "<script>alert(1)</script>",
    "t1": "99",
    "c2": "nan",
    "opt": "Lion",
    "logistic.gap": "-1",
    "kmeans.k": "7",
    "kmeans.n": "1e9",
    "seed": "1.5",
    "nonsense": "1",
}
SHARED = (
    FormulaFit("sine", 1.5, 2.25, 0.35, -1.7, 0.1, 100, 42, True, ("Momentum", "AdamW"), 0.02, 60, 30),
    Logistic(4.0, 50, 7, ("RMSprop",), 0.3, 30),
    Clustering(3, 0.3, 100, 9, ("Adam", "SGD", "Adagrad"), 1.0, 30),
)


def open_page(query: dict[str, list[str] | str] | None = None, language: str = "en") -> AppTest:
    """Open the page as a fresh visitor with this query."""
    app = AppTest.from_file(SHELL, default_timeout=120)
    app.query_params["lang"] = language
    app.run()
    for name, value in (query or {}).items():
        app.query_params[name] = value
    app.switch_page(SCRIPT).run()
    assert not app.exception
    return app


def specs(app: AppTest) -> tuple:
    return FORM.build(app.session_state["situations"][PAGE].flat)


def said(app: AppTest) -> str:
    return "\n".join(m.value for m in app.markdown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_defaults_say_what_each_figure_shows(language):
    app, text = open_page(language=language), Text(language)
    assert app.title[0].value == text("shell.page.unknowns.title")
    assert not app.warning
    assert specs(app) == DEFAULTS
    values = {"name": "SGD", "step": 7, "loss": "1.55"}
    assert text("unknowns.kmeans.same", **values) in said(app)
    assert text("unknowns.kmeans.lloyd_ends", steps=3, loss="1.55") in said(app)
    assert text("unknowns.logistic.ends", name="Adam", loss="0.216", right=185, count=200) in said(app)
    assert text("unknowns.tried_first", loss="4.83") in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_link_is_what_the_page_shows(language):
    app = open_page(parse_qs(FORM.encode(SHARED, language), keep_blank_values=True), language)
    assert not app.warning
    assert specs(app) == SHARED
    assert app.slider(key="t2").value == -1.7
    assert app.select_slider(key="kmeans.lr").value == 1.0
    assert Text(language)("unknowns.new_data", seed=42) in [b.label for b in app.button]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_junk_link_gives_the_defaults_and_one_notice(language):
    app = open_page(JUNK, language)
    assert [w.value for w in app.warning] == [Text(language)("link.notice")]
    assert len(app.text) == 1
    for name in JUNK:
        assert f"{name}=" in app.text[0].value
    assert specs(app) == DEFAULTS


CHOSEN = st.lists(st.sampled_from(sorted(METHODS)), min_size=1, unique=True).map(tuple)
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
    app = open_page()
    for value in (1.3, -2.0):
        app.slider(key="t1").set_value(value).run()
    app.slider(key="t2").set_value(2.0).run()
    sample = draw(FormulaFit())
    losses = [sample.loss_at(*pair) for pair in ((-1, 1), (1.3, 1), (-2, 1), (-2, 2))]
    assert min(losses) == losses[1]
    last, best = f"{losses[3]:.3g}", f"{losses[1]:.3g}"
    values = {"count": 4, "best": best, "c1": "w", "v1": "1.3", "c2": "b", "v2": "1"}
    assert ENGLISH("unknowns.tried_again", loss=last, **values) in said(app)
    app.button(key="best").click().run()
    assert (app.slider(key="t1").value, app.slider(key="t2").value) == (1.3, 1.0)
    assert app.button(key="best").disabled
    assert ENGLISH("unknowns.tried_again", loss=best, **(values | {"count": 5})) in said(app)
    assert app.query_params["t1"] == "1.3"
    app.button(key="new.seed").click().run()
    assert specs(app)[0].seed == 2
    assert ENGLISH("unknowns.tried_first", loss=f"{draw(FormulaFit(seed=2)).loss_at(1.3, 1):.3g}") in said(app)


def test_however_many_tries_the_best_one_stays():
    app = open_page({"t1": "1.3", "t2": "-0.65"})
    kept = app.session_state["unknowns.tries"]
    kept["tries"] = kept["tries"] + [(i, 3.0, -3.0 + i / 1000, 10.0 + i) for i in range(2, MOST_TRIES + 1)]
    kept["count"] = MOST_TRIES
    for value in (-1.0, -2.0):
        app.slider(key="t1").set_value(value).run()
    kept = app.session_state["unknowns.tries"]["tries"]
    assert len(kept) == MOST_TRIES
    assert [kept[0][0], kept[1][0], kept[-1][0]] == [1, 4, MOST_TRIES + 2]
    assert f"{MOST_TRIES + 2} tries" in said(app)


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_optimizer_walks_from_the_last_try(formula):
    app = open_page({"formula": formula, "t1": "1.2", "t2": "1.4"})
    app.toggle(key="fit").set_value(True).run()
    assert not app.exception
    assert app.query_params["fit"] == "1"
    hidden = draw(FormulaFit(formula=formula)).hidden
    assert f"{hidden[0]:.3g}" in said(app)
    assert "**SGD** ends at" in said(app)
    app.select_slider(key="lr").set_value(10.0).run()
    assert "**SGD** diverges" in said(app)
    assert not app.exception


def test_everything_to_try_runs_and_says_what_to_look_for():
    app = open_page()
    for name, changes in TRIES.items():
        app.button(key=f"try.unknowns.{name}").click().run()
        assert not app.exception
        assert [i.value for i in app.info] == [ENGLISH(f"unknowns.try.{name}_look")]
        flat = app.session_state["situations"][PAGE].flat
        assert {key: flat[key] for key in changes} == changes


@pytest.mark.parametrize("name", ["opt", "logistic.opt", "kmeans.opt"])
def test_no_optimizer_leaves_the_picture_as_it_was(name):
    app = open_page({"fit": "1"})
    before = said(app)
    app.pills(key=name).set_value([]).run()
    assert not app.exception
    assert [w.value for w in app.warning] == [ENGLISH("control.refused.opt")]
    assert said(app) == before


def test_the_older_methods_follow_their_controls():
    app = open_page()
    app.segmented_control(key="kmeans.k").set_value(2).run()
    app.select_slider(key="kmeans.lr").set_value(10.0).run()
    assert not app.exception
    assert "**SGD** diverges" in said(app)
    app.button(key="new.logistic.seed").click().run()
    app.select_slider(key="logistic.gap").set_value(6.0).run()
    assert not app.exception
    assert (specs(app)[1].seed, specs(app)[1].gap, specs(app)[2].k) == (1, 6.0, 2)
    assert app.query_params["logistic.gap"] == "6"


def test_back_to_the_shared_situation_from_any_figure():
    app = open_page({"kmeans.k": "3"})
    assert "back" not in [b.key for b in app.button]
    app.segmented_control(key="kmeans.k").set_value(5).run()
    app.button(key="back").click().run()
    assert app.segmented_control(key="kmeans.k").value == 3
    assert "back" not in [b.key for b in app.button]
