"""Valid values never raise: whatever a page's links may say, and wherever its controls may stand, it draws or says why.

The pages tell their forms and defaults themselves; `tests.valid_links` reads from them what a name may say.
"""

from functools import cache
from itertools import cycle, islice

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.catalogue.losses import LOSSES
from core.link.decoding import Problem
from core.link.forms import loss_parameter
from core.spec.experiment import OverBudget
from core.text import LANGUAGES, Text, entries
from core.ui.controls import LADDERS
from core.ui.situation import lowered
from tests.valid_links import Query, allowed, marks, queries
from tests.visits import Visit, places

PAGES = tuple(place for place in places() if Visit(place).form.names)
#: Makes a training short; what costs much is tried by names of its own.
SHORT = {
    "n": ["60"],
    "epochs": ["2"],
    "seeds": ["2"],
    "few.n": ["20"],
    "steps": ["30"],
    "rounds.seeds": ["10"],
    "shape": ["bump"],
}
#: Makes trainings that are long whatever else is said; their ends are tried, the rest of their marks by chance.
SLOW = {
    "small_steps.batches": ("data", "noise", "width", "act", "batches.lr", "rates"),
    "small_steps.noise": ("data", "noise", "width", "act", "batches.lr", "rates"),
}
#: Links at the ends of what pages train, and those that once raised.
LARGE: dict[str, tuple[Query, ...]] = {
    "home.run": ({"n": ["5000"]}, {"epochs": ["200"], "n": ["50"], "target": ["2"]}, {"first_seed": ["1000000"]}),
    "unknowns.search": ({"n": ["2000"], "fit": ["1"], "steps": ["500"]},),
    "unknowns.logistic": ({"logistic.n": ["2000"]},),
    "unknowns.clusters": ({"kmeans.n": ["500"]},),
    "transformer.sum": ({"width": ["128"], "data": ["ripple"], "n": ["60"]}, {"batch": ["1"], "n": ["8"]}),
    "objective.outliers": ({"own.expr": ["cosh(tanh(" * 9 + "r" + "))" * 9], "n": ["5000"], "epochs": ["200"]},),
    "small_steps.batches": ({"rates": ["best"], "width": ["128"]},),
    "small_steps.memorise": ({"few.width": ["128"], "few.n": ["500"]},),
    "small_steps.rounds": ({"width": ["128"], "rounds.seeds": ["200"]},),
    "optimizers.race": ({"rates": ["best"], "seeds": ["400"], "n": ["5000"], "width": ["128"]}, {"lr": ["1e-39"]}),
    "learning_rate.panels": ({"seeds": ["400"], "epochs": ["200"]},),
    "learning_rate.range": ({"seeds": ["100"]}, {"epochs": ["100"], "seeds": ["32"]}),
}
few = settings(
    deadline=None,
    max_examples=5,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
many = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@cache
def visit(page: str) -> Visit:
    return Visit(page)


def rows(here: Visit) -> list[Query]:
    """Return links that together hold each mark of every name but `SHORT` and the seeds, beside others each time."""
    form, small = here.form, {name: texts for name, texts in SHORT.items() if name in here.form.names}
    tried = {name: marks(form, here.defaults, name) for name in form.names if name not in small}
    count = max(map(len, tried.values()), default=1)
    columns = {name: list(islice(cycle(found), count)) for name, found in tried.items()}
    found: list[Query] = [{name: [column[i]] for name, column in columns.items()} | small for i in range(count)]
    if "loss" in form.names:  # once more, with each loss that has a parameter
        takes = sorted(name.partition(".")[0] for name in form.names if loss_parameter(name.partition(".")[0]) == name)
        found = [row | {"loss": ["own"]} for row in found[: len(tried["own.expr"])]] + [
            row | {"loss": [takes[i % len(takes)]]} for i, row in enumerate(found)
        ]
    if "lr" in form.names and form.names["lr"].repeated and "lr" not in here.single:
        found[0] |= {"lr": tried["lr"][:32]}
    for name in SLOW.get(here.place, ()):
        for row in found[3:]:
            del row[name]
    return [row | ({"opt": tried["opt"]} if "opt" in tried else {}) for row in found]


def check(page: str, query: Query) -> None:
    """Follow a link, and fail unless it draws; what gave way is told in one notice, and is only what costs much."""
    seen = visit(page)
    seen.follow(query)
    assert seen.faults() == [], query
    told = [p for p in seen.situation.problems if p.reason != "link.reason.single"]
    assert all(_gave_way(p) for p in told), (query, told)
    assert len(seen.notices()) == bool(seen.situation.problems), query


def _gave_way(problem: Problem) -> bool:
    """Return whether a value is fine but for the others beside it: too much, or a batch of more than all points."""
    dear = problem.reason in ("link.reason.budget", "link.reason.together")
    return dear or (problem.name, problem.reason) == ("batch", "link.reason.range")


@pytest.mark.parametrize("page", PAGES)
def test_every_end_draws(page):
    for query in rows(visit(page)):
        check(page, query)


@pytest.mark.parametrize("page", PAGES)
def test_the_largest_draw_or_give_way(page):
    for query in LARGE.get(page, ()):
        check(page, query)


@pytest.mark.parametrize("page", ["home.run", "optimizers.race", "optimizers.inside", "learning_rate.panels"])
def test_of_a_correction_by_nothing_half_gives_way_in_one_notice_and_the_page_draws(page):
    check(page, {"n": ["60"], "epochs": ["2"], "opt": ["Custom"], "custom.kappa": ["1"], "custom.beta2": ["1"]})
    told = [(p.name, p.value, p.reason) for p in visit(page).situation.problems]
    assert told == [("custom.beta2", "1", "link.reason.together")]
    assert [o.name for o in visit(page).situation.specs[0].optimizers] == ["Custom"]


@pytest.mark.parametrize("page", PAGES)
def test_any_link_draws(page):
    here = visit(page)
    base = {name: texts for name, texts in SHORT.items() if name in here.form.names}

    @few
    @given(queries(here.form, here.defaults))
    def follow(query: Query) -> None:
        check(page, base | query)

    follow()


@pytest.mark.parametrize("page", PAGES)
def test_controls_at_any_stops_fit_or_it_is_said_what_to_lower(page):
    here = visit(page)
    form, usual = here.form, here.form.flatten(here.defaults)
    stops = {name: st.sampled_from(LADDERS[name]) for name in usual if name in LADDERS and name not in ("lr", "beta")}
    free = {name: list(LOSSES) for name in ("fits", "loss") if name in usual}
    if "opt" in usual:  # some pages leave the reader's own rule out
        free["opt"] = list(allowed(form, here.defaults, "opt"))
    lists = {
        name: st.sampled_from(all_) if name == "loss" else st.lists(st.sampled_from(all_), min_size=1, unique=True)
        for name, all_ in free.items()
    }
    kinds = {"rates": st.sampled_from(["same", "best"])} if "rates" in usual else {}

    @many
    @given(st.fixed_dictionaries({}, optional=stops | lists | kinds))
    def move(changes: dict) -> None:
        asked = usual | {name: tuple(v) if isinstance(v, list) else v for name, v in changes.items()}
        if "batch" in asked and asked["batch"] != "full" and asked["batch"] > asked["n"]:
            return
        try:
            form.admit(asked)
        except OverBudget:
            ways = form.ways_out(asked, usual)
            assert ways
            assert {f"control.lower.{lowered(name)}" for name in ways} <= entries("en").keys()
            form.admit(asked | {name: usual[name] for name in ways})

    move()


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_much_by_hand_is_said_in_its_figure_and_back_goes_back(language):
    text = Text(language)
    shared = {"epochs": ["40"], "opt": ["SGD", "Momentum", "RMSprop", "Adam"], "seeds": ["3"]}
    seen = Visit("learning_rate.range", language, shared)
    seen.app.session_state["fold.training"] = True
    seen.app.run()
    before = [m.value for m in seen.app.markdown]
    seen.app.select_slider(key="seeds").set_value(32)
    seen.app.select_slider(key="epochs").set_value(100).run()
    names = seen.situation.ways_out
    assert {"epochs"} <= set(names) <= {"seeds", "epochs"}
    ways = text("result.listing").join(text(f"control.lower.{name}") for name in names)
    assert seen.notices() == [text("control.refused.budget", ways=ways)]
    assert seen.faults() == []
    assert [m.value for m in seen.app.markdown] == before
    seen.app.button(key="back").click().run()
    assert seen.notices() == []
    assert seen.faults() == []
    assert seen.app.select_slider(key="seeds").value == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_by_nothing_by_hand_is_said_and_the_picture_stays(language):
    seen = Visit("optimizers.race", language, {"n": ["60"], "opt": ["Custom"], "custom.beta2": ["1"]})
    seen.app.session_state["fold.hyper"] = True
    seen.app.run()
    before = [m.value for m in seen.app.markdown]
    seen.app.select_slider(key="custom.kappa").set_value(1.0).run()
    assert seen.notices() == [Text(language)("control.refused.kappa")]
    assert seen.faults() == []
    assert [m.value for m in seen.app.markdown] == before
    seen.app.select_slider(key="custom.beta2").set_value(0.99).run()
    assert seen.notices() == []
    assert seen.situation.specs[0].optimizers[0].kappa == 1


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("optimizers.race", ("own_rate", "opt")),
        ("small_steps.rounds", ("width",)),
        ("objective.outliers", ("fits", "expr")),
    ],
)
def test_each_name_that_gives_way_has_words(page, names):
    form = visit(page).form
    words = {lowered(name) for name in form.give_way}
    assert {f"control.lower.{word}" for word in words} <= entries("en").keys()
    assert set(names) <= words
