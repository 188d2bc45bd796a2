"""The address is the truth: what a scene shows follows it, whoever changed it."""

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from core.link.address import meant, read
from core.link.forms import EXPERIMENT
from core.spec.experiment import Experiment, Loss, Optimizer
from core.spec.view import View
from core.text import LANGUAGES, Text
from core.ui.sections import SECTIONS, all_scenes
from tests.test_pages import JUNK, open_page, said

RACE, INSIDE, RULE, PRACTICE = (s for s in all_scenes() if s.page == "optimizers")
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


def flat(app: AppTest, scene: str = "race") -> dict:
    return app.session_state["scene_situations"]["optimizers", scene].flat


def go(app: AppTest, query: str) -> AppTest:
    """Put another address there, as Back does."""
    app.query_params.clear()
    for name, values in parse_qs(query, keep_blank_values=True).items():
        app.query_params[name] = values
    return app.run()


def title(app: AppTest) -> str:
    return app.title[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_of_the_first_version_is_what_the_race_shows(language):
    view = View(scale="log", step=20)
    query = parse_qs(EXPERIMENT.encode((SHARED, view), "en"), keep_blank_values=True)
    app = open_page("optimizers", query, language)
    assert not app.warning
    assert RACE.form.build(flat(app)) == (SHARED, View(scale="log"))
    assert app.query_params["v"] == "2"
    assert app.query_params["step"] == "20"
    assert "n" in app.query_params
    assert "first_seed" not in app.query_params  # what is as usual


def test_a_link_of_the_first_version_opens_the_first_scene_that_knows_what_it_changes():
    places = [s.place for s in (RACE, RULE, PRACTICE)]
    assert meant({}, places).scene == "race"
    assert meant({"v": ["1"], "lr": ["0.3"]}, places).scene == "race"
    assert meant({"scene": ["rule"]}, places).scene == "rule"
    assert meant({"v": ["2"], "scene": ["practice"]}, places).scene == "practice"
    assert meant({"scene": ["nowhere"]}, places).scene == "race"
    only_rules = [PRACTICE.place, RULE.place]
    assert meant({"lr": ["0.3"]}, only_rules).scene == "rule"
    assert meant({"lr": ["0.01"]}, only_rules).scene == "practice"
    assert meant({"v": ["2"], "lr": ["0.3"]}, only_rules).scene == "practice"


def test_what_a_first_version_link_says_of_other_scenes_is_no_problem_and_junk_is():
    place = RULE.place
    assert read({"v": ["1"], "lr": ["0.3"], "smooth": ["0.5"]}, place).problems == ()
    assert [p.name for p in read({"v": ["2"], "lr": ["0.3"], "smooth": ["0.5"]}, place).problems] == ["smooth"]
    assert [p.name for p in read({"v": ["1"], "nonsense": ["1"]}, place).problems] == ["nonsense"]
    assert [p.name for p in read({"v": ["9"]}, place).problems] == ["v"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_junk_link_gives_the_defaults_and_one_notice(language):
    app = open_page("optimizers", JUNK | {"v": "2", "step": "-3"}, language)
    assert [w.value for w in app.warning] == [Text(language)("link.notice")]
    assert len(app.text) == 1
    for name in (*JUNK, "step"):
        assert f"{name}=" in app.text[0].value
    assert RACE.form.build(flat(app)) == RACE.defaults
    assert app.query_params.keys() <= {"lang"}


def test_a_control_changes_the_result_and_the_address():
    app = open_page("optimizers")
    before = said(app)
    app.pills(key="opt").set_value(["SGD"]).run()
    assert not app.exception
    assert said(app) != before
    assert app.query_params == {"v": "2", "opt": "SGD", "lang": "en"}
    app.pills(key="opt").set_value(["SGD", "Momentum", "RMSprop", "Adam"]).run()
    assert app.query_params == {"lang": "en"}
    assert said(app) == before


def test_an_empty_address_means_the_defaults():
    app = open_page("optimizers")
    app.pills(key="opt").set_value(["SGD"]).run()
    go(app, "")
    assert flat(app)["opt"] == ("SGD", "Momentum", "RMSprop", "Adam")
    assert app.pills(key="opt").value == ["SGD", "Momentum", "RMSprop", "Adam"]
    assert "v" not in app.query_params


def test_back_undoes_one_choice_at_a_time_and_forward_brings_it_back():
    app = open_page("optimizers")
    app.pills(key="opt").set_value(["SGD"]).run()
    one = "v=2&opt=SGD"
    app.segmented_control(key="scale").set_value("log").run()
    assert flat(app)["scale"] == "log"
    go(app, one)
    assert (flat(app)["scale"], flat(app)["opt"]) == ("linear", ("SGD",))
    go(app, one + "&scale=log")
    assert flat(app)["scale"] == "log"


def test_a_step_beyond_the_last_is_named_once_and_the_page_opens_where_it_does_without():
    app = open_page("optimizers", {"v": "2", "epochs": "1", "step": "33"})
    assert len(app.warning) == 1
    assert "step=33: outside [0, 32]" in [text.value for text in app.text]
    app.session_state["lr"] = 0.03
    assert not app.run().warning
    app = open_page("optimizers", {"v": "2", "step": "9999999"})
    assert [text.value for text in app.text if "step" in text.value] == ["step=9999999: longer than 6 characters"]
    app = open_page("optimizers", {"v": "2", "step": "300"})
    assert not app.warning
    app.session_state["epochs"] = 1  # the reader's doing: the link was right
    assert not app.run().warning


def test_a_step_in_the_address_is_no_choice_and_stays():
    app = open_page("optimizers", {"v": "2", "lr": "0.1"})
    app.query_params["step"] = "57"  # as the player writes it
    app.segmented_control(key="scale").set_value("log").run()
    assert flat(app)["scale"] == "log"
    assert app.query_params["step"] == "57"


def test_back_to_the_shared_situation():
    app = open_page("optimizers", {"v": "2", "lr": "0.1"})
    assert "back" not in [b.key for b in app.button]
    app.pills(key="opt").set_value(["SGD"]).run()
    go(app, "v=2&lr=0.3")  # neither a change nor Back makes another situation the shared one
    app.button(key="back").click().run()
    assert flat(app)["lr"] == (0.1,)
    assert flat(app)["opt"] == ("SGD", "Momentum", "RMSprop", "Adam")
    assert app.query_params["lr"] == "0.1"


def test_what_was_shared_and_tried_survives_a_lost_session():
    first = open_page("optimizers", {"v": "2", "lr": "0.1"})
    first.button(key="try.rate").click().run()
    kept = first.text_input(key="remembered").value
    again = AppTest.from_file(first._script_path, default_timeout=120)
    again.query_params |= {"lang": "en", "v": "2", "lr": "0.3"}
    again.session_state["remembered"] = kept  # the browser sends it along
    again._page_hash = first._page_hash
    again.run()
    assert not again.exception
    assert [i.value for i in again.info] == [Text("en")("optimizers.race.try.rate_look")]
    again.button(key="back").click().run()
    assert flat(again)["lr"] == (0.1,)


def test_scenes_have_their_own_state_and_come_back_as_they_were_left():
    app = open_page("optimizers")
    app.pills(key="opt").set_value(["SGD"]).run()
    app.segmented_control(key="scene.strip").set_value("rule").run()
    assert not app.exception
    assert title(app) == Text("en")("optimizers.rule.question")
    assert app.query_params["scene"] == "rule"
    assert flat(app, "rule")["opt"] == ("SGD", "Momentum", "RMSprop", "Adam")
    app.segmented_control(key="scene.strip").set_value("race").run()
    assert title(app) == Text("en")("optimizers.race.question")
    assert app.pills(key="opt").value == ["SGD"]


def test_the_arrows_lead_through_all_scenes_and_on_to_other_pages():
    app = open_page("optimizers")
    for scene in (INSIDE, RULE, PRACTICE):
        app.button(key="next_scene").click().run()
        assert title(app) == Text("en")(scene.word("question"))
    app.button(key="previous_scene").click().run()
    assert title(app) == Text("en")(RULE.word("question"))


def test_a_page_comes_back_as_it_was_left():
    app = open_page("optimizers")
    app.pills(key="opt").set_value(["SGD"]).run()
    pages = {s.key: s.script for s in SECTIONS}
    app.switch_page(pages["learning_rate"])
    app.query_params.clear()
    app.run()
    links = {link.proto.page: link.proto.query_string for link in app.main.get("page_link")}
    assert parse_qs(links["optimizers"]) == {"v": ["2"], "opt": ["SGD"]}


def test_a_thing_to_try_is_a_complete_situation_and_silent_about_any_other():
    app = open_page("optimizers", {"v": "2", "width": "5", "momentum.momentum": "0.5", "scale": "log"})
    app.button(key="try.seeds").click().run()
    app.button(key="try.rate").click().run()
    assert flat(app) == RACE.form.flatten(RACE.defaults) | RACE.tries["rate"]
    assert [i.value for i in app.info] == [Text("en")("optimizers.race.try.rate_look")]
    app.segmented_control(key="scale").set_value("log").run()
    assert not app.info


def test_no_optimizer_leaves_the_picture_as_it_was():
    app = open_page("optimizers")
    before = said(app)
    app.pills(key="opt").set_value([]).run()
    assert [w.value for w in app.warning] == [Text("en")("control.refused.opt")]
    assert said(app) == before


def test_too_much_computing_is_refused_kindly():
    app = open_page("optimizers", {"v": "2", "seeds": "32", "width": "128", "n": "2000", "epochs": "12"})
    app.segmented_control(key="rates").set_value("best").run()
    assert not app.exception
    ways = "fewer seeds, a narrower network, the same rate for all"
    assert [w.value for w in app.warning] == [Text("en")("control.refused.budget", ways=ways)]


def test_best_rates_are_said_to_be_chosen_on_other_seeds_and_stand_in_the_script():
    app = open_page("optimizers", {"v": "2", "rates": "best"})
    assert Text("en")("result.chosen", first=1000, last=1007) in [c.value for c in app.caption]
    app.session_state["fold.code"] = True
    app.run()
    assert not app.exception
    code = "\n".join(c.value for c in app.code)
    assert "Each at its own best of the rates" in code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_of_the_first_version_is_what_the_panels_show(language):
    shared = Experiment(learning_rates=(0.02, 0.2), seeds=2, epochs=2, optimizers=(Optimizer("Adam"),))
    query = parse_qs(EXPERIMENT.encode((shared, View(by="rate")), "en"), keep_blank_values=True)
    app = open_page("learning_rate", query, language)
    assert not app.warning
    found = app.session_state["scene_situations"]["learning_rate", "panels"]
    assert found.specs == (shared, View(by="rate"))


@pytest.mark.parametrize("scene", all_scenes(), ids=lambda s: f"{s.page}.{s.key}")
def test_everything_to_try_runs_and_one_press_undoes_it(scene):
    query = {"v": "2"} | ({} if scene.first else {"scene": scene.key})
    app = open_page(scene.page, query)
    before = dict(app.query_params)
    for name in scene.tries:
        app.button(key=f"try.{name}").click().run()
        assert not app.exception
        assert [i.value for i in app.info] == [Text("en")(scene.word(f"try.{name}_look"))]
        go(app, "&".join(f"{key}={value}" for key, value in before.items()))
        found = app.session_state["scene_situations"][scene.page, scene.key]
        assert found.flat == found.usual


@pytest.mark.parametrize("scene", all_scenes(), ids=lambda s: f"{s.page}.{s.key}")
def test_what_is_tried_shows_the_same_whatever_was_tried_before(scene):
    app = open_page(scene.page, {"v": "2"} | ({} if scene.first else {"scene": scene.key}))
    for name in (*scene.tries, *reversed(scene.tries)):
        app.button(key=f"try.{name}").click().run()
        found = app.session_state["scene_situations"][scene.page, scene.key]
        assert found.flat == scene.form.flatten(scene.defaults) | dict(scene.tries[name])
