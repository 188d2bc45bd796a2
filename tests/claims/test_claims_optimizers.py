"""What the page Optimizers says of the methods, run over seeds; rules against torch.optim."""

import math
import re
from dataclasses import replace
from functools import cache
from statistics import median

import pytest
import torch
from torch import Tensor, nn

from core.analysis.best_rates import at_best_rates, best_rates, choosing, sweep_of
from core.analysis.comparison import Verdict, compare
from core.analysis.frames import lines, race_frame
from core.analysis.result_frames import result_frame, sweep_frame
from core.catalogue.optimizers import METHODS, named
from core.charts.style import OPTIMIZERS
from core.engine.asking import AtOnce
from core.engine.history import Kind, end_steps
from core.engine.training import build_network, build_optimizer, train
from core.export.latex import coefficients
from core.spec.experiment import Experiment, Loss, Optimizer, Run
from core.spec.view import View
from core.text import Text
from pages.optimizers.practice import compute as practice
from pages.optimizers.practice.figure import cells
from pages.optimizers.race.figure import build_race

SEEDS = range(5)
FOUR = ("SGD", "Momentum", "RMSprop", "Adam")


def data(seed: int) -> tuple[Tensor, Tensor]:
    torch.manual_seed(seed)
    x = torch.linspace(-1, 1, 1000).unsqueeze(1)
    return x, x.square() + 0.1 * torch.randn(1000).unsqueeze(1)


@cache
def walk(name: str, rate: float, seed: int) -> tuple[Tensor, Tensor]:
    """Train the classic network in plain torch; return steps taken over the rate, and gradients (steps, parameters)."""
    x, y = data(seed)
    net = build_network(Experiment())
    parameters = list(net.parameters())
    optimizer = build_optimizer(Run(Optimizer(name), rate, seed), parameters)

    def flat(of: list[Tensor]) -> Tensor:
        return torch.cat([t.detach().flatten() for t in of])

    moved, slopes = [], []
    for _ in range(12):
        for batch in torch.randperm(1000).split(32):
            before = flat(parameters).clone()
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x[batch]), y[batch]).backward()
            slopes.append(flat([p.grad for p in parameters]))
            optimizer.step()
            moved.append((flat(parameters) - before).abs() / rate)
    return torch.stack(moved), torch.stack(slopes)


def typical(name: str, rate: float, seed: int) -> Tensor:
    """The median step of each coefficient after the first 20, over the rate, of those that get a gradient."""
    moved, slopes = walk(name, rate, seed)
    alive = (slopes[20:] != 0).float().mean(0) > 0.5
    return moved[20:, alive].median(0).values


@pytest.mark.parametrize("seed", SEEDS)
def test_the_loss_rises_along_the_gradient(seed):
    x, y = data(seed)
    net = build_network(Experiment())

    def loss() -> Tensor:
        return nn.functional.mse_loss(net(x), y)

    start = loss()
    start.backward()
    before = start.item()
    ends = []
    for way in (1e-3, -1e-3):
        with torch.no_grad():
            for p in net.parameters():
                p += way * p.grad
            ends.append(float(loss()))
            for p in net.parameters():
                p -= way * p.grad
    assert ends[0] > before > ends[1]


def test_a_race_shares_start_and_batches():
    """Of the first mini-batch all see the same loss, and SGD at rate 0 would see the same ones all along."""
    h = train(Experiment(seeds=5, optimizers=tuple(map(Optimizer, METHODS))))
    for seed in SEEDS:
        columns = range(seed, len(h.runs), 5)
        starts = h.snapshots[0][:, columns]
        assert (starts == starts[:, :1]).all()
        torch.testing.assert_close(h.loss[0, columns], h.loss[0, seed].expand(len(METHODS)))
    still = train(Experiment(seeds=5, learning_rates=(1e-12,), optimizers=(Optimizer("SGD"), Optimizer("Momentum"))))
    torch.testing.assert_close(still.loss[:, :5], still.loss[:, 5:])


def test_a_common_rate_decides_the_race():
    low, high = (train(Experiment(seeds=8, learning_rates=(rate,))) for rate in (0.01, 0.3))
    assert (low.end.view(4, 8).argmax(0) == 0).all()  # SGD is last
    ends = high.end.view(4, 8)
    assert (ends[0] < 0.02).all()
    assert (ends[2] > 0.04).all()
    assert (ends[3] > 0.04).sum() >= 7
    assert float(ends[3, 0]) > 0.04  # what is shown


@pytest.mark.parametrize("seed", SEEDS)
def test_mini_batch_losses_jump_more_than_the_loss_on_all_points(seed):
    h = train(Experiment(first_seed=seed, optimizers=(Optimizer("Adam"),)))
    late = slice(-128, None)
    assert h.loss[late, 0].std() > 3 * h.full_loss[late, 0].std()
    frame = race_frame(h, 0.9)
    assert frame["smooth_Adam"].iloc[-128:].std() < 0.6 * frame["raw_Adam"].iloc[-128:].std()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_end_is_a_mean_over_the_last_epoch(seed):
    h = train(Experiment(first_seed=seed))
    assert h.full_steps == tuple(range(385))
    steps = end_steps(384, 32)
    assert steps == (356, 360, 364, 368, 372, 376, 380, 384)
    torch.testing.assert_close(h.end, h.full_loss[list(steps)].double().mean(0))
    result = result_frame(h)
    assert result["loss"].tolist() == h.end.tolist()


@pytest.mark.parametrize("name", METHODS)
def test_one_formula_makes_every_method(name):
    """Steps of the formula with the numbers of the table, against torch.optim, for random gradients."""
    n = {symbol: float(value) for symbol, value in coefficients([Optimizer(name, weight_decay=0.0)]).loc[name].items()}
    generator = torch.Generator().manual_seed(0)
    theirs = nn.Parameter(torch.randn(9, dtype=torch.float64, generator=generator))
    ours, m, v = theirs.detach().clone(), torch.zeros(9), torch.zeros(9)
    optimizer = build_optimizer(Run(Optimizer(name, weight_decay=0.0), 0.03, 0), [theirs])
    for t in range(1, 21):
        g = torch.randn(9, dtype=torch.float64, generator=generator)
        m = n["β₁"] * m + n["c₁"] * g
        v = n["β₂"] * v + n["c₂"] * g * g
        below = n["a"] * (v / (1 - n["κ"] * n["β₂"] ** t)).sqrt() + n["ε"]
        ours -= 0.03 / (1 - n["κ"] * n["β₁"] ** t) * (m + n["ν"] * (g + n["β₁"] * m - m)) / below
        theirs.grad = g
        optimizer.step()
        torch.testing.assert_close(ours, theirs.detach(), rtol=1e-9, atol=1e-12)


def test_one_rate_for_steep_and_flat_is_too_short_or_too_long():
    """A valley 100 times as steep one way as the other: SGD is thrown out above 2/100 and crawls below."""

    def left(rate: float) -> Tensor:
        theta = nn.Parameter(torch.ones(2, dtype=torch.float64))
        optimizer = torch.optim.SGD([theta], rate)
        for _ in range(50):
            theta.grad = torch.tensor([100.0, 1.0]) * theta.detach()
            optimizer.step()
        return theta.detach().abs()

    steep, flat = left(0.019)
    assert steep < 0.01 < 0.3 < flat
    assert left(0.021)[0] > 50
    assert left(1.0)[1] == 0  # the rate that the flat one would want
    # and in the network: at 0.01 it crawls, at 3 it is thrown out
    ends = train(Experiment(optimizers=(Optimizer("SGD"),), learning_rates=(0.01, 3.0), seeds=5)).end
    assert (ends[:5] > 0.02).all()
    assert (ends[5:] == math.inf).all()


@pytest.mark.parametrize("mu", [0.5, 0.8, 0.99])
def test_agreeing_gradients_lengthen_steps_and_quarrelling_ones_cancel(mu):
    def last_step(signs: tuple[float, float]) -> float:
        theta = nn.Parameter(torch.zeros(1, dtype=torch.float64))
        optimizer = build_optimizer(Run(Optimizer("Momentum", momentum=mu), 1.0, 0), [theta])
        for k in range(3000):
            before = theta.item()
            theta.grad = torch.tensor([signs[k % 2]], dtype=torch.float64)
            optimizer.step()
        return abs(theta.item() - before)

    assert last_step((1.0, 1.0)) == pytest.approx(1 / (1 - mu))
    assert last_step((1.0, -1.0)) < 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_ball_that_cannot_stop_swings(seed):
    heavy = Optimizer("Momentum", momentum=0.99)
    h = train(Experiment(optimizers=(Optimizer("SGD"), heavy), learning_rates=(0.03,), first_seed=seed))
    sgd, momentum = h.full_loss.T.tolist()

    def climbs(loss: list[float]) -> int:
        """How often it rises to more than one and a half times its lowest so far since the last climb."""
        count, low = 0, loss[0]
        for value in loss:
            if value > 1.5 * low:
                count, low = count + 1, value
            low = min(low, value)
        return count

    assert climbs(momentum) >= 4
    assert climbs(sgd) == 0
    # it remembers: a gradient of 100 steps ago still weighs e⁻¹ of the last one
    assert pytest.approx(math.exp(-1), abs=0.01) == 0.99**100


def spread(steps: Tensor) -> float:
    low, high = steps.quantile(torch.tensor([0.1, 0.9])).tolist()
    return high / max(low, 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_rmsprop_steps_alike_steep_or_flat(seed):
    steps, plain = typical("RMSprop", 0.003, seed), typical("SGD", 0.3, seed)
    assert spread(steps) < 1.5 < 3 < spread(plain)
    doubled = typical("RMSprop", 0.001, seed)  # over the rate it is as long at another rate
    assert float(doubled.median()) == pytest.approx(float(steps.median()), rel=0.2)


def test_rmsprop_hops_at_a_height_set_by_the_rate():
    rates = (0.01, 0.03, 0.1, 0.3)
    h = train(Experiment(optimizers=(Optimizer("RMSprop"),), learning_rates=rates, seeds=8))
    ends = h.end.view(4, 8).quantile(0.5, dim=1)
    assert (ends.diff() > 0).all()
    for seed in SEEDS:
        moved, slopes = walk("RMSprop", 0.01, seed)
        alive = (slopes[20:] != 0).float().mean(0) > 0.5
        assert slopes[-64:, alive].abs().median() < 0.8 * slopes[:32, alive].abs().median()
        assert moved[-64:, alive].median() > 0.4  # of the rate, though gradients have become small


@pytest.mark.parametrize("seed", SEEDS)
def test_adam_takes_shorter_steps_than_rmsprop(seed):
    assert typical("Adam", 0.01, seed).median() < 0.3 * typical("RMSprop", 0.01, seed).median()
    ends = train(Experiment(optimizers=tuple(map(Optimizer, FOUR[2:])), learning_rates=(0.03,), first_seed=seed)).end
    assert ends[1] < ends[0]


def test_without_correction_early_steps_are_up_to_twice_as_long_and_a_little_more():
    """The memories of torch's Adam, and the steps that they would make as they are, over those that it takes."""
    for g in (0.001, 1.0, -30.0):
        theta = nn.Parameter(torch.zeros(1, dtype=torch.float64))
        optimizer = build_optimizer(Run(Optimizer("Adam", eps=1e-12), 0.01, 0), [theta])
        longer = []
        for t in range(200):
            before = theta.item()
            theta.grad = torch.tensor([g], dtype=torch.float64)
            optimizer.step()
            memory = optimizer.state[theta]
            if t == 0:
                assert memory["exp_avg"].item() == pytest.approx(g / 10)
                assert memory["exp_avg_sq"].item() == pytest.approx(g * g / 100)
            without = 0.01 * memory["exp_avg"].item() / math.sqrt(memory["exp_avg_sq"].item())
            longer.append(without / (before - theta.item()))
        assert max(longer) == pytest.approx(2.1, abs=0.05)
        assert longer.index(max(longer)) < 20


@pytest.mark.parametrize("seed", SEEDS)
def test_losses_fall_while_the_curves_bend(seed):
    """On the defaults: no more than 0.6 of each loss is left, and each curve is farther from its nearest line."""
    e = Experiment(first_seed=seed)
    h = train(e)
    assert (h.full_loss[-1] < 0.6 * h.full_loss[0]).all()
    x = torch.linspace(-1, 1, 101).unsqueeze(1)
    columns = torch.cat([x, torch.ones_like(x)], 1)
    for column in range(len(h.runs)):
        away = []
        for parameters in (h.snapshots[0, :, column], h.snapshots[-1, :, column]):
            net = build_network(e)
            nn.utils.vector_to_parameters(parameters, net.parameters())
            fit = net(x).detach()
            away.append((columns @ torch.linalg.lstsq(columns, fit).solution - fit).abs().max().item())
        assert away[1] > away[0]


def test_adam_fails_without_a_sound():
    h = train(Experiment(optimizers=(Optimizer("SGD"), Optimizer("Adam")), learning_rates=(3.0,), seeds=16))
    assert all(o.kind is Kind.DIVERGED for o in h.outcomes[:16])
    assert sum(o.kind is Kind.CONSTANT for o in h.outcomes[16:]) > 12
    assert not any(o.kind is Kind.BELOW for o in h.outcomes[16:])


def test_nesterov_measures_the_slope_ahead():
    """Momentum that takes its gradient at θ + μ·v, seen from there, walks as torch's nesterov does."""
    curvature = torch.tensor([1.0, 30.0], dtype=torch.float64)
    theirs = nn.Parameter(torch.ones(2, dtype=torch.float64))
    optimizer = build_optimizer(Run(Optimizer("Nesterov"), 0.02, 0), [theirs])
    place, speed = torch.ones(2, dtype=torch.float64), torch.zeros(2, dtype=torch.float64)
    for _ in range(30):
        ahead = place + 0.8 * speed
        torch.testing.assert_close(ahead, theirs.detach(), rtol=1e-9, atol=1e-12)
        speed = 0.8 * speed - 0.02 * curvature * ahead
        place = place + speed
        theirs.grad = curvature * theirs.detach()
        optimizer.step()


@pytest.mark.parametrize("seed", SEEDS)
def test_adagrad_divides_by_ever_more(seed):
    """Its steps do not only shrink: about half are longer than the one before."""
    moved, slopes = walk("Adagrad", 0.1, seed)
    divisor = slopes.square().cumsum(0).sqrt()
    assert (divisor.diff(dim=0) >= 0).all()
    torch.testing.assert_close(moved, slopes.abs() / (divisor + 1e-10), rtol=1e-2, atol=1e-5)
    alive = (slopes != 0).float().mean(0) > 0.5
    assert 0.3 < (moved.diff(dim=0)[:, alive] > 0).float().mean() < 0.6


def test_adamw_shrinks_the_weights_themselves():
    def after(name: str) -> Tensor:
        theta = nn.Parameter(torch.tensor([1.0, 100.0]))
        optimizer = build_optimizer(Run(Optimizer(name, weight_decay=0.1), 0.01, 0), [theta])
        theta.grad = torch.zeros(2)
        optimizer.step()
        return theta.detach()

    torch.testing.assert_close(after("AdamW"), torch.tensor([1.0, 100.0]) * (1 - 0.01 * 0.1))
    torch.testing.assert_close(after("Adam"), torch.tensor([1.0, 100.0]) - 0.01)  # both alike: divided by their size


@cache
def fair(first: int) -> dict[str, list[float]]:
    best = best_rates(sweep_frame(train(choosing(sweep_of(Experiment(seeds=16))))))
    h = train(at_best_rates(Experiment(seeds=16, first_seed=first), best))
    return {line.name: [h.outcomes[c].end for c in line.columns] for line in lines(h)}


@pytest.mark.parametrize("first", [0, 16, 32])
def test_pairs_tell_apart_what_bands_do_not(first):
    ends = fair(first)
    for name in ("Momentum", "RMSprop"):
        assert compare(ends["Adam"], ends[name]) is Verdict.LOWER
        assert sum(a < b for a, b in zip(ends["Adam"], ends[name], strict=True)) > 10
        assert median(ends["Adam"]) > 0.8 * median(ends[name])  # by little
    bands = {n: torch.tensor(v).quantile(torch.tensor([0.1, 0.9])).tolist() for n, v in ends.items()}
    assert max(low for low, _ in bands.values()) < min(high for _, high in bands.values())


@cache
def at_best() -> dict[str, Experiment]:
    return {e.data: e for e in practice.compute((), AtOnce()).shown}


@pytest.mark.parametrize("first", [0, 8, 16])
def test_the_lowest_median_is_not_one_methods_everywhere(first):
    shown = {name: train(replace(e, first_seed=first)) for name, e in at_best().items()}
    rows = practice.rows_of(shown)
    assert len(rows) == 7 * len(named())
    assert (rows.groupby("data")["best"].sum() > 1).sum() > 7 / 2
    assert rows.loc[rows.groupby("data")["median"].idxmin(), "name"].nunique() > 1
    for _, of_data in rows.groupby("data"):
        assert of_data.loc[of_data["median"].idxmin(), "best"]
        ends = shown[of_data["data"].iloc[0]].end.view(len(named()), 8)
        assert of_data["median"].tolist() == pytest.approx(ends.quantile(0.5, dim=1).tolist())


def test_a_cell_of_the_table_holds_median_middle_and_rate():
    shown = train(replace(at_best()["parabola"], first_seed=8))
    rows = practice.rows_of({"parabola": shown})
    table = cells(rows, Text("en"))
    ends = shown.end.view(len(named()), 8)
    for i, name in enumerate(named()):
        median, middle, rate = re.split(r"  \n", table.loc["Parabola", name].strip("*"))
        assert float(median) == pytest.approx(ends[i].quantile(0.5).item(), rel=0.005)
        low, high = (float(end) for end in middle.replace("\u2060", "").split("–"))
        assert [low, high] == pytest.approx([ends[i].quantile(q).item() for q in (0.1, 0.9)], rel=0.05)
        assert rate == f"at {shown.runs[8 * i].learning_rate:g}"


@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("smooth", [0.0, 0.9])
def test_titles_say_what_the_lines_are(seeds, smooth):
    h = train(Experiment(seeds=seeds, epochs=1, loss=Loss()))
    chart = build_race(h, View(smooth=smooth, full=True), Text("en")).charts[0]
    head = chart.spec["data"]["values"].partition("\n")[0]
    assert ("smoothed" in chart.title) == bool(smooth)
    assert ("bands" in chart.title) == ("low_SGD" in head) == (seeds > 1)
    assert ("faint" in chart.title) == (seeds == 1 and smooth > 0)
    assert "full_SGD" in head
    assert re.search("dotted: on all data", str(chart.spec))


@pytest.mark.parametrize("seeds", [1, 5])
@pytest.mark.parametrize("rate", [0.001, 0.01, 0.1])
def test_a_ring_stands_where_all_data_first_cost_less_than_the_target(seeds, rate):
    h = train(Experiment(seeds=seeds, learning_rates=(rate,)))
    chart = build_race(h, View(), Text("en")).charts[0]
    below = (h.full_loss < h.experiment.target).cummax(0).values.float()  # (evaluations, runs): was below by then
    steps = list(h.full_steps)
    first = {}
    for optimizer in h.experiment.optimizers:
        runs = [c for c, run in enumerate(h.runs) if run.optimizer.name == optimizer.name]
        most = below[:, runs].mean(1) > 0.5
        if bool(most.any()):
            first[OPTIMIZERS[optimizer.name].colour] = steps[int(most.int().argmax())]
    rows = [row for rows in chart.spec["datasets"].values() for row in rows]
    rings = [row for row in rows if set(row) == {"step", "target", "colour"}]
    assert {row["colour"]: row["step"] for row in rings} == first
    assert ("rings" in chart.title) == bool(first)
    assert ("most seeds" in chart.title) == (bool(first) and seeds > 1)
    assert ("first seen" in chart.title) == (bool(first) and h.eval_every > 1)
    assert all(row["target"] == h.experiment.target for row in rings)
    assert not first or f"below {h.experiment.target:g}" in chart.title
