"""The Objective page's numbers against plain torch, its state in the link, and what its charts are given."""

import math
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.analysis import coefficient_names as cell_texts
from core.analysis.coefficient_names import cells
from core.analysis.gradients import matrices
from core.analysis.noise_floor import TARGETS, floor_of, noise_floor, usual_target
from core.analysis.verdict import judge
from core.catalogue.data_sets import DATA_SETS, ONE_INPUT
from core.catalogue.losses import LOSSES
from core.charts.style import LOSSES as STYLES
from core.engine.start import draw
from core.engine.training import build_loss, train
from core.link import decoding
from core.spec.experiment import Experiment, Loss, Optimizer, OverBudget
from core.spec.view import View
from core.text import LANGUAGES, Text
from pages.objective.gradients.chart import places
from pages.objective.gradients.compute import check
from pages.objective.gradients.figure import figure
from pages.objective.gradients.spec import gradient_experiment
from pages.objective.pairs import own_pair
from pages.objective.spec import DEFAULTS, FORM, WIDEST, Objective
from tests.strategies import EXPRESSIONS, experiments, views

EXPERIMENT, _, PAGE = DEFAULTS
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
DOUBLE = torch.float64


# --- against torch


# --- floors and targets


def test_noise_floors_in_closed_form():
    for σ in (0.02, 0.1, 0.5):
        assert noise_floor(Loss(), σ) == pytest.approx(σ**2, rel=1e-6)
        assert noise_floor(Loss("l1"), σ) == pytest.approx(σ * math.sqrt(2 / math.pi), rel=1e-5)
        for tau in (0.1, 0.5, 0.9):
            floor = noise_floor(Loss("quantile", tau=tau), σ)
            assert floor == pytest.approx(σ / math.sqrt(2 * math.pi), rel=1e-5)
    assert noise_floor(Loss(), 0.1, 0.1, 2.0) == pytest.approx(0.01 + 0.1 * 4, rel=1e-6)
    assert noise_floor(Loss("huber"), 0.0) == 0


@pytest.mark.parametrize("loss", [*map(Loss, LOSSES), *(Loss("own", expression=text) for text in EXPRESSIONS)])
def test_a_noise_floor_is_the_loss_of_the_true_curve(loss):
    e = Experiment(points=5000, seeds=40, loss=loss, outlier_share=0.1, outlier_size=1.0, epochs=1, width=1)
    start = draw(e)
    r = DATA_SETS[e.data].truth(start.x).unsqueeze(1) - start.y
    mean = build_loss(e)(r.double(), torch.zeros_like(r).double()).item()
    assert floor_of(e) == pytest.approx(mean, rel=0.02, abs=1e-4)


def test_the_usual_target_of_the_classic_experiment_is_the_essays():
    assert usual_target(Loss(), 0.1) == Experiment().target == 0.02
    for name in LOSSES:
        target = usual_target(Loss(name), 0.1)
        assert target in TARGETS
        assert target > noise_floor(Loss(name), 0.1)
    assert usual_target(Loss("own", expression="log(r)"), 0.1) == TARGETS[0]


# --- own losses judged


def test_what_is_wrong_with_a_loss_is_found():
    fine = judge(Loss("own", expression="(r - 0.5)**2"))
    assert (fine.no_value, fine.no_slope, fine.least) == ((), (), ((0.5, 0.5),))
    lost = judge(Loss("own", expression="log(r)"))
    assert (lost.no_value, lost.least, lost.falls) == (((-2.0, 0.0),), (), 0.0)
    kink = judge(Loss("own", expression="sqrt(abs(r))"))
    assert (kink.no_value, kink.no_slope) == ((), ((0.0, 0.0),))
    both = judge(Loss("own", expression="1/(r**2 - 1)"))
    assert both.no_value == ((-1.0, -1.0), (1.0, 1.0))  # and not all between them
    assert judge(Loss("own", expression="r > 0")).flat == 1
    assert judge(Loss("own", expression="maximum(abs(r) - 1, 0)")).flat == pytest.approx(0.5, abs=0.02)
    assert judge(Loss("own", expression="log(-1 - r**2)")).least == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_is_wrong(language):
    text = Text(language)

    def said(expression: str) -> tuple[str, ...]:
        return own_pair(Loss("own", expression=expression), text).sentences

    between, place = text("objective.own.between", low="−2", high="0"), text("objective.own.place", at="0")
    assert said("log(r)")[1:] == (text("objective.own.no_value", where=between),)
    assert said("sqrt(abs(r))")[1:] == (text("objective.own.no_slope", where=place),)
    assert said("sign(r)")[1:] == (text("objective.own.flat", share="100%"),)
    assert len(said("abs(r)")) == 1


def test_every_loss_has_a_look_of_its_own():
    assert list(STYLES) == list(LOSSES)
    assert len({s.colour for s in STYLES.values()}) == len({s.dash for s in STYLES.values()}) == len(LOSSES)


# --- fits


# --- the gradient matrix


def test_cells_stand_in_the_matrices_and_apart():
    for inputs, width in ((1, 1), (1, 16), (2, 8)):
        lefts, rows = places(inputs, width)
        assert len(lefts) == len(rows) == len(cells(inputs, width))
        assert len(set(zip(lefts, rows, strict=True))) == len(lefts)


def test_a_cell_that_is_not_there_becomes_the_first_of_its_matrix():
    e = gradient_experiment(EXPERIMENT, Objective(data="parabola", width=2))
    assert cell_texts.nearest_cell("w1.2.1", e) == "w1.2.1"
    assert cell_texts.nearest_cell("w1.2.2", e) == "w1.1.1"
    assert cell_texts.nearest_cell("b1.9", e) == "b1.1"
    assert cell_texts.nearest_cell("b2", e) == "b2"
    assert [cell_texts.cell_label(c) for c in ("w1.3.2", "b1.3", "w2.3", "b2")] == [
        "W₁[3, 2]",
        "b₁[3]",
        "W₂[1, 3]",
        "b₂[1]",
    ]


def test_a_training_that_is_lost_can_still_be_shown():
    e = gradient_experiment(Experiment(optimizers=(Optimizer("SGD"),), learning_rates=(100.0,), epochs=1), PAGE)
    found = matrices(train(e), of_all=True)
    assert not check(found, "w1.1.1", e.steps, 1e-4).finite
    shown = figure(found, DEFAULTS, Text("en"))
    assert shown.series[0].values[-1] is None


# --- the link


@st.composite
def specs(draw: st.DrawFn) -> tuple[Experiment, View, Objective]:
    experiment = replace(draw(experiments().filter(lambda e: e.data in ONE_INPUT)), seeds=1)
    losses = []
    for name, kind in LOSSES.items():
        if name == experiment.loss.name:
            losses.append(experiment.loss)
        elif kind.parameter:
            value = draw(st.sampled_from(EXPRESSIONS) if name == "own" else st.floats(*kind.range))
            losses.append(Loss(name, **{kind.parameter: value}))
        else:
            losses.append(Loss(name))
    names = st.lists(st.sampled_from(sorted(LOSSES)), min_size=1, unique=True).map(tuple)
    numbers = {f: draw(st.floats(-10, 10)) for f in ("first", "second", "third", "logit1", "logit2", "logit3")}
    page = Objective(
        losses=tuple(losses),
        curves=draw(names),
        fits=draw(names),
        right=draw(st.integers(1, 3)),
        data=draw(st.sampled_from(sorted(DATA_SETS))),
        width=draw(st.integers(1, WIDEST)),
        batch=draw(st.sampled_from(["batch", "all"])),
        cell=draw(st.sampled_from(cells(2, WIDEST))),
        eps=draw(st.floats(1e-12, 1)),
        **numbers,
    )
    found = experiment, draw(views()), page
    try:
        FORM.admit(FORM.flatten(found))
    except OverBudget:
        return replace(experiment, epochs=1, batch_size=None), *found[1:]
    return found


@given(specs(), st.sampled_from(LANGUAGES))
@patient
def test_a_link_gives_back_any_spec(spec, language):
    query = parse_qs(FORM.encode(spec, language), keep_blank_values=True, strict_parsing=True)
    assert decoding.decode(query, FORM, DEFAULTS) == decoding.Decoded(spec, ())
    assert decoding.decode(FORM.short(spec, DEFAULTS), FORM, DEFAULTS) == decoding.Decoded(spec, ())


@given(st.dictionaries(st.sampled_from(list(FORM.names)), st.lists(st.text(max_size=50), max_size=3), max_size=20))
@patient
def test_any_query_gives_a_valid_spec(asked):
    found = decoding.decode(asked, FORM, DEFAULTS)
    assert FORM.build(FORM.flatten(found.specs)) == found.specs


@pytest.mark.parametrize(
    ("query", "reason", "allowed"),
    [
        ({"data": ["saddle"]}, "choice", ", ".join(ONE_INPUT)),
        ({"cell": ["w9"]}, "choice", "w1.1.1, b1.1, w2.1, b2"),
        ({"curves": ["mse", "<b>"]}, "choice", ", ".join(LOSSES)),
        ({"grad.width": ["17"]}, "range", "[1, 16]"),
        ({"own.expr": ["__import__('os')"]}, "expression.character", ""),
        ({"fd.eps": ["2"]}, "range", "[1e-12, 1]"),
        ({"class": ["4"]}, "range", "[1, 3]"),
    ],
)
def test_what_a_link_may_not_say(query, reason, allowed):
    (problem,) = decoding.decode(query, FORM, DEFAULTS).problems
    assert (problem.reason, problem.allowed) == (f"link.reason.{reason}", allowed)
