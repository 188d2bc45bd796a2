"""Every page as the server makes it: defaults, a shared link, a junk link, both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from core.link.forms import EXPERIMENT
from core.spec.experiment import Experiment, Optimizer, View
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
@pytest.mark.parametrize("key", [s.key for s in SECTIONS if not s.scenes])
def test_defaults_show_the_page(key, language):
    app = open_page(key, language=language)
    assert app.title[0].value == Text(language)(f"shell.page.{key}.title")
    assert not app.warning


def query_of(experiment: Experiment, view: View) -> dict[str, list[str]]:
    from urllib.parse import parse_qs

    return parse_qs(EXPERIMENT.encode((experiment, view), "en"), keep_blank_values=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_link_is_what_the_learning_rate_page_shows(language):
    shared = Experiment(learning_rates=(0.02, 0.2), seeds=2, epochs=2, optimizers=(Optimizer("Adam"),))
    app = open_page("learning_rate", query_of(shared, View(by="rate")), language)
    assert not app.warning
    assert EXPERIMENT.build(app.session_state["situations"]["learning_rate"].flat) == (shared, View(by="rate"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["learning_rate"])
def test_a_junk_link_gives_the_defaults_and_one_notice(key, language):
    app = open_page(key, JUNK, language)
    assert [w.value for w in app.warning] == [Text(language)("link.notice")]
    assert len(app.text) == 1
    for name in JUNK:
        assert f"{name}=" in app.text[0].value
    experiment, _ = EXPERIMENT.build(app.session_state["situations"][key].flat)
    assert experiment == LEARNING_RATE


@pytest.mark.parametrize("page", ["learning_rate"])
def test_everything_to_try_runs(page):
    app = open_page(page)
    keys = [b.key for b in app.button if b.key and b.key.startswith("try.")]
    assert len(keys) == 3
    for key in keys:
        app.button(key=key).click().run()
        assert not app.exception
        assert len(app.info) == 1
