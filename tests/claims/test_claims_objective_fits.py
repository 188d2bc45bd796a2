"""What the page The objective says of trainings: the fits under outliers, and the gradient matrix."""

import math
import re
from dataclasses import replace

import pandas as pd
import pytest
import torch
import vl_convert

from core.analysis.coefficient_names import cells
from core.analysis.gradients import matrices
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.losses import LOSSES
from core.charts import network_drawing
from core.charts.network_drawing import network_chart
from core.charts.parameters import parameter_rows
from core.charts.style import NEUTRAL, SIGNS
from core.engine.history import end_steps
from core.engine.network import predict
from core.engine.start import draw
from core.engine.training import build_loss, build_network, build_optimizer, train
from core.spec.experiment import Experiment, Loss, Optimizer
from core.text import Text
from pages.objective.gradients import derivative
from pages.objective.gradients import figure as gradient_matrix
from pages.objective.gradients import spec as gradients_spec
from pages.objective.gradients.compute import EPSILONS, check
from pages.objective.gradients.spec import gradient_experiment
from pages.objective.outliers import compute as loss_fits
from pages.objective.outliers import figure
from pages.objective.spec import DEFAULTS, Objective

EXPERIMENT, _, PAGE = DEFAULTS
TEXT = Text("en")
SEEDS = 5
CUT = Loss("own", expression="where(abs(r) < 0.5, r**2, 0.25)")
LOSSES_TRAINED = {
    "mse": Loss(),
    "l1": Loss("l1"),
    "huber": Loss("huber"),
    "small": Loss("huber", delta=0.1),
    "own": Loss("own"),
    "cut": CUT,
    "smooth": Loss("smooth_l1"),
}


def of_seed(seed: int, losses, **changes) -> list:
    e = replace(EXPERIMENT, first_seed=seed, **changes)
    return [train(replace(e, loss=loss, seeds=1)) for loss in losses]


@pytest.fixture(scope="module")
def fitted() -> list[dict]:
    """For each seed what its training under each loss left."""
    return [dict(zip(LOSSES_TRAINED, of_seed(s, LOSSES_TRAINED.values()), strict=True)) for s in range(SEEDS)]


@pytest.fixture(scope="module")
def clean() -> list[list]:
    return [of_seed(s, [Loss("l1"), Loss("quantile", tau=0.9)], outlier_share=0.0) for s in range(SEEDS)]


def ends(history) -> list[int]:
    """The rows of the snapshots at 8 evenly spaced steps of the last epoch, found anew."""
    per_epoch, steps = len(history.experiment.batch_sizes), history.experiment.steps
    return [history.snapshot_steps.index(steps - per_epoch + per_epoch * i // 8) for i in range(1, 9)]


def residuals(history) -> tuple[torch.Tensor, torch.Tensor]:
    """The distances to the true curve and the residuals (points, 8) at the end of a run."""
    e, start = history.experiment, draw(history.experiment)
    fits = predict(history.snapshots[ends(history), :, 0].T, start.x, e.width, e.activation)
    return (fits - DATA_SETS[e.data].truth(start.x).unsqueeze(1)).abs(), (fits - start.y).double()


def test_every_fit_starts_from_the_same_weights_and_sees_the_same_batches(fitted):
    for seed, histories in enumerate(fitted):
        torch.manual_seed(seed)  # the plain loop of a reader, once for each loss
        x = torch.linspace(-1, 1, 1000).unsqueeze(1)
        y = x[:, 0] ** 2 + 0.1 * torch.randn(1000)
        y[torch.randperm(1000)[:100]] += 2
        begun = build_network(EXPERIMENT)
        batches = torch.randperm(1000).split(32)
        for history in histories.values():
            net = build_network(EXPERIMENT)
            net.load_state_dict(begun.state_dict())
            optimizer = build_optimizer(history.runs[0], list(net.parameters()))
            for step, batch in enumerate(batches):
                loss = build_loss(history.experiment)(net(x[batch])[:, 0], y[batch])
                assert history.loss[step, 0] == pytest.approx(loss.item(), rel=2e-3, abs=1e-5)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()


def test_the_end_of_each_fit_is_a_mean_over_its_last_steps(fitted):
    for histories in fitted:
        found = loss_fits.forgiven_frame(list(histories.values()))
        for row, history in zip(found.to_dict("records"), histories.values(), strict=True):
            off, r = residuals(history)
            loss = build_loss(history.experiment)(r, torch.zeros_like(r)).item()
            assert row["off"] == pytest.approx(off.mean().item(), rel=1e-4)
            assert row["end"] == pytest.approx(loss, rel=1e-3)
        shown = figure.figure([histories[n] for n in ("mse", "l1", "huber")], DEFAULTS, TEXT)
        offs = [residuals(histories[n])[0].mean().item() for n in ("mse", "l1", "huber")]
        assert f"L1 ends nearest to the true curve, {min(offs):.2g} away" in shown.sentences[0]
        assert f"Farthest is MSE, {max(offs):.2g} away" in shown.sentences[0]
        assert shown.table.iloc[0, 3] == f"{histories['mse'].end[0]:.3g}"
    one = fitted[0]["mse"]  # its curve swings: at one step of the end it is half as far off again as at another
    by_step = residuals(one)[0].mean(0)
    assert by_step.max() > 1.5 * by_step.min()


def test_losses_that_are_the_same_are_said_to_tie():
    for seed in range(SEEDS):
        same = of_seed(seed, [Loss(), Loss("own", expression="r**2"), Loss("huber", delta=0.1)], epochs=2)
        shown = figure.figure(same, DEFAULTS, TEXT)
        assert "Farthest are MSE and Your own" in shown.sentences[0]
        shown = figure.figure(same[:2], DEFAULTS, TEXT)
        assert "MSE and Your own end nearest to the true curve, equally near" in shown.sentences[0]
        assert "arthest" not in shown.sentences[0]


def test_the_share_of_influence_is_that_of_the_slopes(fitted):
    for histories in fitted:
        found = loss_fits.forgiven_frame(list(histories.values()))
        for share, history in zip(found["influence"], histories.values(), strict=True):
            _, r = residuals(history)
            shifted = loss_fits.outliers(history.experiment)
            assert shifted.sum() == 100
            shares = []
            for column in r.T:
                leaf = column.clone().requires_grad_()
                build_loss(history.experiment)(leaf, torch.zeros_like(leaf)).backward()
                shares.append((leaf.grad[shifted].abs().sum() / leaf.grad.abs().sum()).item())
            assert share == pytest.approx(sum(shares) / 8, rel=1e-3, abs=1e-6)
        said = figure.figure([histories["mse"]], DEFAULTS, TEXT).sentences[1]
        assert "The outliers are 10% of the points." in said
        assert f"MSE {found['influence'][0]:.0%}." in said
    nobody = of_seed(0, [Loss()], outlier_share=0.0, epochs=1)
    assert not any("outliers are" in s for s in figure.figure(nobody, DEFAULTS, TEXT).sentences)


def test_the_less_influence_outliers_have_the_nearer_the_fit(fitted):
    for histories in fitted:
        found = loss_fits.forgiven_frame([histories[n] for n in ("mse", "huber", "l1", "own")])
        assert found["influence"].is_monotonic_decreasing
        assert found["off"][:3].is_monotonic_decreasing
        assert max(found["off"][2:]) < 0.5 * min(found["off"][:2])


def test_training_can_end_below_the_loss_of_the_true_curve(fitted, clean):
    for histories, (_, quantile) in zip(fitted, clean, strict=True):
        for history in (histories["mse"], histories["huber"], quantile):
            e, start = history.experiment, draw(history.experiment)
            truth = (DATA_SETS[e.data].truth(start.x) - start.y[:, 0]).double()
            floor = build_loss(e)(truth, torch.zeros_like(truth)).item()
            assert history.end[0] < 0.98 * floor
            shown = figure.figure([history], DEFAULTS, TEXT)
            assert shown.table.iloc[0, 4] == f"{floor:.3g}"
            outliers = "" if e.outlier_share else "_plain"
            assert shown.sentences[-1] == TEXT(f"objective.fits.landmark{outliers}")
        assert quantile.end[0] < 0.6 * floor  # and on new points the quantile's own curve is as far below
        new = replace(quantile.experiment, first_seed=quantile.experiment.first_seed + 100)
        r = predict(quantile.parameters, draw(new).x, new.width, new.activation) - draw(new).y
        assert build_loss(new)(r, torch.zeros_like(r)) < 0.6 * floor


def test_crosses_are_the_shifted_points_and_the_truth_is_dotted(fitted):
    for histories in fitted[:2]:
        e, start = histories["mse"].experiment, draw(histories["mse"].experiment)
        shifted = loss_fits.outliers(e)
        off = start.y[:, 0] - DATA_SETS[e.data].truth(start.x)
        assert off[shifted].min() > 1.5
        assert off[~shifted].max() < 0.6
    layers = figure.figure([fitted[0]["mse"]], DEFAULTS, TEXT).charts[0].spec["layer"]
    crosses = next(one for one in layers if one["mark"].get("shape") == "cross")
    assert "outlier === 1" in str(crosses["transform"])
    assert any(one["mark"].get("strokeDash") == [2, 2] for one in layers)


def test_a_small_delta_brings_huber_down_and_mse_stays_lifted(fitted):
    for histories in fitted:
        distance = {name: residuals(history)[0].mean().item() for name, history in histories.items()}
        assert distance["small"] < 0.05 < 0.15 < distance["mse"]
        fit = residuals(histories["mse"])[1] + draw(histories["mse"].experiment).y
        truth = DATA_SETS["parabola"].truth(draw(EXPERIMENT).x).unsqueeze(1)
        assert (fit - truth).mean() > 0.8 * distance["mse"]  # lifted, not off to both sides
    slope = LOSSES["huber"].slope(torch.tensor([0.1, 2.0]), 0.1, torch.empty(2))
    assert slope[0] == slope[1]


def test_a_quantile_settles_above_its_share_of_the_points(clean):
    for pair in clean:
        shares = []
        for history in pair:
            _, r = residuals(history)
            shares.append((r > 0).double().mean().item())
        assert shares == pytest.approx([0.5, 0.9], abs=0.03)


def test_a_square_that_is_cut_off_leaves_outliers_no_influence(fitted):
    for histories in fitted:
        found = loss_fits.forgiven_frame([histories["cut"]])
        assert found["influence"][0] < 0.001
        assert found["off"][0] < 0.05


# The gradient matrix


def plain(e: Experiment, parameters: torch.Tensor):
    """The network of these parameters in plain PyTorch, float64."""
    net = build_network(e).double()
    torch.nn.utils.vector_to_parameters(parameters.double(), net.parameters())
    return net


def gradient(e: Experiment, parameters: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    net = plain(e, parameters)
    build_loss(e)(net(x)[:, 0], y).backward()
    return torch.cat([p.grad.flatten() for p in net.parameters()])


def of_matrix(loss: Loss = EXPERIMENT.loss, page: Objective = PAGE, **changes) -> Experiment:
    return gradient_experiment(replace(EXPERIMENT, loss=loss, **changes), page)


@pytest.fixture(scope="module")
def trained() -> list:
    return [train(of_matrix(first_seed=seed)) for seed in range(SEEDS)]


@pytest.mark.parametrize("loss", [Loss(), Loss("l1"), Loss("own")], ids=lambda loss: loss.name)
def test_the_length_of_the_gradient_is_autograds(loss):
    for seed in range(SEEDS):
        e = of_matrix(loss, first_seed=seed, epochs=2)
        history, start = train(e), draw(e)
        x, y = start.x.double(), start.y[:, 0].double()
        orders = [torch.randperm(e.points, generator=start.generators[0]) for _ in range(3)]
        batches = [b for order in orders for b in order.split(32)]
        for of_all in (True, False):
            found = matrices(history, of_all)
            lengths = []
            for k, step in enumerate(history.snapshot_steps):
                rows = slice(None) if of_all else batches[step]
                g = gradient(e, history.snapshots[k, :, 0], x[rows], y[rows])
                lengths.append(g.norm().item())
                torch.testing.assert_close(found.gradients[:, k], g, rtol=1e-6, atol=1e-8)
            last = [v for v, s in zip(lengths, history.snapshot_steps, strict=True) if s in end_steps(e.steps, 32)]
            said = gradient_matrix.length_sentence(found, TEXT)
            numbers = (lengths[0], sum(last) / len(last), min(lengths))
            words = (*(TEXT("objective.matrix.result", start="|", end="|", least="|").split("|")),)
            assert said.startswith(words[0])
            assert found.size == (e.points if of_all else 32)
            told = [float(w.strip(".,;").replace("×10⁻", "e-")) for w in said.split() if w[0].isdigit() and w != "0"]
            assert told == pytest.approx(numbers, rel=0.006)


def test_the_gradient_is_slope_times_how_the_prediction_moves(trained):
    for history in trained:
        e, start = history.experiment, draw(history.experiment)
        x, y = start.x.double()[:50], start.y[:50, 0].double()
        net = plain(e, history.parameters[:, 0])
        predictions = net(x)[:, 0]
        slopes = LOSSES["mse"].slope((predictions - y).detach(), 0.0, torch.empty_like(y))
        moves = [
            torch.cat([g.flatten() for g in torch.autograd.grad(p, list(net.parameters()), retain_graph=True)])
            for p in predictions
        ]
        chained = (slopes.unsqueeze(1) * torch.stack(moves)).mean(0)
        torch.testing.assert_close(chained, gradient(e, history.parameters[:, 0], x, y))


#: The edges and the units among the marks of a drawing.
_DRAWN = ("rule role-mark layer_2_marks", "symbol role-mark layer_5_marks")


def test_gradients_are_laid_out_like_the_weights():
    for inputs, width in ((1, 1), (1, 16), (2, 8)):
        net = torch.nn.Sequential(torch.nn.Linear(inputs, width), torch.nn.ReLU(), torch.nn.Linear(width, 1))
        assert [p.grad.shape for p in net.parameters() if p.grad is not None] == []
        net(torch.ones(1, inputs)).sum().backward()
        assert all(p.grad.shape == p.shape for p in net.parameters())
        assert len(cells(inputs, width)) == sum(p.numel() for p in net.parameters())
        rows = [f"w1.{row + 1}.{column + 1}" for row, column in torch.ones(width, inputs).nonzero().tolist()]
        assert cells(inputs, width)[: width * inputs] == rows


def test_edges_and_units_are_drawn_as_strong_as_their_numbers():
    names = cells(2, 3)
    numbers = [0.5 * (-1) ** k * k / len(names) for k in range(len(names))]
    frame = pd.DataFrame({"begin": [0], "end": [9], "cells": [numbers]})
    look = {"inputs": 2, "names": names, "picked": 4, "most": 0.5, "layers": ("in", "hidden", "out"), "step": 0}
    look |= {"labels": [name.upper() for name in names], "value": "weight", "height": 200}
    spec = network_chart(parameter_rows(frame), **look).to_dict() | {"width": 600}
    drawn = vl_convert.vegalite_to_svg(spec, vl_version="6.4")
    edges, units = (re.search(rf'<g class="mark-{mark}.*?</g>', drawn)[0] for mark in _DRAWN)
    widths = list(map(float, re.findall(r'stroke-width="([\d.]+)"', edges)))
    shades = list(map(float, re.findall(r'fill-opacity="([\d.]+)"', units)))
    of_edges = [k for k, name in enumerate(names) if name.startswith("w")]
    of_units = [k for k, name in enumerate(names) if name.startswith("b")]
    assert (len(widths), len(shades)) == (len(of_edges), len(of_units))
    for seen, places, looks in (
        (widths, of_edges, re.findall(r'stroke="([^"]+)"', edges)),
        (shades, of_units, re.findall(r' fill="([^"]+)"', units)),
    ):
        assert seen == sorted(seen)  # as the numbers grow
        assert len(set(seen)) == len(seen)
        signs = [NEUTRAL if not numbers[k] else SIGNS[numbers[k] > 0] for k in places]
        assert looks == signs
    where = network_drawing.places(2, 3)
    for k, name in enumerate(names):
        part, *place = name.split(".")
        row = int(place[0]) - 0.5 if place else 1.5
        columns = {"w1": (0, 1), "b1": (1, 1), "w2": (1, 2), "b2": (2, 2)}[part]
        assert (round(where[k].x), round(where[k].x2)) == columns
        assert (where[k].y if part == "w2" else where[k].y2) == row
    assert [where[k].y for k, name in enumerate(names) if name.startswith("w1")] == [0.75, 2.25] * 3


@pytest.mark.parametrize("loss", [Loss(), Loss("l1"), Loss("huber"), Loss("own")], ids=lambda loss: loss.name)
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_a_finite_difference_says_nearly_the_same_as_back_propagation(loss, activation):
    for seed in range(SEEDS):
        history = train(of_matrix(loss, first_seed=seed, activation=activation, epochs=2))
        found, last = matrices(history, of_all=False), history.experiment.steps
        start = draw(history.experiment)
        for cell in cells(2, 8)[seed::5]:
            for step in (0, last):
                seen = check(found, cell, step, PAGE.eps)
                k = found.at(step)
                points = found.points[k]
                index = cells(2, 8).index(cell)
                g = gradient(history.experiment, history.snapshots[k, :, 0], points.x.T, points.y)
                assert seen.back == pytest.approx(g[index].item(), rel=1e-6, abs=1e-9)
                assert seen.at == history.snapshots[k, index, 0].double().item()
                kink = 0.1 if loss.name in ("l1", "huber") or activation == "relu" else 1e-5  # a point may lie there
                assert seen.by_difference == pytest.approx(seen.back, abs=kink)
        assert start.x.shape[1] == 2


def test_a_finite_difference_takes_two_runs_a_coefficient_and_back_propagation_one_sweep(trained):
    e, start = trained[0].experiment, draw(trained[0].experiment)
    x, y = start.x.double(), start.y[:, 0].double()
    net = plain(e, trained[0].parameters[:, 0])
    runs, sweeps = [], []
    net.register_forward_hook(lambda *_: runs.append(1))
    net[0].weight.register_hook(lambda _: sweeps.append(1))
    build_loss(e)(net(x)[:, 0], y).backward()
    assert (len(runs), len(sweeps)) == (1, 1)
    found = torch.cat([p.grad.flatten() for p in net.parameters()])
    vector = torch.nn.utils.parameters_to_vector(net.parameters()).detach()
    differences = []
    with torch.no_grad():
        for i in range(len(vector)):
            ends = []
            for side in (-1, 1):
                moved = vector.clone()
                moved[i] += side * 1e-6
                torch.nn.utils.vector_to_parameters(moved, net.parameters())
                ends.append(build_loss(e)(net(x)[:, 0], y).item())
            differences.append((ends[1] - ends[0]) / 2e-6)
    assert len(runs) == 1 + 2 * len(vector)
    assert differences == pytest.approx(found.tolist(), abs=1e-4)


def bend(e: Experiment, seen, cell: str, found, reach: float) -> float:
    """The largest third difference of the loss along a cell within ± reach, over its size: 0 for a parabola."""
    index, k = cells(2, 8).index(cell), found.at(e.steps)
    values = []
    for place in torch.linspace(-reach, reach, 41, dtype=torch.float64):
        moved = found.weights[:, k].clone()
        moved[index] += place
        net = plain(e, moved)
        values.append(build_loss(e)(net(found.points[k].x.T)[:, 0], found.points[k].y).item())
    return torch.tensor(values, dtype=torch.float64).diff(n=3).abs().max().item() / max(map(abs, values))


@pytest.mark.parametrize("loss", [Loss(), Loss("log_cosh")], ids=lambda loss: loss.name)
def test_a_larger_epsilon_does_worse_only_where_the_bend_changes(loss):
    said = set()
    for seed in range(SEEDS):
        e = of_matrix(loss, first_seed=seed)
        found = matrices(train(e), of_all=True)
        for cell in ("w1.1.1", "w1.5.2", "b1.3", "w2.2", "w2.6", "b2"):
            seen = check(found, cell, e.steps, PAGE.eps)
            if seen.dead:
                continue
            even = "no larger one is really worse" in derivative.best_sentence(seen, TEXT)
            assert even == (bend(e, seen, cell, found, EPSILONS[0]) < 1e-12)
            if loss.name == "mse" and cell[:2] in ("w2", "b2"):
                assert even
            said.add(even)
            by_eps = seen.differences.set_index("x")["y"].fillna(0)
            if not even:
                assert by_eps[EPSILONS[0]] > 10 * by_eps[derivative.best_eps(seen)]
    assert False in said


def test_a_smaller_epsilon_loses_its_digits(trained):
    for history in trained:
        found = matrices(history, of_all=True)
        for cell in ("w1.1.1", "b1.3", "w2.2", "b2"):
            seen = check(found, cell, 384, PAGE.eps)
            if not seen.dead:
                by_eps = seen.differences.set_index("x")["y"].fillna(0)
                best = derivative.best_eps(seen)
                assert f"{best:.3g}".rstrip("0") in derivative.best_sentence(seen, TEXT) or best < 1e-3
                assert by_eps[[1e-11, 1e-12]].max() > 100 * max(by_eps[best], 1e-12)


def test_a_cell_without_a_gradient_is_dead_for_one_of_the_reasons_named(trained):
    dead = 0
    for history in trained:
        e, start = history.experiment, draw(history.experiment)
        found = matrices(history, of_all=True)
        for cell in cells(2, 8):
            seen = check(found, cell, e.steps, PAGE.eps)
            if seen.dead:
                dead += 1
                unit = int(cell.split(".")[1]) - 1
                hidden = plain(e, history.parameters[:, 0])[:2](start.x.double())
                assert (hidden[:, unit] == 0).all()
    assert dead
    balanced = train(of_matrix(Loss("own", expression="0*r"), epochs=1))
    assert check(matrices(balanced, of_all=True), "b2", 0, PAGE.eps).dead  # no point has influence
    even = of_matrix(Loss("l1"), Objective(data="parabola", width=1), epochs=1, points=8, batch_size=8)
    flat = train(even)
    points = replace(matrices(flat, of_all=True).points[0], y=torch.tensor([-9.0, 9] * 4, dtype=torch.float64))
    there = replace(matrices(flat, of_all=True), points=(points,) * len(flat.snapshot_steps))
    there = replace(there, gradients=torch.zeros_like(there.gradients))
    assert check(there, "b2", 0, PAGE.eps).dead  # four move it up and four down


def test_a_cell_of_a_lost_training_is_said_to_be_lost():
    for seed in range(SEEDS):
        e = of_matrix(first_seed=seed, optimizers=(Optimizer("SGD"),), learning_rates=(100.0,), epochs=1)
        seen = check(matrices(train(e), of_all=True), "w1.1.1", e.steps, PAGE.eps)
        assert not seen.finite
        numbers = [seen.at, seen.loss, seen.back, *seen.curve["y"]]
        assert not all(math.isfinite(n) and abs(n) < 1e12 for n in numbers)


def test_the_matrix_shows_the_weights_kept_last_in_blue_and_orange(trained):
    found = matrices(trained[0], of_all=True)
    for step in (0, 1, 200, 383, 384):
        kept = max(s for s in trained[0].snapshot_steps if s <= step)
        assert found.steps[found.at(step)] == kept
    shown = gradient_matrix.figure(found, (*DEFAULTS[:2], replace(PAGE, cell="b2")), TEXT)
    assert TEXT(f"data.{found.experiment.data}") in shown.notes[-1]
    drawing, *both = shown.charts
    assert all("blueorange" in str(matrix.spec) for matrix in both)
    assert str([SIGNS[0], NEUTRAL, SIGNS[1]]) in str(drawing.spec)


def test_a_loss_that_diverges_is_named_beside_those_that_do_not():
    said = TEXT("objective.fits.diverged", names=TEXT("loss.own"))
    for seed in range(SEEDS):
        found = of_seed(seed, [Loss("l1"), Loss("own", expression="log(r)")])
        assert math.isinf(found[1].outcomes[0].end)
        assert said in figure.figure(found, DEFAULTS, TEXT).sentences
        assert said not in figure.figure(found[:1], DEFAULTS, TEXT).sentences


@pytest.mark.parametrize("seed", range(SEEDS))
def test_on_all_points_the_gradient_shrinks_and_is_not_zero(seed):
    usual = gradients_spec.FORM.flatten(DEFAULTS)
    experiment, _, page = gradients_spec.FORM.admit(usual | gradients_spec.TRIES["all"] | {"first_seed": seed})
    e = gradient_experiment(experiment, page)
    assert page.batch == "all"
    assert len(e.batch_sizes) == 1  # so training walks along what is shown
    found = matrices(train(e), of_all=True)
    lengths = found.gradients.norm(dim=0)
    assert lengths[-1] < lengths[0] / 2
    assert (lengths > 0).all()
