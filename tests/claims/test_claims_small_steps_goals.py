"""What the page Small steps says of goals: lines, few points and new ones, and the steps to each target."""

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from core.analysis.held_out import HeldOut, held_out, held_out_points
from core.catalogue.data_sets import ONE_INPUT
from core.engine.history import History
from core.engine.start import draw
from core.engine.training import build_network, train
from core.spec.experiment import Experiment, Optimizer
from core.spec.view import View
from core.text import Text
from core.text.numbers import sig
from pages.home.run.figure import build_four_steps
from pages.small_steps.batches import figure as batches
from pages.small_steps.line_fit import HEIGHT, POINTS, RATE, SLOPE, STEPS, fit_lines
from pages.small_steps.memorise import figure as few
from pages.small_steps.perfect import figure as lines
from pages.small_steps.rounds import figure as rounds
from pages.small_steps.rounds.counting import first_steps, summary, targets
from pages.small_steps.spec import BATCHES, DRAWS, SmallSteps

TEXT = Text("en")
SPEC = SmallSteps()
TRIES = {"usual": {}, "more": {"few_points": 200}, "narrow": {"few_width": 3}, "clean": {"few_noise": 0.0}}


# Lines


def line_descent(y: torch.Tensor, steps: int = STEPS) -> tuple[nn.Linear, list[float]]:
    """Plain full-batch SGD on a line through points at even places, from zero, in y's dtype."""
    x = torch.linspace(-1, 1, len(y), dtype=y.dtype).unsqueeze(1)
    net = nn.Linear(1, 1).to(y)
    nn.init.zeros_(net.weight), nn.init.zeros_(net.bias)
    sgd, losses = torch.optim.SGD(net.parameters(), lr=RATE), []
    for _ in range(steps + 1):
        loss = nn.functional.mse_loss(net(x)[:, 0], y)
        losses.append(loss.item())
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return net, losses


def test_an_exact_line_is_fitted_until_the_digits_run_out():
    found = fit_lines(0.1)
    assert found.loss[-1, 0] < 1e-13
    said = lines.build_lines(found, 0.1, TEXT).sentences[0]
    assert TEXT("small_steps.line.exact_end", loss=sig(float(found.loss[-1, 0]))) == said
    x = torch.linspace(-1, 1, POINTS)
    for slope, height in ((SLOPE, HEIGHT), (-2.0, 0.7), (0.3, -1.0), (5.0, 5.0), (0.0, 0.123)):
        single = line_descent(slope * x + height)[1]
        double = line_descent(slope * torch.linspace(-1, 1, POINTS, dtype=torch.float64) + height, 2 * STEPS)[1]
        assert single[-1] < 1e-11
        assert min(double) < 1e-20  # in float64 the same goes on falling
        early = torch.tensor(single)[torch.tensor(single) > 1e-9]
        assert (early.diff() < 0).all()


def test_no_line_fits_a_parabola():
    for points in (POINTS, 50, 200):
        x = torch.linspace(-1, 1, points, dtype=torch.float64)
        design = torch.stack([x, torch.ones_like(x)], 1)
        best = (design @ torch.linalg.lstsq(design, (x**2).unsqueeze(1)).solution)[:, 0]
        least = (best - x**2).square().mean().item()
        end = line_descent(x**2, 300)[1][-1]
        assert end == pytest.approx(least)
        assert least > 0.08
        if points == POINTS:
            said = lines.build_lines(fit_lines(0.1), 0.1, TEXT).sentences[1]
            assert said == TEXT("small_steps.line.bent_end", loss=sig(end), best=sig(least))


def noisy_line(seed: int, noise: float, points: int = POINTS) -> torch.Tensor:
    x = torch.linspace(-1, 1, points)
    return SLOPE * x + HEIGHT + noise * torch.randn(points, generator=torch.Generator().manual_seed(seed))


def test_the_noisy_line_ends_as_least_squares_does():
    for noise in (0.05, 0.1, 0.5):
        net, losses = line_descent(noisy_line(0, noise))
        new = nn.functional.mse_loss(net(torch.linspace(-1, 1, 1000).unsqueeze(1))[:, 0], noisy_line(1, noise, 1000))
        said = lines.build_lines(fit_lines(noise), noise, TEXT).sentences[2]
        told = {"loss": sig(losses[-1]), "held": sig(new.item()), "floor": sig(noise**2)}
        assert said == TEXT("small_steps.line.noisy_end", **told)


def test_noise_is_fitted_on_points_already_seen_only():
    own, new = [], []
    for seed in range(40):
        net, losses = line_descent(noisy_line(seed, 0.1))
        held = net(torch.linspace(-1, 1, 1000).unsqueeze(1))[:, 0] - noisy_line(1000 + seed, 0.1, 1000)
        own.append(losses[-1])
        new.append(held.square().mean().item())
    assert sum(own) / 40 < 0.95 * 0.01 < 0.01 < sum(new) / 40
    found = fit_lines(0.1)
    assert found.loss[-1, 2] < 0.01 < found.held_loss[-1]


# Few points, and new ones


@pytest.fixture(scope="module")
def trained() -> dict[str, History]:
    return {name: train(replace(SPEC, **changes).few) for name, changes in TRIES.items()}


@pytest.fixture(scope="module")
def sets(trained) -> dict[str, HeldOut]:
    return {name: held_out(history) for name, history in trained.items()}


def test_both_losses_are_those_of_plain_networks_on_both_kinds_of_points(trained, sets):
    for name in ("usual", "more"):
        history, found = trained[name], sets[name]
        e, start = history.experiment, draw(history.experiment)
        ends = {"own": [], "new": []}
        for seed in range(DRAWS):
            net = build_network(e)
            new_x, new_y = held_out_points(e, seed)
            torch.testing.assert_close(
                (new_y - new_x[:, 0] ** 2).std(), torch.tensor(e.noise), rtol=0.1, atol=0
            )  # the same truth and noise
            assert len(new_x) == 1000
            both = {"own": [], "new": []}
            for k, step in enumerate(history.snapshot_steps):
                if step > e.steps - len(e.batch_sizes):
                    torch.nn.utils.vector_to_parameters(history.snapshots[k, :, seed], net.parameters())
                    both["own"].append(nn.functional.mse_loss(net(start.x)[:, 0], start.y[:, seed]).item())
                    both["new"].append(nn.functional.mse_loss(net(new_x)[:, 0], new_y).item())
            assert history.snapshot_steps[-1] == e.steps
            for kind, losses in both.items():
                per_epoch, at = len(e.batch_sizes), len(losses)
                chosen = losses if per_epoch <= 8 else [losses[at * i // 8 - 1] for i in range(1, 9)]
                ends[kind].append(sum(chosen) / len(chosen))
            said = few.build_few(history, found, seed, TEXT).sentences
            best = found.best(seed)
            assert said[0].startswith(f"Set {seed + 1} of 8: on its {e.points} points the loss ends at ")
            assert f"lowest at step {found.steps[best]}, {sig(float(found.held[best, seed]))}, and" in said[0]
            if name == "usual":
                assert f"ends at {sig(ends['own'][-1])};" in said[0]
                assert said[0].endswith(f"ends at {sig(ends['new'][-1])}.")
        own, new = (sum(sorted(v)[3:5]) / 2 for v in ends.values())
        told = {"draws": 8, "floor": sig(0.09)}
        if name == "usual":
            assert said[1] == TEXT("small_steps.few.all", trained=sig(own), held=sig(new), **told)
        notes = few.build_few(history, found, 0, TEXT).notes
        looked = TEXT("small_steps.few.looked", looks=len(found.steps), steps=e.steps)
        assert notes == (looked, TEXT("result.end_mean"))


def test_the_best_moment_to_stop_is_where_new_points_cost_least(trained, sets):
    for seed in range(DRAWS):
        found = sets["usual"]
        best = found.best(seed)
        assert found.held[best, seed] == found.held[:, seed].min()
        stop = TEXT("small_steps.few.stop", step=found.steps[best])
        assert stop in str(few.build_few(trained["usual"], found, seed, TEXT).charts[0].spec)


@pytest.mark.parametrize("data", ONE_INPUT)
def test_both_losses_fall_at_first(data):
    for activation in ("relu", "tanh"):
        for changes in ({}, {"few_points": 200}):
            found = held_out(train(replace(SPEC, data=data, activation=activation, **changes).few))
            early = sum(step <= 100 for step in found.steps)
            for losses in (found.trained, found.held):
                assert (losses[:early].min(0).values < losses[0]).double().mean() == 1


def test_once_the_noise_is_learnt_new_points_get_worse(sets):
    many = held_out(train(replace(SPEC.few, first_seed=0, seeds=24)))
    for run in range(24):
        best = many.best(run)
        own, new = many.ends
        assert best < len(many.steps) - 1
        assert new[run] > 1.01 * many.held[best, run]
        assert own[run] < many.trained[best, run]
    learnt = sets["usual"].trained[-1] < 0.09  # below what the noise costs on points not seen
    assert learnt.all()


def test_with_ten_times_the_points_both_losses_stay_together_close_to_the_noise(sets):
    own, new = sets["more"].ends
    assert ((new / own) < 1.3).all()
    assert ((own / new) < 1.3).all()
    assert (new / 0.09).max() < 1.3
    assert (own / 0.09).max() < 1.3
    usual_own, usual_new = sets["usual"].ends
    assert (usual_new / usual_own).min() > 1.3


def test_three_units_stay_higher_on_their_points_and_help_on_some_sets_only(sets):
    own, new = sets["narrow"].ends
    wide_own, wide_new = sets["usual"].ends
    assert (own > wide_own).all()
    assert 2 <= int((new < wide_new).sum()) <= 6


def test_without_noise_both_losses_fall_together_far_below(sets):
    for run in range(DRAWS):
        clean = sets["clean"].both(run)
        own, new = (float(end[run]) for end in sets["clean"].ends)
        assert 0.5 < new / own < 2
        assert (clean[10:, 1] / clean[10:, 0]).log().abs().median() < math.log(2)
        usual = [float(end[run]) for end in sets["usual"].ends]
        assert own < usual[0] / 10
        assert new < usual[1] / 10


# Steps to each target


@pytest.fixture(scope="module")
def many() -> list[History]:
    """The figure as it opens, and at other settings."""
    specs = [SPEC, replace(SPEC, optimizer="Adam", rate=0.01, seeds=31), replace(SPEC, rate=0.01, seeds=10)]
    return [train(spec.many) for spec in [*specs, replace(SPEC, noise=0.0, optimizer="Adam", rate=0.03, seeds=10)]]


def test_steps_to_each_target_count_those_that_never_get_there(many):
    for history in many:
        e = history.experiment
        ladder = targets(e)
        found = summary(first_steps(history, ladder)).set_index("target")
        said = rounds.build_rounds(history, TEXT)
        for target in ladder:
            steps = []
            for run in range(e.seeds):
                below = (history.full_loss[:, run] < target).nonzero()
                steps.append(history.full_steps[int(below[0])] if len(below) else math.inf)
            there = sum(step < math.inf for step in steps)
            half = sorted(steps)[e.seeds // 2]  # more than half are there by then
            assert found.loc[target].tolist() == [there / e.seeds, half]
            if target == ladder[-1]:
                seen = "" if history.eval_every == 1 else "_seen"
                if not there:
                    part = TEXT(f"small_steps.rounds.never{seen}", target=sig(target), steps=e.steps)
                elif half == math.inf:
                    share = f"{there / e.seeds:.0%}"
                    values = {"target": sig(target), "share": share} | ({} if seen else {"steps": e.steps})
                    part = TEXT(f"small_steps.rounds.few{seen}", **values)
                else:
                    share = f"{there / e.seeds:.0%}"
                    part = TEXT("small_steps.rounds.part", target=sig(target), share=share, step=half)
                assert part in said.sentences[0]


@pytest.mark.parametrize("points", [50, 2000])
def test_what_every_few_steps_show_is_said_to_be_seen(points):
    """Where not every step was measured, nobody is said never to have been below: a loss may dip in between."""
    e = Experiment(points=points, epochs=12, seeds=60, learning_rates=(1e-4,), optimizers=(Optimizer("SGD"),))
    history = train(e)
    assert (history.eval_every == 1) == (points == 50)
    seen = history.eval_every > 1
    assert ("seen" in rounds.build_rounds(history, TEXT).sentences[0]) == seen
    one = train(replace(e, seeds=1, epochs=1 if points == 50 else 200))
    assert (one.eval_every > 1) == seen
    assert ("seen" in build_four_steps(one, 1e-6, View(), TEXT).sentences[0]) == seen
    assert ("not seen" in batches.build_batches(dict.fromkeys(BATCHES, one), TEXT).sentences[0]) == seen


def test_a_lower_target_is_never_reached_sooner_nor_by_more(many):
    for history in many:
        steps = first_steps(history, targets(history.experiment))
        wide = steps.assign(step=steps["step"]).pivot(index="run", columns="target", values="step")
        for harder, easier in zip(sorted(wide.columns), sorted(wide.columns)[1:], strict=False):
            assert (wide[harder] >= wide[easier]).all()
    found = summary(first_steps(many[0], targets(many[0].experiment)))
    assert found["share"].is_monotonic_decreasing
    assert found["share"].iloc[0] == 1
    assert found["share"].iloc[-1] < 0.1


def test_steps_to_a_target_depend_on_the_seed(many):
    for history in many[:2]:
        steps = first_steps(history, targets(history.experiment))
        for _, of_target in steps[steps["target"] >= 0.012].groupby("target")["step"]:
            assert of_target.nunique() > 3


def test_every_dot_has_noise_start_and_batches_of_its_own(many):
    start = draw(many[0].experiment)
    for column in (start.y, start.parameters):
        assert len({tuple(v) for v in column.T[:, :5].tolist()}) == many[0].experiment.seeds
    orders = {tuple(torch.randperm(1000, generator=g)[:5].tolist()) for g in start.generators}
    assert len(orders) == many[0].experiment.seeds
