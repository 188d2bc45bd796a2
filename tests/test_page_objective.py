"""The scenes of the Objective page as the server makes them: links, junk, both languages, and their controls."""

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from core.analysis.loss_frames import residual_frame
from core.catalogue.losses import LOSSES
from core.link.address import read
from core.spec.experiment import Experiment, Loss, Optimizer
from core.spec.view import View
from core.text import LANGUAGES, Text
from core.ui.markdown import escaped
from core.ui.sections import SECTIONS
from pages.objective.spec import FORM, Objective
from tests.test_pages import open_page, said

PAGE = "objective"
ENGLISH = Text("en")
SCENES = next(section.scenes for section in SECTIONS if section.key == PAGE)
OWN = Loss("own", expression="abs(r)**1.5 + 0.1*r**2")
SHARED = (
    Experiment(
        data="sine",
        points=200,
        width=10,
        loss=OWN,
        epochs=4,
        optimizers=(Optimizer("Momentum", momentum=0.9),),
        learning_rates=(0.02,),
        outlier_share=0.2,
        outlier_size=-1.0,
    ),
    View(step=10),
    Objective(
        losses=tuple(OWN if n == "own" else Loss(n, delta=0.3) if n == "huber" else Loss(n) for n in LOSSES),
        curves=("own", "quantile"),
        fits=("huber", "own"),
        right=3,
        data="parabola",
        width=4,
        batch="all",
        cell="w2.3",
        eps=0.01,
    ),
)


def opened(scene: str, query: dict[str, list[str] | str] | None = None, language: str = "en") -> AppTest:
    return open_page(PAGE, {"v": "2", "scene": scene} | (query or {}), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_defaults_say_what_each_figure_shows(language):
    text = Text(language)
    assert text("objective.fits.landmark") in said(opened("outliers", language=language))
    least = text("objective.own.least", where=text("objective.own.place", at="0"))
    assert least in said(opened("own", language=language))
    assert text("objective.check.title") in said(opened("gradients", language=language))


@pytest.mark.parametrize("scene", [s for s in SCENES if s.key != "chain"], ids=lambda s: s.key)  # which came later
def test_a_link_of_the_first_version_is_what_each_scene_shows(scene):
    query = parse_qs(FORM.encode(SHARED, "en"), keep_blank_values=True)
    del query["grad.edges"]  # came later
    found = read(query, scene.place)
    assert not found.problems
    assert found.step == 10
    flat, shared = scene.form.flatten(found.specs), FORM.flatten(SHARED)
    assert flat == {name: shared[name] for name in flat}


def test_a_shared_cell_is_looked_into():
    app = opened("gradients", {"grad.data": "parabola", "grad.width": "4", "cell": "w2.3", "epochs": "2"})
    assert not app.warning
    assert app.selectbox(key="cell").value == "w2.3"
    assert ENGLISH("objective.check.back") in app.table[-1].value.columns


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_junk_link_gives_the_defaults_and_one_notice(language):
    text = Text(language)
    junk = {"own.expr": "__import__('os').system('x')", "curves": "nobody", "nonsense": "1"}
    app = opened("curves", junk, language)
    assert [w.value for w in app.warning] == [text("link.notice")]
    assert all(f"{name}=" in app.text[0].value for name in junk)
    assert text("link.reason.expression.character", place=12, allowed="") in app.text[0].value
    junk = {"cell": "<script>", "grad.width": "1e9", "fd.eps": "nan"}
    app = opened("gradients", junk, language)
    assert [w.value for w in app.warning] == [text("link.notice")]
    assert all(f"{name}=" in app.text[0].value for name in junk)


def test_an_expression_that_is_none_is_marked_and_leaves_the_picture():
    app = opened("own")
    before = said(app)
    app.text_input(key="own.expr").set_value("r^2").run()
    assert not app.exception
    refused = escaped(ENGLISH("link.reason.expression.caret", place=2, allowed=""))
    assert [e.value for e in app.error] == [refused]
    assert app.code[0].value == "r^2\n ↑"
    assert said(app) == before
    assert [w.value for w in app.warning] == [ENGLISH("control.refused.expression")]
    assert "own.expr" not in app.query_params
    app.text_input(key="own.expr").set_value("r**2").run()
    assert not app.error
    assert app.query_params["own.expr"] == "r**2"
    assert said(app) != before


def test_where_an_own_loss_has_no_value_no_slope_is_drawn():
    frame = residual_frame([Loss("own", expression="log(r)")])
    assert frame["value_own"].isna().equals(frame["slope_own"].isna())
    assert frame.loc[frame["x"] > 0, "slope_own"].notna().all()
    assert frame.loc[frame["x"] < 0, "slope_own"].isna().all()


def test_an_expression_that_is_too_long_is_told_so():
    app = opened("own")
    app.text_input(key="own.expr").set_value("r+" * 1500 + "r").run()
    assert not app.exception
    refused = escaped(ENGLISH("link.reason.expression.long", place=121, allowed="120"))
    assert [e.value for e in app.error] == [refused]
    assert len(app.code[0].value.splitlines()[0]) == 121


def test_an_own_loss_trains_the_network():
    app = opened("outliers", {"fits": ["mse", "own"], "own.expr": "r**2"})
    table = app.table[0].value
    assert table.iloc[0, 1:].tolist() == table.iloc[1, 1:].tolist()


STRANGE = ("sqrt(r)", "log(-1 - r**2)", "r > 0", "1/r", "-1000*exp(abs(r))", "r", "exp(exp(10*abs(r)))")


@pytest.mark.parametrize(
    ("scene", "chosen"), [("own", {}), ("curves", {"curves": ["own", "mse"]}), ("outliers", {"fits": ["own"]})]
)
def test_strange_losses_are_told_and_never_an_exception(scene, chosen):
    for expression in STRANGE:
        app = opened(scene, {"own.expr": expression} | chosen)
        assert not app.exception, expression
        assert not app.error, expression


@pytest.mark.parametrize(("scene", "name"), [("curves", "curves"), ("outliers", "fits")])
def test_nothing_chosen_leaves_the_picture_as_it_was(scene, name):
    app = opened(scene)
    before = said(app)
    app.pills(key=name).set_value([]).run()
    assert not app.exception
    assert [w.value for w in app.warning] == [ENGLISH("control.refused.loss")]
    assert said(app) == before
    app.pills(key=name).set_value(["mse", "l1", "huber", "own"]).run()
    assert not app.warning


def test_a_cell_that_a_narrower_network_lacks():
    app = opened("gradients", {"cell": "w1.8.2", "grad.width": "2", "grad.data": "sine"})
    assert not app.exception
    assert app.selectbox(key="cell").value == "w1.1.1"
    app.selectbox(key="cell").set_value("w2.2").run()
    assert not app.exception
    assert "W₂[1, 2]" in said(app)
    assert app.query_params["cell"] == "w2.2"


def test_a_loss_moves_the_target_where_it_is_chosen():
    app = open_page("optimizers")
    app.session_state["fold.data"] = True
    app.run()
    app.selectbox(key="loss").set_value("l1").run()
    assert not app.exception
    assert raced(app).target == 0.15
    app.selectbox(key="loss").set_value("mse").run()
    assert raced(app).target == 0.02
    app.selectbox(key="loss").set_value("own").run()
    app.text_input(key="own.expr").set_value("r +").run()
    assert not app.exception
    assert [w.value for w in app.warning] == [ENGLISH("control.refused.expression")]
    missing = ENGLISH("link.reason.expression.missing", place=4, allowed="")
    assert [e.value for e in app.error] == [escaped(missing)]


def raced(app) -> Experiment:
    return app.session_state["scene_situations"]["optimizers", "race"].specs[0]


def test_other_pages_train_with_an_own_loss_from_the_link():
    app = open_page("optimizers", {"loss": "own", "own.expr": "-exp(-r**2)", "epochs": "2"})
    assert not app.warning
    assert raced(app).loss == Loss("own", expression="-exp(-r**2)")
    app.segmented_control(key="scale").set_value("log").run()
    assert not app.exception
