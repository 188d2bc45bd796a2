"""Every page as the server makes it: defaults, a shared link, a junk link, both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from core.link.forms import EXPERIMENT
from core.spec.experiment import Experiment, Loss, Optimizer, View
from core.text import LANGUAGES, Text
from core.ui.sections import ROOT, SECTIONS
from core.ui.warm import LEARNING_RATE

SHELL = str(ROOT / "core" / "ui" / "shell.py")
JUNK = {
    "lr": "-1",
    "opt": "<script>alert(1)</script>",
    "seeds": "1e99",
    "data": "../../etc/passwd",
    "adam.beta1": "nan",
    "batch": "999999999",
    "nonsense": "1",
}


def open_page(key: str, query: dict[str, list[str] | str] | None = None, language: str = "en") -> AppTest:
    """Open a page as a fresh visitor with this query."""
    app = AppTest.from_file(SHELL, default_timeout=120)
    app.query_params["lang"] = language
    app.run()
    for name, value in (query or {}).items():
        app.query_params[name] = value
    section = next(s for s in SECTIONS if s.key == key)
    app.switch_page(section.script).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(m.value for m in app.markdown)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [s.key for s in SECTIONS])
def test_defaults_show_the_page(key, language):
    app = open_page(key, language=language)
    assert app.title[0].value == Text(language)(f"shell.page.{key}.title")
    assert not app.warning


def query_of(experiment: Experiment, view: View) -> dict[str, list[str]]:
    from urllib.parse import parse_qs

    return parse_qs(EXPERIMENT.encode((experiment, view), "en"), keep_blank_values=True)


SHARED = Experiment(
    data="sine",
    points=200,
    width=10,
    activation="tanh",
    loss=Loss("huber", delta=0.3),
    epochs=4,
    seeds=2,
    optimizers=(Optimizer("Adam", betas=(0.5, 0.9)), Optimizer("Momentum", momentum=0.95, lr=0.03)),
    learning_rates=(0.02,),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_link_is_what_the_optimizers_page_shows(language):
    app = open_page("optimizers", query_of(SHARED, View(scale="log", step=20)), language)
    assert not app.warning
    state = app.session_state["situations"]["optimizers"]
    assert EXPERIMENT.build(state.flat) == (SHARED, View(scale="log", step=20))
    assert app.select_slider(key="lr").value == 0.02
    assert "betas=(0.5, 0.9)" in app.code[0].value
    assert "lr=0.03" in app.code[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_link_is_what_the_learning_rate_page_shows(language):
    shared = Experiment(learning_rates=(0.02, 0.2), seeds=2, epochs=2, optimizers=(Optimizer("Adam"),))
    app = open_page("learning_rate", query_of(shared, View(by="rate")), language)
    assert not app.warning
    assert EXPERIMENT.build(app.session_state["situations"]["learning_rate"].flat) == (shared, View(by="rate"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["optimizers", "learning_rate"])
def test_a_junk_link_gives_the_defaults_and_one_notice(key, language):
    app = open_page(key, JUNK, language)
    assert [w.value for w in app.warning] == [Text(language)("link.notice")]
    assert len(app.text) == 1
    for name in JUNK:
        assert f"{name}=" in app.text[0].value
    defaults = Experiment() if key == "optimizers" else LEARNING_RATE
    experiment, _ = EXPERIMENT.build(app.session_state["situations"][key].flat)
    assert experiment == defaults


def test_a_control_changes_the_result_and_the_address():
    app = open_page("optimizers")
    before = said(app)
    app.select_slider(key="lr").set_value(0.1).run()
    assert not app.exception
    assert said(app) != before
    assert app.query_params["lr"] == "0.1"
    app.select_slider(key="lr").set_value(0.01).run()
    assert "lr" not in app.query_params
    assert said(app) == before


def test_back_to_the_shared_situation():
    app = open_page("optimizers", {"lr": "0.1"})
    assert "back" not in [b.key for b in app.button]
    app.select_slider(key="lr").set_value(0.3).run()
    app.button(key="back").click().run()
    assert app.select_slider(key="lr").value == 0.1
    assert app.query_params["lr"] == "0.1"


@pytest.mark.parametrize("page", ["optimizers", "learning_rate"])
def test_everything_to_try_runs(page):
    app = open_page(page)
    keys = [b.key for b in app.button if b.key and b.key.startswith("try.")]
    assert len(keys) == 3
    for key in keys:
        app.button(key=key).click().run()
        assert not app.exception
        assert len(app.info) == 1


def test_a_thing_to_try_sets_all_that_it_speaks_of_and_is_silent_about_anything_else():
    app = open_page("optimizers", {"width": "5", "momentum.momentum": "0.5", "scale": "log"})
    app.button(key="try.optimizers.rate").click().run()
    flat = app.session_state["situations"]["optimizers"].flat
    assert (flat["width"], flat["momentum.momentum"], flat["lr"]) == (20, 0.8, (0.3,))
    assert len(app.info) == 1
    app.segmented_control(key="scale").set_value("log").run()
    assert len(app.info) == 1
    app.select_slider(key="lr").set_value(0.1).run()
    assert not app.info


def test_no_optimizer_leaves_the_picture_as_it_was():
    app = open_page("optimizers")
    before = said(app)
    app.pills(key="opt").set_value([]).run()
    assert [w.value for w in app.warning] == [Text("en")("control.refused.opt")]
    assert said(app) == before


def test_too_much_computing_is_refused_kindly():
    app = open_page("optimizers", {"seeds": "32", "width": "128", "n": "2000", "epochs": "12"})
    app.segmented_control(key="rates").set_value("best").run()
    assert not app.exception
    ways = "fewer seeds, a narrower network, the same rate for all"
    assert [w.value for w in app.warning] == [Text("en")("control.refused.budget", ways=ways)]


def test_each_at_its_own_best_rate():
    app = open_page("optimizers", {"rates": "best"})
    assert not app.exception
    lines = app.code[0].value.splitlines()
    assert len(lines) == 4
    assert not any("LR" in line for line in lines)


def test_a_page_comes_back_as_it_was_left():
    app = open_page("optimizers")
    app.select_slider(key="lr").set_value(0.1).run()
    pages = {s.key: s.script for s in SECTIONS}
    app.switch_page(pages["learning_rate"])
    app.query_params.clear()
    app.run()
    app.switch_page(pages["optimizers"])
    app.query_params.clear()
    app.run()
    assert app.select_slider(key="lr").value == 0.1


def test_best_rates_of_a_race_are_said_to_be_chosen_on_other_seeds():
    app = open_page("optimizers", {"rates": "best"})
    assert Text("en")("result.chosen", first=1000, last=1007) in [c.value for c in app.caption]
