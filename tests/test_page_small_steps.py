"""The page Small steps as the server makes it: defaults, a shared link, a junk link, both languages."""

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from core.small_steps import FORM, SmallSteps
from core.text import LANGUAGES, Text
from tests.test_pages import open_page, said

PAGE = "small_steps"
SHARED = SmallSteps(
    data="sine",
    noise=0.2,
    width=10,
    activation="tanh",
    sign="add",
    sign_rate=0.02,
    walk_rate=0.03,
    batch_rate=0.3,
    line_noise=0.05,
    few_points=16,
    few_noise=0.0,
    few_width=7,
    draw=5,
    optimizer="Adam",
    rate=0.003,
    seeds=20,
)
JUNK = {
    "data": "ripple",
    "sign": "<script>alert(1)</script>",
    "walk.lr": "-1",
    "few.n": "1e99",
    "rounds.opt": "../../etc/passwd",
    "rounds.seeds": "100000",
    "noise": "nan",
    "nonsense": "1",
}


def spec_of(app: AppTest) -> SmallSteps:
    (spec,) = FORM.build(app.session_state["situations"][PAGE].flat)
    return spec


def query_of(spec: SmallSteps) -> dict[str, list[str]]:
    return parse_qs(FORM.encode((spec,), "en"), keep_blank_values=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_defaults_show_every_figure_and_what_it_says(language):
    app, text = open_page(PAGE, language=language), Text(language)
    assert app.title[0].value == text("shell.page.small_steps.title")
    assert not app.warning
    titles = [h.value for h in app.header]
    figures = ("sign", "giant", "batches", "noise", "line", "few", "rounds")
    assert titles == [text(f"small_steps.{name}.figure") for name in figures]
    assert "109,000" in said(app)
    assert spec_of(app) == SmallSteps()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shared_link_is_what_the_page_shows(language):
    app = open_page(PAGE, query_of(SHARED), language)
    assert not app.warning
    assert spec_of(app) == SHARED
    assert app.select_slider(key="few.n").value == 16
    assert app.segmented_control(key="sign").value == "add"
    assert "Adam" in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_junk_link_gives_the_defaults_and_one_notice(language):
    app = open_page(PAGE, JUNK, language)
    assert [w.value for w in app.warning] == [Text(language)("link.notice")]
    assert len(app.text) == 1
    for name in JUNK:
        assert f"{name}=" in app.text[0].value
    assert spec_of(app) == SmallSteps()


@pytest.mark.parametrize(
    "extreme",
    [
        SmallSteps(noise=0.0, line_noise=0.0, few_noise=0.0, few_points=8, few_width=1, width=1, seeds=1),
        SmallSteps(sign_rate=100.0, walk_rate=100.0, batch_rate=100.0, rate=100.0, sign="add", seeds=2),
        SmallSteps(noise=2.0, few_noise=2.0, line_noise=2.0, width=2, activation="identity", data="step", seeds=3),
        SmallSteps(sign_rate=1e-300, walk_rate=1e-300, batch_rate=1e-300, rate=1e-300, seeds=2),
    ],
    ids=["least", "steepest", "noisiest", "slowest"],
)
def test_the_ends_of_the_ranges_are_shown(extreme):
    app = open_page(PAGE, query_of(extreme))
    assert not app.warning
    assert spec_of(app) == extreme


def test_each_batch_size_at_its_own_best_rate():
    app = open_page(PAGE, {"rates": "best"})
    assert not app.exception
    assert said(app).count("(rate ") == 4
    assert any("over seeds 1000 to 1007" in c.value for c in app.caption)
    assert app.select_slider(key="batches.lr").disabled


def test_everything_to_try_runs_and_speaks_beside_its_figure():
    app, text = open_page(PAGE), Text("en")
    keys = [b.key for b in app.button if b.key and b.key.startswith("try.")]
    assert len(keys) == 6
    for key in keys:
        app.button(key=key).click().run()
        assert not app.exception
        _, _, rest = key.partition("try.")
        area, _, name = rest.rpartition(".")
        assert [i.value for i in app.info] == [text(f"{area}.try.{name}_look")]


def test_a_control_changes_its_result_and_the_address_and_back():
    app = open_page(PAGE, {"few.n": "50"})
    assert "back" not in [b.key for b in app.button]
    before = said(app)
    app.select_slider(key="rounds.seeds").set_value(30).run()
    assert app.query_params["rounds.seeds"] == "30"
    assert said(app) != before
    app.button(key="back").click().run()
    assert app.query_params["few.n"] == "50"
    assert "rounds.seeds" not in app.query_params
    assert said(app) == before


def test_what_to_look_for_is_seen_with_its_situation_only():
    app = open_page(PAGE, {"few.n": "50", "data": "sine", "rounds.seeds": "10"})
    app.button(key="try.small_steps.few.clean").click().run()
    assert not app.exception
    assert spec_of(app) == SmallSteps(few_width=100, few_noise=0.0, seeds=10)
    assert len(app.info) == 1
    assert "data=sine" not in str(app.query_params)
    app.select_slider(key="rounds.seeds").set_value(30).run()
    assert len(app.info) == 1
    app.select_slider(key="few.noise").set_value(0.1).run()
    assert not app.info
