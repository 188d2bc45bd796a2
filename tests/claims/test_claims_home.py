"""What the home page says, run by plain PyTorch: on its defaults and over seeds."""

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
import torch
from torch import nn

from core.analysis.four_steps import losses_frame, residuals_frame, stop_step, visits_frame
from core.analysis.noise_floor import floor_of, noise_floor
from core.analysis.unit_frames import unit_lines
from core.engine.training import train
from core.export.program import program
from core.spec.experiment import Experiment, Loss, Optimizer
from core.spec.view import View
from core.text import Text
from pages.home.run.figure import build_four_steps
from pages.home.run.spec import FOUR_STEPS, TRIES
from pages.unknowns import two_classes
from tests.claims import plain
from tests.test_pages import open_page

SEEDS = range(6)
ENGLISH = Text("en")
#: Runs that differ in everything a reader can set.
SPECS = {
    "as it opens": FOUR_STEPS,
    "from the start": replace(FOUR_STEPS, target=2.0),
    "never": replace(FOUR_STEPS, target=0.005),
    "a sine by SGD": Experiment(data="sine", optimizers=(Optimizer("SGD"),), learning_rates=(0.1,), activation="tanh"),
    "a saddle by Momentum": Experiment(data="saddle", optimizers=(Optimizer("Momentum"),), points=200, epochs=5),
    "few units": Experiment(width=3, loss=Loss("huber", delta=0.3), optimizers=(Optimizer("Adam"),), target=0.1),
}


@cache
def opened(seed: int) -> plain.Run:
    return plain.run(FOUR_STEPS, seed, keep=True)


def bend(net: nn.Sequential, x: torch.Tensor) -> float:
    """How far the network is from its nearest straight line."""
    columns, fit = torch.cat([x, torch.ones_like(x)], 1), net(x).detach()
    return (columns @ torch.linalg.lstsq(columns, fit).solution - fit).abs().max().item()


def test_logistic_regression_in_the_same_four_steps():
    for seed in SEEDS:
        spec = two_classes.Logistic(seed=seed, optimizers=("SGD",))
        classes = two_classes.draw(spec)  # 1 data
        x, y = classes.x.float(), classes.y.float().unsqueeze(1)
        net = nn.Linear(2, 1)  # 2 model
        with torch.no_grad():
            net.weight.copy_(classes.start[:2].unsqueeze(0))
            net.bias.copy_(classes.start[2:])
        loss_of = nn.BCEWithLogitsLoss()  # 3 loss
        optimizer = torch.optim.SGD(net.parameters(), lr=spec.rate)
        for _ in range(spec.steps):  # 4 train
            optimizer.zero_grad()
            loss_of(net(x), y).backward()
            optimizer.step()
        shown = float(two_classes.train(spec, classes).loss[-1, 0])
        assert shown == pytest.approx(loss_of(net(x), y).item(), abs=1e-4)
        assert shown < 0.5 * math.log(2)


def test_the_batch_changes_the_curve_bends_the_residuals_shorten_and_the_loss_comes_down():
    batches = visits_frame(FOUR_STEPS)["visits"]
    of_step = [{i for i, steps in enumerate(batches) if step in steps} for step in range(1, 40)]
    assert all(a != b for a, b in pairwise(of_step))
    for seed in SEEDS:
        run = opened(seed)
        stop = run.below(FOUR_STEPS.target)
        first, last = run.nets[0], run.nets[stop]
        residuals = [(net(run.x) - run.y).abs().mean().item() for net in (first, last)]
        assert residuals[1] < 0.6 * residuals[0]
        assert run.full[stop] < 0.3 * run.full[0]
        assert bend(last, run.x) > 1.5 * bend(first, run.x)


def test_near_the_noise_the_same_gain_takes_more_steps():
    targets = (0.05, 0.03, 0.02, 0.015, 0.012, 0.011, 0.01, 0.005)
    for seed in SEEDS:
        run = opened(seed)
        stops = [run.below(t) for t in targets]
        assert stops[4] is not None
        assert stops[-1] is None
        reached = [s for s in stops if s is not None]
        costs = [
            (later - sooner) / (high - low)
            for (sooner, later), (high, low) in zip(pairwise(reached), pairwise(targets), strict=False)
        ]
        assert costs == sorted(costs)
        assert costs[-1] > 10 * costs[0]


def test_the_page_offers_a_qr_code_and_the_lines():
    """What Code folds away is a program that runs; Share opens on the QR code of the link."""
    app = open_page("home")
    app.session_state["fold.code"] = True
    app.run()
    assert [b.label for b in app.button if b.key == "share"] == [ENGLISH("share.button")]
    left: dict = {}
    with torch.random.fork_rng(devices=[]):
        exec(app.code[0].value, left)
    assert left["step"] == opened(0).below(FOUR_STEPS.target)
    app.button(key="share").click().run()
    assert not app.exception
    pictures = [str(image.proto) for image in app.get("image")]
    assert sum(ENGLISH("share.qr_alt") in picture for picture in pictures) == 1


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_training_may_stop_where_plain_torch_is_first_below(spec):
    run = plain.run(spec)
    history = train(spec)
    stop = stop_step(history, 0, spec.target)
    sentence = build_four_steps(history, spec.target, View(), ENGLISH).sentences[0]
    if stop is None:
        least = min(run.full)
        assert least > spec.target * (1 - 1e-4)
        assert f"Not within {spec.steps} steps" in sentence
        at = int(sentence.rpartition("step ")[2].rstrip("."))
        assert run.full[at] == pytest.approx(least, rel=1e-3)
    else:
        assert (f"at step {stop}:" in sentence) if stop else ("before it begins" in sentence)
        assert run.full[stop] < spec.target * (1 + 1e-4)
        assert all(loss > spec.target * (1 - 1e-4) for loss in run.full[:stop])


def test_where_not_every_step_is_measured_it_says_by():
    spec = Experiment(points=5000, width=128, epochs=4, batch_size=16, optimizers=(Optimizer("Adam"),), target=0.02)
    history = train(spec)
    stop = stop_step(history, 0, spec.target)
    sentence = build_four_steps(history, spec.target, View(), ENGLISH).sentences[0]
    assert history.eval_every > 1
    assert stop > 1
    assert f"by step {stop}:" in sentence
    assert (
        ENGLISH("result.every", k=history.eval_every)
        in build_four_steps(history, spec.target, View(), ENGLISH).sentences
    )
    early = replace(spec, target=float(history.full_loss[0, 0]) * 2)
    assert "before it begins" in build_four_steps(history, early.target, View(), ENGLISH).sentences[0]


def test_the_true_curve_costs_what_the_noise_costs():
    cases = [(Loss(), 0.1, 0.0), (Loss("quantile", tau=0.9), 0.1, 0.0), (Loss(), 0.1, 0.1), (Loss("l1"), 0.5, 0.0)]
    for loss, noise, share in cases:
        g = torch.Generator().manual_seed(1)
        y = noise * torch.randn(400_000, generator=g, dtype=torch.float64)
        y[: round(share * len(y))] += 2.0
        said_ = noise_floor(loss, noise, share, 2.0)
        r = -y
        tau = loss.tau or 0.5
        value = {"mse": r**2, "l1": r.abs(), "quantile": torch.where(r < 0, -tau * r, (1 - tau) * r)}[loss.name]
        assert said_ == pytest.approx(float(value.mean()), rel=0.01)


def test_training_can_end_below_what_the_noise_costs():
    few = replace(FOUR_STEPS, points=50, width=100, epochs=200, seeds=6)
    assert (train(few).end < floor_of(few)).sum() >= 4
    adam = (Optimizer("Adam"),)
    for e in (
        Experiment(optimizers=adam, loss=Loss("quantile", tau=0.9), seeds=6),
        Experiment(optimizers=adam, outlier_share=0.1, outlier_size=2.0, seeds=6),
    ):
        assert (train(e).end < 0.95 * floor_of(e)).all()


def test_the_lines_are_a_program_that_stops_at_the_target(capsys):
    for spec in list(SPECS.values())[2:]:
        left: dict = {}
        with torch.random.fork_rng(devices=[]):
            exec("\n".join(program(spec)), left)
        run = plain.run(spec)
        stop = run.below(spec.target)
        assert left["step"] == (spec.steps if stop is None else stop)
        assert left["full"] == pytest.approx(run.full[left["step"]], rel=1e-4)
    capsys.readouterr()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_batch_of_a_step_is_that_of_a_plain_loop(seed):
    e = replace(FOUR_STEPS, points=200, epochs=2, first_seed=seed)
    frame = visits_frame(e)
    y = torch.tensor(frame["y"].to_numpy())
    run = plain.run(e, seed, keep=True)
    torch.testing.assert_close(y, run.y.flatten())
    for step in range(1, e.steps + 1):
        of_batch = torch.tensor([step in steps for steps in frame["visits"]])
        net = run.nets[step - 1]
        assert ((net(run.x) - run.y)[of_batch] ** 2).mean().item() == pytest.approx(run.loss[step - 1], rel=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_residual_lines_and_curve_are_the_network_as_last_kept(seed):
    e = replace(FOUR_STEPS, first_seed=seed)
    history, run = train(e), opened(seed)
    points = dict(zip(run.x.flatten().tolist(), run.y.flatten().tolist(), strict=True))
    for row in residuals_frame(history, 0).iloc[::15].to_dict("records"):
        x = torch.tensor(row["x"]).unsqueeze(1)
        expected = run.nets[row["begin"]](x).flatten().detach()
        torch.testing.assert_close(torch.tensor(row["fit"]), expected, atol=1e-3, rtol=0)
        assert row["y"] == pytest.approx([points[v] for v in row["x"]])
    lines = unit_lines(history, 0)
    whole = lines[lines["line"] == 0]
    assert list(whole["begin"]) == list(history.snapshot_steps)
    for row in whole.iloc[::20].to_dict("records"):
        expected = run.nets[row["begin"]](torch.tensor(row["x"]).unsqueeze(1)).flatten().detach()
        torch.testing.assert_close(torch.tensor(row["y"]), expected, atol=1e-3, rtol=0)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_the_losses_drawn_are_those_of_plain_torch(spec):
    frame, run = losses_frame(train(spec), 0), plain.run(spec)
    torch.testing.assert_close(
        torch.tensor(frame["full"].to_numpy()).float(), torch.tensor(run.full), rtol=2e-3, atol=0
    )
    torch.testing.assert_close(
        torch.tensor(frame["batch"][1:].to_numpy()).float(), torch.tensor(run.loss), rtol=2e-3, atol=1e-7
    )


@pytest.mark.parametrize("width", [1, 20, 128])
@pytest.mark.parametrize("data", ["parabola", "saddle"])
def test_the_panel_counts_the_coefficients(width, data):
    e = replace(FOUR_STEPS, width=width, data=data, epochs=1)
    net = nn.Sequential(nn.Linear(2 if data == "saddle" else 1, width), nn.ReLU(), nn.Linear(width, 1))
    count = sum(p.numel() for p in net.parameters())
    history = train(e)
    assert len(history.parameters) == count
    if data == "parabola":
        shown = build_four_steps(history, 0.02, View(), ENGLISH)
        assert f"{count} coefficients" in str(shown.charts[1].spec)


def tried(name: str) -> Experiment:
    changes = {"target": FOUR_STEPS.target, "act": FOUR_STEPS.activation} | TRIES[name]
    return replace(FOUR_STEPS, target=changes["target"], activation=changes["act"])


def test_the_rest_of_the_way_is_little_loss_and_many_steps():
    high, low = FOUR_STEPS.target, tried("lower").target
    for seed in SEEDS:
        run = opened(seed)
        first, last = run.below(high), run.below(low) or FOUR_STEPS.steps
        assert (high - low) / (run.full[0] - low) < 0.2
        assert (last - first) / last > 0.4


def test_half_of_the_noise_is_not_reached_and_the_residuals_are_the_noise():
    e = tried("below")
    assert e.target == pytest.approx(floor_of(e) / 2)
    assert (train(replace(e, epochs=100, seeds=6)).full_loss > e.target).all()
    for seed in SEEDS:
        run = opened(seed)
        fit, noise = run.nets[-1](run.x).detach(), run.y - run.truth
        assert (fit - run.truth).square().mean().sqrt() < 0.6 * noise.std()
        residual = run.y - fit
        assert residual.abs().mean() == pytest.approx(noise.abs().mean().item(), rel=0.15)
        assert torch.corrcoef(torch.stack([residual.flatten(), noise.flatten()]))[0, 1] > 0.85


@pytest.mark.parametrize("seed", SEEDS)
def test_without_an_activation_it_stays_a_line_and_misses_the_target(seed):
    e = tried("straight")
    run = plain.run(e, seed, keep=True)
    x = torch.linspace(-1, 1, 5).unsqueeze(1)
    lines = torch.stack([net(x).detach().flatten() for net in run.nets])  # (steps + 1, 5)
    torch.testing.assert_close(lines.diff(n=2, dim=1), torch.zeros(len(lines), 3), atol=1e-5, rtol=0)
    slope = lines[:, -1] - lines[:, 0]
    assert slope.max() - slope.min() > 0.2  # it turns
    assert lines[:, 2].max() - lines[:, 2].min() > 0.05  # and slides
    ends = run.x.abs().flatten() > 0.9
    assert min((net(run.x) - run.y)[ends].abs().mean().item() for net in run.nets[50:]) > 0.3
    columns = torch.cat([run.x, torch.ones_like(run.x)], 1).double()
    best = columns @ torch.linalg.lstsq(columns, run.y.double()).solution
    assert (best - run.y).square().mean() > e.target  # no line does better
