"""The Objective page as the server makes it: defaults, links, junk, both languages, and its controls."""

from urllib.parse import parse_qs

import pytest

from core.catalogue.losses import LOSSES
from core.objective import FORM, Objective
from core.spec.experiment import Experiment, Loss, Optimizer, View
from core.text import LANGUAGES, Text
from core.ui.markdown import escaped
from core.ui.objective import DEFAULTS, PAGE
from tests.test_pages import open_page, said

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


def state(app):
    return app.session_state["situations"][PAGE]


def query_of(specs, language: str = "en") -> dict[str, list[str]]:
    return parse_qs(FORM.encode(specs, language), keep_blank_values=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_defaults(language):
    app = open_page(PAGE, language=language)
    text = Text(language)
    assert app.title[0].value == text(f"shell.page.{PAGE}.title")
    assert not app.warning
    assert not app.error
    assert FORM.build(state(app).flat) == DEFAULTS
    words = said(app)
    assert text("objective.fits.landmark") in words
    assert text("objective.own.least", where=text("objective.own.place", at="0")) in words
    assert text("objective.check.title") in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_link_is_what_the_page_shows(language):
    app = open_page(PAGE, query_of(SHARED, language), language)
    assert not app.warning
    assert FORM.build(state(app).flat) == SHARED
    assert app.text_input(key="own.expr").value == OWN.expression
    assert app.selectbox(key="cell").value == "w2.3"
    assert "torch.abs(r) ** 1.5 + 0.1 * r ** 2" in app.code[0].value
    assert Text(language)("objective.check.back") in app.table[-1].value.columns


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_junk_link_gives_the_defaults_and_one_notice(language):
    junk = {
        "own.expr": "__import__('os').system('x')",
        "cell": "<script>",
        "curves": "nobody",
        "grad.width": "1e9",
        "data": "saddle",
        "fd.eps": "nan",
        "nonsense": "1",
    }
    app = open_page(PAGE, junk, language)
    text = Text(language)
    assert [w.value for w in app.warning] == [text("link.notice")]
    for name in junk:
        assert f"{name}=" in app.text[0].value
    character = text("link.reason.expression.character", place=12, allowed="")
    assert f"{character}" in app.text[0].value
    assert FORM.build(state(app).flat) == DEFAULTS


def test_an_expression_that_is_none_is_marked_and_leaves_the_picture():
    app = open_page(PAGE)
    before = said(app)
    app.text_input(key="own.expr").set_value("r^2").run()
    assert not app.exception
    english = Text("en")
    refused = escaped(english("link.reason.expression.caret", place=2, allowed=""))
    assert [e.value for e in app.error] == [refused]
    assert app.code[0].value == "r^2\n ↑"
    assert said(app) == before
    assert [w.value for w in app.warning] == [english("control.refused.expression")]
    assert "own.expr" not in app.query_params
    app.text_input(key="own.expr").set_value("r**2").run()
    assert not app.error
    assert app.query_params["own.expr"] == "r**2"
    assert said(app) != before


def test_an_own_loss_trains_the_network_further_down():
    app = open_page(PAGE, {"fits": ["mse", "own"], "own.expr": "r**2"})
    table = app.table[-2].value  # the one of the fits
    assert table.iloc[0, 1:].tolist() == table.iloc[1, 1:].tolist()


def test_strange_losses_are_told_and_never_an_exception():
    app = open_page(PAGE, {"fits": ["own"], "loss": "own", "curves": ["own", "mse"]})
    for text in ("sqrt(r)", "log(-1 - r**2)", "r > 0", "1/r", "-1000*exp(abs(r))", "r", "exp(exp(10*abs(r)))"):
        app.text_input(key="own.expr").set_value(text).run()
        assert not app.exception, text
        assert not app.error, text


def test_nothing_chosen_leaves_the_picture_as_it_was():
    app = open_page(PAGE)
    before = said(app)
    for key in ("curves", "fits"):
        app.pills(key=key).set_value([]).run()
        assert not app.exception
        assert [w.value for w in app.warning] == [Text("en")("control.refused.loss")]
        assert said(app) == before
        app.pills(key=key).set_value(["mse", "l1", "huber", "own"]).run()
        assert not app.warning
        before = said(app)


def test_everything_to_try_runs():
    app = open_page(PAGE)
    keys = [b.key for b in app.button if b.key and b.key.startswith("try.")]
    assert len(keys) == 3
    for key in keys:
        app.button(key=key).click().run()
        assert not app.exception
        assert len(app.info) == 1
    assert app.text_input(key="own.expr").value == "where(abs(r) < 0.5, r**2, 0.25)"


def test_a_cell_that_a_narrower_network_lacks():
    app = open_page(PAGE, {"cell": "w1.8.2", "grad.width": "2", "grad.data": "sine"})
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
    assert [w.value for w in app.warning] == [Text("en")("control.refused.expression")]
    missing = Text("en")("link.reason.expression.missing", place=4, allowed="")
    assert [e.value for e in app.error] == [escaped(missing)]


def raced(app) -> Experiment:
    return app.session_state["scene_situations"]["optimizers", "race"].specs[0]


def test_other_pages_train_with_an_own_loss_from_the_link():
    app = open_page("optimizers", {"loss": "own", "own.expr": "-exp(-r**2)", "epochs": "2"})
    assert not app.warning
    assert raced(app).loss == Loss("own", expression="-exp(-r**2)")
    app.segmented_control(key="scale").set_value("log").run()
    assert not app.exception
