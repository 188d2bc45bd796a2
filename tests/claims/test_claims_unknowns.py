"""What the Unknowns page says, run by plain PyTorch: on its defaults, its things to try, and over seeds."""

import itertools
import math
import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.analysis.landscape import survey
from core.catalogue.optimizers import METHODS, named
from core.engine.walks import Walk
from core.spec.experiment import Experiment, Optimizer
from core.text import Text
from pages.unknowns import clustering, clusters, logistic, two_classes
from pages.unknowns.clustering import CLOUDS, Clustering
from pages.unknowns.formula_fit import BOUND, FORMULAS, FormulaFit, draw, points_frame, values_frame, walk
from pages.unknowns.formulas import ground, tried_sentence
from pages.unknowns.logistic.chart import SHADES, side
from pages.unknowns.search.loss_maps import walk_sentences
from pages.unknowns.search.spec import TRIES
from pages.unknowns.two_classes import Logistic
from tests.claims.plain import run
from tests.claims.plain_walks import VALUES, by_torch, loss_of
from tests.drawn import drawn

SEEDS = range(8)
ENGLISH = Text("en")
ATTRIBUTES = {"opt": "optimizers", "lr": "rate", "n": "points"}
FORMULA = pytest.mark.parametrize("formula", FORMULAS)


def tried(name: str, **changes) -> tuple[FormulaFit, Walk]:
    spec = FormulaFit(**{ATTRIBUTES.get(k, k): v for k, v in (TRIES[name] | changes).items()})
    return spec, walk(spec, draw(spec))


def plain_losses(spec: FormulaFit, name: str) -> tuple[list[float], torch.Tensor]:
    """The loss at every step and the last coefficients, by torch.optim and autograd."""
    path = by_torch(spec, name, spec.steps)
    return [loss_of(spec, at).item() for at in path], path[-1]


def number(words: str) -> float:
    return float(words.replace("−", "-"))


@FORMULA
def test_known_coefficients_give_the_values(formula):
    for c1, c2 in ((1.0, 0.5), (-3.0, 2.95), (0.0, 0.0)):
        frame = values_frame(FORMULAS[formula], c1, c2)
        expected = [float(VALUES[formula](c1, torch.tensor(c2), torch.tensor(x))) for x in frame["x"]]
        assert frame["y"].tolist() == pytest.approx(expected, abs=1e-6)


@FORMULA
def test_a_guess_costs_what_torch_says(formula):
    for seed in SEEDS:
        spec = FormulaFit(formula=formula, seed=seed, t1=1.3, t2=-0.65)
        sample = draw(spec)
        off = VALUES[formula](torch.tensor(1.3), torch.tensor(-0.65), sample.x.float()) - sample.y
        points = points_frame(sample, spec.t1, spec.t2)
        assert (points["at"] - points["y"]).tolist() == pytest.approx(off.tolist(), abs=1e-5)
        loss = off.square().mean().item()
        rows = pd.DataFrame({"number": [1], "c1": [1.3], "c2": [-0.65], "loss": [sample.loss_at(1.3, -0.65)]})
        said = tried_sentence(spec, rows.assign(best=rows["loss"]), ENGLISH)
        assert number(re.search(r"costs ([\d.]+)\.", said)[1]) == pytest.approx(loss, rel=0.01)


@FORMULA
def test_optimizers_walk_from_the_guess_as_those_of_torch(formula):
    names = ("SGD", "Momentum", "RMSprop", "Adam")
    for seed in SEEDS:
        spec = FormulaFit(formula=formula, seed=seed, fit=True, optimizers=names, rate=0.03)
        found = walk(spec, draw(spec))
        assert (found.path[0] == torch.tensor([[spec.t1], [spec.t2]])).all()
        frame = pd.DataFrame({"number": [1], "c1": [spec.t1], "c2": [spec.t2], "loss": [1e9]})
        said = walk_sentences(spec, frame, ENGLISH)
        for i, name in enumerate(names):
            losses, end = plain_losses(spec, name)
            same = 30 if name == "RMSprop" else None  # then it hops about the bottom, and rounding decides where
            assert found.loss[:same, i].tolist() == pytest.approx(losses[:same], rel=1e-6, abs=1e-9)
            c1, c2, loss = re.findall(r"(?:= |of )(−?[\d.]+)", said[i])[:3]
            off = 0.05 if name == "RMSprop" else 1e-3
            assert [number(c1), number(c2)] == pytest.approx(end.tolist(), rel=0.01, abs=off)
            assert number(loss.rstrip(".")) == pytest.approx(losses[-1], rel=0.05 if name == "RMSprop" else 0.01)


@FORMULA
def test_a_first_small_step_against_the_gradient_lowers_the_loss(formula):
    for seed in SEEDS:
        sample = draw(FormulaFit(formula=formula, seed=seed))
        at = torch.randn(2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).requires_grad_()
        loss = (VALUES[formula](at[0], at[1], sample.x) - sample.y).square().mean()
        loss.backward()
        lower, higher = ((at - s * 1e-4 * at.grad).detach() for s in (1, -1))
        assert sample.loss_at(*lower.tolist()) < loss.item() < sample.loss_at(*higher.tolist())


def resting_places(formula: str, seed: int, noise: float = 0.2) -> set[tuple[float, float]]:
    """Where plain descent comes to rest inside the map, from a grid of starts."""
    sample = draw(FormulaFit(formula=formula, seed=seed, noise=noise))
    axis = torch.linspace(-2.9, 2.9, 9, dtype=torch.float64)
    at = torch.cartesian_prod(axis, axis).T
    for _ in range(800):
        at = at - 0.04 * sample.gradient(at)
    still = sample.gradient(at).norm(dim=0) < 1e-3
    inside = at.abs().amax(0) < BOUND
    return {(round(a, 1), round(b, 1)) for a, b in at.T[still & inside].tolist()}


def test_a_line_and_a_parabola_have_one_valley_and_a_sine_many():
    for seed in SEEDS[:5]:
        for noise in (0.0, 0.2, 0.5):
            for formula in ("line", "parabola"):
                x = draw(FormulaFit(formula=formula, seed=seed, noise=noise)).x
                columns = torch.stack([x if formula == "line" else x**2, torch.ones_like(x)], 1)
                assert torch.linalg.eigvalsh(columns.T @ columns).min() > 0  # the loss is convex, its bottom one point
            assert len(resting_places("sine", seed, noise)) >= 4


@settings(deadline=None, max_examples=20)
@given(st.floats(-BOUND, BOUND), st.floats(-BOUND, BOUND), st.integers(0, 10**6))
def test_both_coefficients_of_the_sine_may_change_sign(a, w, seed):
    sample = draw(FormulaFit(formula="sine", seed=seed))
    assert sample.loss_at(a, w) == pytest.approx(sample.loss_at(-a, -w), rel=1e-12)


def test_from_when_on_an_optimizer_is_no_worse():
    for seed in SEEDS:
        spec = FormulaFit(seed=seed, fit=True)
        best = draw(spec).loss_at(0.5, 0.5)
        frame = pd.DataFrame({"number": [1], "c1": [0.5], "c2": [0.5], "loss": [best]})
        for name, said in zip(spec.optimizers, walk_sentences(spec, frame, ENGLISH), strict=False):
            losses, _ = plain_losses(spec, name)
            if found := re.search(r"From step (\d+) on", said):
                step = int(found[1])
                assert max(losses[step:]) <= best * (1 + 1e-9)
                assert losses[step - 1] > best
            else:
                assert losses[-1] > best or max(losses) <= best


def test_an_optimizer_that_diverges_is_said_to():
    for seed in SEEDS:
        spec = FormulaFit(seed=seed, fit=True, optimizers=("SGD",), rate=10.0)
        frame = pd.DataFrame({"number": [1], "c1": [0.0], "c2": [0.0], "loss": [1.0]})
        said = walk_sentences(spec, frame, ENGLISH)[0]
        step = int(re.search(r"at step (\d+) its", said)[1])
        losses, _ = plain_losses(spec, "SGD")
        assert all(loss <= 1e6 * losses[0] for loss in losses[:step])
        assert not losses[step] <= 1e6 * losses[0]


@FORMULA
def test_what_is_left_at_the_hidden_coefficients_is_noise(formula):
    for seed in SEEDS:
        spec = FormulaFit(formula=formula, seed=seed, fit=True)
        sample = draw(spec)
        generator = torch.Generator().manual_seed(seed)
        torch.rand(2, generator=generator)
        noise = spec.noise * torch.randn(spec.points, generator=generator)
        assert sample.loss_at(*sample.hidden) == pytest.approx(noise.square().mean().item(), rel=1e-5)
        frame = pd.DataFrame({"number": [1], "c1": [0.0], "c2": [0.0], "loss": [1.0]})
        said = walk_sentences(spec, frame, ENGLISH)[-1]
        assert number(re.search(r"loss is ([\d.]+):", said)[1]) == pytest.approx(noise.square().mean().item(), rel=0.01)


@FORMULA
def test_contours_go_in_by_a_third_of_the_area(formula):
    for seed in SEEDS:
        spec = FormulaFit(formula=formula, seed=seed)
        where = survey(draw(spec).loss, -BOUND, BOUND)
        assert ground(spec).least == pytest.approx(float(where.loss.min()))
        regions = where.regions()
        areas = [
            abs(np.dot(a, np.roll(b, 1)) - np.dot(b, np.roll(a, 1))) / 2
            for a, b in zip(regions["c1"], regions["c2"], strict=True)
        ]
        of_level = regions.assign(area=areas).groupby("level")["area"].sum().tolist()
        kept = [inner / outer for outer, inner in pairwise(of_level)]
        assert all(0.52 < share < 0.82 for share in kept)
        assert np.mean(kept) == pytest.approx(2 / 3, abs=0.02)
        assert regions["loss"].is_monotonic_decreasing


def test_from_the_wrong_valley_nobody_finds_the_deepest():
    for seed in SEEDS:
        spec, ours = tried("valley", seed=seed)
        sample = draw(spec)
        hidden = sample.loss_at(*sample.hidden)
        assert len(spec.optimizers) == 4
        assert (ours.loss[-1] > 10 * hidden).all()
        slopes = torch.stack([sample.gradient(end.unsqueeze(1)).norm() for end in ours.path[-1].T])
        assert (slopes < 0.3).all()  # they have come to rest, RMSprop but for its hops
        _, near = tried("valley", seed=seed, t1=1.0, t2=1.4)
        assert (near.loss[-1] < 1.2 * hidden).all()


def test_at_rate_1_sgd_jumps_from_wall_to_wall_and_at_3_it_climbs():
    for seed in SEEDS:
        spec, ours = tried("walls", seed=seed)
        sample = draw(spec)
        x = torch.stack([sample.x, torch.ones_like(sample.x)], 1)
        w, b = torch.linalg.lstsq(x, sample.y.unsqueeze(1)).solution.squeeze(1)
        path = ours.path[:, :, 0]
        assert path[-1, 0] == pytest.approx(float(w), abs=1e-6)
        off = path[:, 1] - b
        torch.testing.assert_close(off[1:], -off[:-1], rtol=1e-9, atol=1e-9)
        _, higher = tried("walls", seed=seed, lr=3.0)
        away = (higher.path[:60, 1, 0] - b).abs()
        assert (away[1:] > away[:-1]).all()
        assert (higher.loss[1:60, 0] > higher.loss[:59, 0]).all()
        assert higher.diverged("SGD") is not None


def test_in_the_narrow_valley_sgd_drops_and_then_crawls():
    for seed in SEEDS:
        spec, ours = tried("crawl", seed=seed)
        sample = draw(spec)
        x = torch.stack([sample.x**2, torch.ones_like(sample.x)], 1)
        narrow = torch.linalg.eigvalsh(x.T @ x)
        assert narrow[1] > 10 * narrow[0]
        best = (x @ torch.linalg.lstsq(x, sample.y.unsqueeze(1)).solution).squeeze(1).sub(sample.y).square().mean()
        over = ours.loss - best
        sgd = over[:, spec.optimizers.index("SGD")]
        assert sgd[10] < 0.5 * sgd[0]
        assert (sgd[21:] / sgd[20:-1]).min() > 0.9  # a step takes less than a tenth of what is left
        for name in ("Momentum", "Adam"):
            assert over[-1, spec.optimizers.index(name)] < 0.05 * sgd[-1]


def test_the_clouds_are_as_far_apart_as_is_said():
    for gap in (0.0, 2.5, 6.0):
        classes = two_classes.draw(Logistic(gap=gap, points=2000))
        middles = [classes.x[classes.y == k].mean(0) for k in (0, 1)]
        assert (middles[1] - middles[0]).norm().item() == pytest.approx(gap, abs=0.15)
        assert classes.x[classes.y == 0].std(0).tolist() == pytest.approx([1, 1], abs=0.1)


def test_cross_entropy_is_the_mean_of_minus_the_log_of_the_right_classs_probability():
    for seed in SEEDS:
        classes = two_classes.draw(Logistic(seed=seed))
        p = 1 / (1 + torch.exp(-(classes.x @ classes.start[:2] + classes.start[2])))
        right = torch.where(classes.y > 0.5, p, 1 - p)
        assert classes.loss(classes.start.unsqueeze(1)).item() == pytest.approx(-right.log().mean().item())


def test_far_apart_the_loss_still_falls_and_on_top_of_each_other_it_is_that_of_a_coin():
    for seed in SEEDS:
        far = Logistic(gap=6.0, seed=seed)
        classes = two_classes.draw(far)
        trained = two_classes.train(far, classes)
        assert (trained.loss[-20:] < trained.loss[-21:-1]).all()
        weights = trained.path[-1, :, 0]
        surer = classes.loss((1.1 * weights).unsqueeze(1))
        assert surer < classes.loss(weights.unsqueeze(1))
        assert (classes.right(trained.path[-1]) >= 0.98).all()
        same = Logistic(gap=0.0, seed=seed)
        assert two_classes.train(same, two_classes.draw(same)).loss[-1].tolist() == pytest.approx(
            [math.log(2)] * 2, abs=0.02
        )


def test_the_boundary_ends_as_that_of_torch():
    for seed in SEEDS[:5]:
        spec = Logistic(seed=seed)
        classes = two_classes.draw(spec)
        for i, kind in enumerate((torch.optim.SGD, lambda p, lr: torch.optim.Adam(p, lr=lr, betas=(0.9, 0.99)))):
            net = nn.Linear(2, 1).double()
            with torch.no_grad():
                net.weight.copy_(classes.start[:2].unsqueeze(0))
                net.bias.copy_(classes.start[2:])
            optimizer = kind(net.parameters(), lr=spec.rate)
            for _ in range(spec.steps):
                optimizer.zero_grad()
                nn.BCEWithLogitsLoss()(net(classes.x)[:, 0], classes.y).backward()
                optimizer.step()
            logits = net(classes.x)[:, 0].detach()
            loss = nn.BCEWithLogitsLoss()(logits, classes.y).item()
            right = int(((logits > 0) == (classes.y > 0.5)).sum())
            said = drawn(logistic.SCENE, spec, text=ENGLISH).sentences[i]
            assert number(re.search(r"of ([\d.]+);", said)[1]) == pytest.approx(loss, rel=0.01)
            assert f"; {right} of 200 points" in said


def test_the_shades_deepen_at_the_probabilities_named():
    for p in SHADES[1:]:
        for kind in (0, 1):
            logit = math.log(p / (1 - p)) * (1 if kind else -1)
            assert f"{logit:.6g}" in repr(side(kind, p))
            assert 1 / (1 + math.exp(-abs(logit))) == pytest.approx(p)
    spec = Logistic()
    alts = [c.alt for c in drawn(logistic.SCENE, spec, text=ENGLISH).charts[1:]]
    assert all(name in alt for name, alt in zip(spec.optimizers, alts, strict=True))


def test_each_cloud_is_as_wide_as_is_said():
    for spread in (0.1, 0.6, 1.5):
        x = clustering.draw(Clustering(spread=spread, points=400)).x
        assert [x[i::CLOUDS].std(0).mean().item() for i in range(CLOUDS)] == pytest.approx([spread] * 4, rel=0.15)


def distance(x: torch.Tensor, centres: torch.Tensor) -> torch.Tensor:
    return torch.cdist(x, centres).square().amin(1).mean()


def test_optimizers_walk_down_the_mean_squared_distance():
    for seed in SEEDS:
        spec = Clustering(seed=seed)
        cloud = clustering.draw(spec)
        walked = clustering.train(spec, cloud)
        for i in range(len(spec.optimizers)):
            ends = [distance(cloud.x, walked.path[step, :, i].view(-1, 2)).item() for step in (0, -1)]
            assert walked.loss[[0, -1], i].tolist() == pytest.approx(ends)
            assert ends[1] < ends[0]


@pytest.mark.parametrize("k", range(2, 7))
def test_a_round_of_lloyd_is_the_best_gradient_step_for_the_points_a_centre_has(k):
    for seed in SEEDS:
        spec = Clustering(k=k, seed=seed)
        cloud = clustering.draw(spec)
        centres = cloud.start.view(-1, 2).clone().requires_grad_()
        mine = torch.cdist(cloud.x, centres.detach()).argmin(1)
        loss = (cloud.x - centres[mine]).square().sum(1).mean()
        loss.backward()
        own = torch.bincount(mine, minlength=k).unsqueeze(1).double()
        step = (centres - spec.points / (2 * own) * centres.grad).detach()
        torch.testing.assert_close(clustering.lloyd(cloud)[1].view(-1, 2), step, rtol=0, atol=1e-10)
        for i in range(k):  # nowhere is better for the points that it has
            points = cloud.x[mine == i]
            moved = step[i] + 0.05 * torch.eye(2, dtype=torch.float64)
            here = (points - step[i]).square().sum(1).mean()
            assert all((points - m).square().sum(1).mean() > here for m in moved)


def slow_lloyd(x: torch.Tensor, centres: torch.Tensor) -> list[torch.Tensor]:
    path = [centres]
    while True:
        mine = torch.cdist(x, path[-1]).argmin(1)
        new = torch.stack([x[mine == i].mean(0) if (mine == i).any() else c for i, c in enumerate(path[-1])])
        if torch.allclose(new, path[-1], rtol=0, atol=1e-12):
            return path
        path.append(new)


def test_lloyd_is_the_slow_one():
    for seed in SEEDS:
        spec = Clustering(seed=seed)
        cloud = clustering.draw(spec)
        path = slow_lloyd(cloud.x, cloud.start.view(-1, 2))
        shown = drawn(clusters.SCENE, spec, text=ENGLISH)
        rounds = len(path) - 1
        said = shown.sentences[0]
        assert f"after {rounds} iteration{'s' if rounds != 1 else ''}, at a loss of" in said
        assert number(said.rpartition("of ")[2].rstrip(".")) == pytest.approx(
            distance(cloud.x, path[-1]).item(), rel=0.01
        )
        (line,) = [s for s in shown.series if s.name == "Lloyd"]
        expected = [distance(cloud.x, path[min(step, rounds)]).item() for step in range(spec.steps + 1)]
        assert list(line.values) == pytest.approx(expected)


def test_lloyd_takes_few_rounds_and_stops_with_three_centres_in_one_cloud():
    rounds = [
        len(slow_lloyd(c.x, c.start.view(-1, 2))) - 1
        for seed in SEEDS
        for k in range(2, 7)
        for c in [clustering.draw(Clustering(k=k, seed=seed))]
    ]
    assert np.median(rounds) <= 10
    cloud = clustering.draw(Clustering())
    end = slow_lloyd(cloud.x, cloud.start.view(-1, 2))[-1]
    nearest = torch.cdist(cloud.x, end).argmin(1)
    owners = sorted((set(nearest[i::CLOUDS].tolist()) for i in range(CLOUDS)), key=len)
    assert owners[0] == owners[1] == owners[2]
    assert len(owners[0]) == 1
    assert len(owners[3]) == 3


def test_lloyd_stops_in_a_valley_that_need_not_be_the_deepest():
    deeper = {}
    for seed in range(12):
        cloud = clustering.draw(Clustering(seed=seed))
        end = slow_lloyd(cloud.x, cloud.start.view(-1, 2))[-1]
        here = distance(cloud.x, end).item()
        nudges = 1e-3 * torch.randn(50, *end.shape, dtype=end.dtype, generator=torch.Generator().manual_seed(seed))
        assert all(distance(cloud.x, end + nudge).item() >= here for nudge in nudges)
        order = (
            torch.randperm(len(cloud.x), generator=torch.Generator().manual_seed(i))[: len(end)] for i in range(12)
        )
        deeper[seed] = min(distance(cloud.x, slow_lloyd(cloud.x, cloud.x[at])[-1]).item() for at in order) < 0.99 * here
    assert deeper[Clustering().seed]
    assert 2 < sum(deeper.values()) < 12


@pytest.mark.parametrize("rate", [0.03, 0.3, 1.0])
def test_centres_end_as_is_said(rate):
    for seed in SEEDS:
        spec = Clustering(seed=seed, rate=rate)
        cloud = clustering.draw(spec)
        floor = distance(cloud.x, slow_lloyd(cloud.x, cloud.start.view(-1, 2))[-1]).item()
        walked = clustering.train(spec, cloud)
        for i, said in enumerate(drawn(clusters.SCENE, spec, text=ENGLISH).sentences[1:]):
            loss = [distance(cloud.x, at.view(-1, 2)).item() for at in walked.path[:, :, i]]
            if "is higher" in said:
                assert loss[-1] > 1.01 * floor
                continue
            step = int(re.search(r"from step (\d+) on", said)[1])
            assert max(loss[step:]) <= 1.01 * floor * (1 + 1e-9)
            assert step == 0 or loss[step - 1] > 1.01 * floor
            assert ("ends lower" in said) == (loss[-1] < 0.99 * floor)


def test_the_small_network_has_dozens_of_coefficients():
    (net,) = run(Experiment(epochs=1), keep=True).nets[-1:]
    assert sum(p.numel() for p in net.parameters()) > 48


def test_methods_that_divide_move_both_coefficients_equally_far():
    for formula, seed in itertools.product(FORMULAS, range(5)):
        spec = FormulaFit(formula=formula, seed=seed, t1=-1.0, t2=1.0, optimizers=named())
        sample = draw(spec)
        way = walk(spec, sample)
        slope = sample.gradient(way.path[0, :, :1])[:, 0]
        assert min(slope.abs()) > 1e-3
        for column, name in enumerate(spec.optimizers):
            first = way.path[1, :, column] - way.path[0, :, column]
            if METHODS[name].row(Optimizer(name).hyperparameters).a:
                assert abs(first[0]) == pytest.approx(abs(float(first[1])), rel=0.05), name
            else:  # straight against the gradient
                assert torch.allclose(first / first.norm(), -slope / slope.norm(), atol=1e-6), name
