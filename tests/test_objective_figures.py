"""The Objective page's numbers against plain torch, its state in the link, and what its charts are given."""

import math
from urllib.parse import parse_qs

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from core import link_reading, loss_fits
from core.charts.matrices import places
from core.charts.style import LOSSES as STYLES
from core.data import DATA_SETS, ONE_INPUT
from core.floors import TARGETS, floor_of, noise_floor, usual_target
from core.gradients import cells, matrices
from core.loss_frames import PLACES, cross_entropy, growth, judge, logit_frame, reductions, residual_frame
from core.losses import LOSSES
from core.network import predict
from core.objective import FORM, WIDEST, Objective, gradient_experiment
from core.spec import Experiment, Loss, Optimizer, View
from core.start import draw
from core.text import LANGUAGES, Text
from core.training import build_loss, train
from core.ui import gradient_cell, gradient_matrix
from core.ui import loss_fits as figure
from core.ui.loss_tables import CLASSES, MORE_CLASSES
from core.ui.objective import DEFAULTS, FAR, NEAR, named, own_pair, residual_pair
from tests.strategies import EXPRESSIONS, experiments, views

EXPERIMENT, _, PAGE = DEFAULTS
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
DOUBLE = torch.float64


# --- against torch


@pytest.mark.parametrize("name", LOSSES)
def test_value_and_slope_are_the_modules_and_autograds(name):
    loss = Loss(name)
    frame = residual_frame([loss])
    r = torch.tensor(frame["x"].tolist(), dtype=DOUBLE, requires_grad=True)
    module = LOSSES[name].torch_loss(loss.parameter or 0.0)
    values = torch.stack([module(one, torch.zeros((), dtype=DOUBLE)) for one in r])
    values.sum().backward()
    torch.testing.assert_close(torch.tensor(frame[f"value_{name}"].tolist(), dtype=DOUBLE), values.detach())
    torch.testing.assert_close(torch.tensor(frame[f"slope_{name}"].tolist(), dtype=DOUBLE), r.grad)
    assert r[PLACES // 2] == 0


def test_the_logit_curves_are_bce_with_logits_soft_margin_and_hinge():
    frame = logit_frame()
    z = torch.tensor(frame["x"].tolist(), dtype=DOUBLE, requires_grad=True)
    one = torch.ones_like(z)
    bce = nn.functional.binary_cross_entropy_with_logits(z, one, reduction="none")
    soft = nn.functional.soft_margin_loss(z, one, reduction="none")
    hinge = nn.functional.hinge_embedding_loss(z, -one, margin=1, reduction="none")  # max(0, 1 − z) for label −1
    torch.testing.assert_close(bce, soft)
    for name, values in (("bce", bce), ("hinge", hinge)):
        (slopes,) = torch.autograd.grad(values.sum(), z, retain_graph=True)
        torch.testing.assert_close(torch.tensor(frame[f"value_{name}"].tolist(), dtype=DOUBLE), values.detach())
        at = z.detach() != 1  # at its kink the slope of hinge is a convention
        torch.testing.assert_close(torch.tensor(frame[f"slope_{name}"].tolist(), dtype=DOUBLE)[at], slopes[at])


@given(st.lists(st.floats(-10, 10), min_size=3, max_size=3), st.integers(1, 3))
@patient
def test_cross_entropy_is_the_nll_of_the_log_softmax(logits, right):
    frame = cross_entropy(logits, right)
    z = torch.tensor(logits, dtype=DOUBLE, requires_grad=True)
    loss = nn.CrossEntropyLoss()(z.unsqueeze(0), torch.tensor([right - 1]))
    loss.backward()
    assert -frame["log_softmax"][right - 1] == pytest.approx(loss.item(), abs=1e-12)
    assert frame["slope"].tolist() == pytest.approx(z.grad.tolist(), abs=1e-12)
    assert frame["softmax"].sum() == pytest.approx(1)
    assert frame["slope"].sum() == pytest.approx(0, abs=1e-12)


def test_reductions_are_torchs():
    frame = reductions((0.5, -1.0, 2.0), [Loss("mse"), Loss("l1"), Loss("huber", delta=0.5)]).set_index("loss")
    assert frame.loc["mse"].tolist() == [[0.25, 1, 4], 5.25, 1.75]
    assert frame.loc["l1"].tolist() == [[0.5, 1, 2], 3.5, pytest.approx(3.5 / 3)]
    assert frame.loc["huber", "none"] == [0.125, 0.375, 0.875]


def test_every_loss_class_of_pytorch_is_in_the_table():
    there = {n for n in dir(nn) if n.endswith("Loss") and isinstance(getattr(nn, n), type)}
    assert {*CLASSES, *MORE_CLASSES} == there - {"NLLLoss2d"}
    assert not CLASSES.keys() & MORE_CLASSES.keys()


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
    assert (fine.no_value, fine.no_slope, fine.least) == (None, None, 0.5)
    lost = judge(Loss("own", expression="log(r)"))
    assert lost.no_value == (-2.0, 0.0)
    kink = judge(Loss("own", expression="sqrt(abs(r))"))
    assert kink.no_value is None
    assert kink.no_slope == (0.0, 0.0)
    assert judge(Loss("own", expression="r > 0")).flat == 1
    assert judge(Loss("own", expression="maximum(abs(r) - 1, 0)")).flat == pytest.approx(0.5, abs=0.02)
    assert math.isnan(judge(Loss("own", expression="log(-1 - r**2)")).least)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_is_wrong(language):
    text = Text(language)

    def said(expression: str) -> tuple[str, ...]:
        return own_pair(Loss("own", expression=expression), text).sentences

    between, place = text("objective.own.between", low="−2", high="0"), text("objective.own.place", at="0")
    assert said("log(r)")[1:] == (
        text("objective.own.no_value", where=between),
        text("objective.own.no_slope", where=place),
    )
    assert said("sqrt(abs(r))")[1:] == (text("objective.own.no_slope", where=place),)
    assert said("sign(r)")[1:] == (text("objective.own.flat", share="100%"),)
    assert len(said("abs(r)")) == 1


def test_huber_is_drawn_with_smooth_l1_where_they_are_one_curve():
    text = Text("en")
    both = [Loss("smooth_l1"), Loss("huber")]
    assert {n: label for n, (label, _) in named(both, text).items()} == {"smooth_l1": "Smooth L1 = Huber"}
    scaled = named([Loss("smooth_l1", beta=0.3), Loss("huber", delta=0.3)], text)
    assert [label for label, _ in scaled.values()] == ["Smooth L1 (Huber: × 0.3)"]
    assert len(named([Loss("smooth_l1", beta=0.3), Loss("huber")], text)) == 2
    r = torch.linspace(-2, 2, 41, dtype=DOUBLE)
    torch.testing.assert_close(LOSSES["huber"].value(r, 0.3), 0.3 * LOSSES["smooth_l1"].value(r, 0.3))


def test_every_loss_has_a_look_of_its_own():
    assert list(STYLES) == list(LOSSES)
    assert len({s.colour for s in STYLES.values()}) == len({s.dash for s in STYLES.values()}) == len(LOSSES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pulls_are_compared_in_words(language):
    said = residual_pair([Loss(), Loss("l1")], Text(language)).sentences[0]
    assert "MSE × 4" in said
    assert "L1 × 1" in said
    assert growth(Loss(), NEAR, FAR) == 4


# --- fits


@pytest.fixture(scope="module")
def fitted():
    losses = [PAGE.loss(name) for name in ("mse", "l1", "huber", "own")] + [Loss("huber", delta=0.1)]
    return [train(e) for e in loss_fits.experiments(EXPERIMENT, losses)]


def test_outliers_are_the_points_that_were_shifted():
    shifted = loss_fits.outliers(EXPERIMENT)
    assert shifted.sum() == 100
    start = draw(EXPERIMENT)
    off = start.y[:, 0] - DATA_SETS["parabola"].truth(start.x)
    assert off[shifted].min() > 1.5
    assert off[~shifted].max() < 0.5


def test_distances_and_pulls_are_what_they_say(fitted):
    found = loss_fits.forgiven_frame(fitted)
    for row, history in zip(found.to_dict("records"), fitted, strict=True):
        e, start = history.experiment, draw(history.experiment)
        fit = predict(history.snapshots[-1], start.x, e.width, e.activation)[:, 0]
        assert row["off"] == pytest.approx((fit - start.x[:, 0] ** 2).abs().mean().item(), rel=1e-5)
        r = (fit - start.y[:, 0]).double().requires_grad_()
        build_loss(e)(r, torch.zeros_like(r)).backward()
        pulls = r.grad.abs()
        assert row["pull"] == pytest.approx((pulls[loss_fits.outliers(e)].sum() / pulls.sum()).item(), rel=1e-4)


def test_what_the_prose_says_of_the_fits(fitted):
    found = loss_fits.forgiven_frame(fitted)
    mse, l1, huber, own, small = found["off"]
    assert max(l1, own, small) < 0.03 < 0.1 < min(mse, huber)
    assert found["pull"][1] == pytest.approx(0.1, abs=0.001)  # one vote each
    assert found["pull"][3] < 0.1 < 0.3 < found["pull"][0]


def test_a_small_delta_brings_huber_down(fitted):
    found = loss_fits.forgiven_frame(fitted)
    assert found["off"][4] < 0.15 * found["off"][2]


def test_a_quantile_lies_above_nine_tenths_of_the_points():
    clean = loss_fits.experiments(EXPERIMENT.__class__(optimizers=(Optimizer("Adam"),)), [Loss("l1"), Loss("quantile")])
    shares = []
    for e in clean:
        history, start = train(e), draw(e)
        below = start.y < predict(history.parameters, start.x, e.width, e.activation)
        shares.append(below.double().mean().item())
    assert shares == pytest.approx([0.5, 0.9], abs=0.07)


def test_a_square_that_is_cut_off_leaves_outliers_no_pull():
    cut = Loss("own", expression="where(abs(r) < 0.5, r**2, 0.25)")
    histories = [train(e) for e in loss_fits.experiments(EXPERIMENT, [cut])]
    found = loss_fits.forgiven_frame(histories)
    assert found["pull"][0] < 0.001
    assert found["off"][0] < 0.03


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figure_of_fits_says_who_is_nearest(fitted, language):
    text = Text(language)
    shown = figure.build_fits(fitted[:4], text)
    found = loss_fits.forgiven_frame(fitted[:4])
    nearest = text(f"loss.{found.loc[found['off'].idxmin(), 'loss']}")
    assert nearest in shown.sentences[0]
    assert len(shown.table) == len(shown.series) == 4
    assert all(len(s.values) == EXPERIMENT.steps + 1 for s in shown.series)


def test_a_fit_that_is_lost_is_said_to_be():
    text = Text("en")
    lost = [train(e) for e in loss_fits.experiments(EXPERIMENT, [Loss("own", expression="sqrt(r)")])]
    assert figure.build_fits(lost, text).sentences == (text("objective.fits.lost"),)


# --- the gradient matrix


def test_gradients_are_large_at_first_and_small_at_the_end_but_never_nought_on_a_batch():
    e = gradient_experiment(EXPERIMENT, PAGE)
    history = train(e)
    lengths = matrices(history, of_all=False).gradients.norm(dim=0)
    assert lengths[0] > 3 * lengths[-10:].mean()
    assert lengths.min() > 0
    whole = matrices(history, of_all=True).gradients.norm(dim=0)
    assert whole[-10:].mean() < lengths[-10:].mean()


#: A unit of the default that is switched off at the end.
DEAD = ("w1.7.1", "w1.7.2", "b1.7", "w2.7")


@pytest.mark.parametrize("cell", cells(2, 8))
def test_back_propagation_and_finite_difference_say_the_same_of_every_cell(cell):
    found = matrices(train(gradient_experiment(EXPERIMENT, PAGE)), of_all=True)
    seen = gradient_cell.check(found, cell, 384, PAGE.eps)
    assert seen.finite
    assert seen.by_difference == pytest.approx(seen.back, abs=1e-4)
    assert seen.dead == (cell in DEAD)
    if seen.dead:
        return
    differences = seen.differences.set_index("x")["y"].fillna(0)
    best = gradient_cell.best_eps(seen)
    assert differences[1e-12] > differences[best]  # too small fails as well
    assert best > 1e-9


def test_cells_stand_in_the_matrices_and_apart():
    for inputs, width in ((1, 1), (1, 16), (2, 8)):
        lefts, rows = places(inputs, width)
        assert len(lefts) == len(rows) == len(cells(inputs, width))
        assert len(set(zip(lefts, rows, strict=True))) == len(lefts)


def test_a_cell_that_is_not_there_becomes_the_first_of_its_matrix():
    e = gradient_experiment(EXPERIMENT, Objective(data="parabola", width=2))
    assert gradient_matrix.nearest_cell("w1.2.1", e) == "w1.2.1"
    assert gradient_matrix.nearest_cell("w1.2.2", e) == "w1.1.1"
    assert gradient_matrix.nearest_cell("b1.9", e) == "b1.1"
    assert gradient_matrix.nearest_cell("b2", e) == "b2"
    assert [gradient_matrix.cell_label(c) for c in ("w1.3.2", "b1.3", "w2.3", "b2")] == [
        "W₁[3, 2]",
        "b₁[3]",
        "W₂[1, 3]",
        "b₂[1]",
    ]


def test_a_training_that_is_lost_can_still_be_shown():
    e = gradient_experiment(Experiment(optimizers=(Optimizer("SGD"),), learning_rates=(100.0,), epochs=1), PAGE)
    found = matrices(train(e), of_all=True)
    assert not gradient_cell.check(found, "w1.1.1", e.steps, 1e-4).finite
    shown = gradient_matrix.build_shown(found, "w1.1.1", Text("en"))
    assert shown.series[0].values[-1] is None


# --- the link


@st.composite
def specs(draw: st.DrawFn) -> tuple[Experiment, View, Objective]:
    experiment = draw(experiments().filter(lambda e: e.data in ONE_INPUT))
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
    return experiment, draw(views()), page


@given(specs(), st.sampled_from(LANGUAGES))
@patient
def test_a_link_gives_back_any_spec(spec, language):
    query = parse_qs(FORM.encode(spec, language), keep_blank_values=True, strict_parsing=True)
    assert link_reading.decode(query, FORM, DEFAULTS) == link_reading.Decoded(spec, ())
    assert link_reading.decode(FORM.short(spec, DEFAULTS), FORM, DEFAULTS) == link_reading.Decoded(spec, ())


@given(st.dictionaries(st.sampled_from(list(FORM.names)), st.lists(st.text(max_size=50), max_size=3), max_size=20))
@patient
def test_any_query_gives_a_valid_spec(asked):
    found = link_reading.decode(asked, FORM, DEFAULTS)
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
    (problem,) = link_reading.decode(query, FORM, DEFAULTS).problems
    assert (problem.reason, problem.allowed) == (f"link.reason.{reason}", allowed)
