"""What the page Small steps computes, against plain torch in float64."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from core.analysis.gradient_noise import DRAWS, SIZES, angle_between, batch_gradients, draw_batches, gradient_noise
from core.analysis.held_out import POINTS, held_out, held_out_points
from core.analysis.noise_floor import floor_of
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS, inputs
from core.engine.descent import COUNTS, KEPT, along, descend, full_losses, walks
from core.engine.start import draw
from core.engine.training import build_network, train
from core.spec.experiment import Experiment, Optimizer
from pages.small_steps.line_fit import CASES, STEPS, fit_lines
from pages.small_steps.rounds.counting import first_steps, summary, targets
from pages.small_steps.spec import SmallSteps

SMALL = Experiment(points=40, width=5, epochs=3, batch_size=8, optimizers=(Optimizer("SGD"),), learning_rates=(0.1,))


def data(e: Experiment) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    x = inputs(e.data, e.points)
    y = DATA_SETS[e.data].truth(x) + e.noise * torch.randn(e.points)
    return x.double(), y.double().unsqueeze(1)


def network(e: Experiment) -> nn.Sequential:
    """The network of seed 0, drawn after the noise of its data."""
    data(e)
    return build_network(e).double()


def flat(tensors) -> torch.Tensor:
    return torch.cat([t.detach().flatten() for t in tensors])


def filled(e: Experiment, parameters: torch.Tensor) -> nn.Sequential:
    net = network(e)
    nn.utils.vector_to_parameters(parameters.double(), net.parameters())
    return net


def plain_descent(
    e: Experiment, rate: float, steps: int, *, maximize: bool = False
) -> tuple[torch.Tensor, list[float]]:
    """Full-batch SGD as a reader would write it: all parameters and losses from step 0 on."""
    (x, y), net = data(e), network(e)
    optimizer = torch.optim.SGD(net.parameters(), lr=rate, maximize=maximize)
    trail, losses = [flat(net.parameters())], []
    for _ in range(steps):
        loss = nn.MSELoss()(net(x), y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        trail.append(flat(net.parameters()))
    return torch.stack(trail), [*losses, nn.MSELoss()(net(x), y).item()]


# Full-batch descent


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_descent_and_ascent_are_torchs_sgd(activation):
    e = replace(SMALL, activation=activation)
    ours = descend(e, [0.1, 0.02, -0.02], 30, torch.float64)
    assert ours.shape == (31, 16, 3)
    for column, (rate, up) in enumerate(((0.1, False), (0.02, False), (0.02, True))):
        trail, losses = plain_descent(e, rate, 30, maximize=up)
        assert torch.allclose(ours[:, :, column], trail, rtol=1e-9, atol=1e-12)
        assert full_losses(e, ours[:, :, column].T).tolist() == pytest.approx(losses, rel=1e-9)


def test_a_run_that_overflows_leaves_the_others_alone():
    together = descend(SMALL, [0.1, 1000.0], 60)
    assert not together[-1, :, 1].isfinite().all()
    assert torch.equal(together[:, :, 0], descend(SMALL, [0.1, 0.01], 60)[:, :, 0])


def test_along_walks_straight_from_corner_to_corner():
    corners = torch.tensor([[0.0, 0.0], [2.0, 4.0], [2.0, math.inf]])
    points = along(corners, torch.tensor([0.0, 0.25, 1.0, 2.0], dtype=torch.float64))
    assert points.T.tolist() == [[0, 0], [0.5, 1], [2, 4], [2, math.inf]]


@pytest.fixture(scope="module")
def walked():
    return walks(SMALL, 0.02, torch.float64)


@pytest.mark.parametrize("column", range(4))
def test_every_walk_is_as_long_and_ends_where_torch_ends(walked, column):
    count, way = COUNTS[column], max(COUNTS)
    trail, losses = plain_descent(SMALL, 0.02 * way / count, count)
    assert torch.allclose(walked.parameters[-1, :, column], trail[-1], rtol=1e-7, atol=1e-10)
    corners = [k * way // count for k in range(count + 1) if k * way % count == 0]
    taken = [losses[k * count // way] for k in corners]
    assert walked.loss[corners, column].tolist() == pytest.approx(taken, rel=1e-6)
    assert len(corners) >= 2


def test_between_two_looks_a_walk_goes_straight(walked):
    start, end = walked.parameters[0, :, 0], walked.parameters[-1, :, 0]
    for row, place in enumerate(KEPT):
        straight = start + (end - start) * place / max(COUNTS)
        assert torch.allclose(walked.parameters[row, :, 0], straight, rtol=1e-9, atol=1e-9)
    (x, y), net = data(SMALL), filled(SMALL, start + (end - start) * 100 / 384)
    assert walked.loss[100, 0].item() == pytest.approx(nn.MSELoss()(net(x), y).item(), rel=1e-9)


def test_all_walks_share_their_first_smallest_step(walked):
    assert walked.loss[:2].amax(1).tolist() == pytest.approx(walked.loss[:2].amin(1).tolist(), rel=1e-9)


# Gradient noise


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_mini_batch_gradients_are_autograds(activation):
    e = replace(SMALL, activation=activation)
    x, y = data(e)
    parameters = flat(network(e).parameters()) + 0.1
    batches = draw_batches(e.points, (8,), 5)[0]
    ours = batch_gradients(e, x, y[:, 0], parameters, batches)
    for k in range(5):
        net = filled(e, parameters)
        nn.MSELoss()(net(x[batches[:, k]]), y[batches[:, k]]).backward()
        assert torch.allclose(ours[:, k], flat(p.grad for p in net.parameters()), rtol=1e-10, atol=1e-13)


def test_angles_are_those_of_arrows():
    full = torch.tensor([[1.0], [0.0]]).double()
    arrows = torch.tensor([[2.0, 0.0, -1.0, 1.0, 0.0], [0.0, 3.0, 0.0, 1.0, 0.0]]).double()
    found = angle_between(arrows, full).tolist()
    assert found[:4] == pytest.approx([0, 90, 180, 45])
    assert math.isnan(found[4])


def test_noise_at_every_snapshot_against_a_loop():
    history = train(SMALL, dtype=torch.float64)
    found = gradient_noise(history)
    assert found.angle.shape == found.size.shape == (len(history.snapshot_steps), len(SIZES), DRAWS)
    x, y = data(SMALL)
    order = torch.Generator().manual_seed(1_000_000)
    orders = [torch.randperm(SMALL.points, generator=order) for _ in range(DRAWS)]
    row = 7
    net = filled(SMALL, history.snapshots[row, :, 0])

    def gradient(batch: torch.Tensor) -> torch.Tensor:
        net.zero_grad()
        nn.MSELoss()(net(x[batch]), y[batch]).backward()
        return flat(p.grad for p in net.parameters())

    full = gradient(torch.arange(SMALL.points))
    for i, size in enumerate(SIZES):
        far = []
        for k, one in enumerate(orders):
            g = gradient(one[:size])
            cosine = float(g @ full / (g.norm() * full.norm()))
            assert found.size[row, i, k].item() == pytest.approx(float(g.norm() / full.norm()), rel=1e-6)
            assert found.angle[row, i, k].item() == pytest.approx(math.degrees(math.acos(cosine)), abs=1e-4)
            far.append(float((g - full).square().sum()))
        assert found.noise[row, i].item() == pytest.approx((np.mean(far) ** 0.5) / float(full.norm()), rel=1e-6)


def test_the_full_batch_has_no_noise():
    history = train(replace(SMALL, points=32, batch_size=8))
    found = gradient_noise(history)
    assert found.angle[:, 2].max() < 1e-4
    assert found.noise[:, 2].max() < 1e-9


def test_a_training_that_diverged_has_no_angles():
    found = gradient_noise(train(replace(SMALL, activation="identity", learning_rates=(10.0,), epochs=20)))
    assert found.angle[0].isfinite().all()
    assert found.angle[-1].isnan().all()


# Lines


@pytest.mark.parametrize("case", range(3))
def test_lines_are_torchs_sgd(case):
    fits = fit_lines(0.2, torch.float64)
    x, y = fits.x.double().unsqueeze(1), fits.y[:, case].double().unsqueeze(1)
    line = nn.Linear(1, 1).double()
    nn.init.zeros_(line.weight)
    nn.init.zeros_(line.bias)
    optimizer = torch.optim.SGD(line.parameters(), lr=0.3)
    for step in range(STEPS + 1):
        loss = nn.MSELoss()(line(x), y)
        assert fits.loss[step, case].item() == pytest.approx(loss.item(), rel=1e-9, abs=1e-20)
        assert fits.lines[step, :, case].tolist() == pytest.approx([line.weight.item(), line.bias.item()], abs=1e-12)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def test_no_line_gets_below_least_squares_and_the_exact_one_reaches_rounding():
    fits = fit_lines(0.2)
    x = fits.x.double().numpy()
    for i, case in enumerate(CASES):
        y = fits.y[:, i].double().numpy()
        best = np.mean((np.polyval(np.polyfit(x, y, 1), x) - y) ** 2)
        assert float(fits.best[i]) == pytest.approx(best, rel=1e-6, abs=1e-15), case
        assert (fits.loss[:, i] >= best * (1 - 1e-6) - 1e-15).all()
    assert fits.loss[-1, 1].item() == pytest.approx(float(fits.best[1]), rel=1e-5)
    assert 0 < fits.loss[-1, 0].item() < 1e-13


def test_held_out_points_of_the_line_have_noise_of_their_own():
    fits = fit_lines(0.2)
    off = fits.held_y - (0.8 * fits.held_x + 0.3)
    assert off.std().item() == pytest.approx(0.2, rel=0.1)
    slope, height = fits.lines[-1, :, 2].double().tolist()
    wrong = np.mean((slope * fits.held_x.double().numpy() + height - fits.held_y.double().numpy()) ** 2)
    assert fits.held_loss[-1].item() == pytest.approx(wrong, rel=1e-9)


# Held-out points


def test_both_losses_at_every_snapshot_are_those_of_a_module():
    history = train(replace(SMALL, seeds=3, points=20, batch_size=10, epochs=40), dtype=torch.float64)
    e = history.experiment
    found = held_out(history)
    start = draw(e)
    for run in range(3):
        x, y = held_out_points(e, run)
        for row in (0, 17, -1):
            net = filled(e, history.snapshots[row, :, run])
            new = nn.MSELoss()(net(x.double())[:, 0], y.double()).item()
            own = nn.MSELoss()(net(start.x.double())[:, 0], start.y[:, run].double()).item()
            assert found.held[row, run].item() == pytest.approx(new, rel=1e-9)
            assert found.trained[row, run].item() == pytest.approx(own, rel=1e-9)
            step = found.steps[row]
            assert history.full_loss[history.full_steps.index(step), run].item() == pytest.approx(own, rel=1e-9)
        assert found.held[found.best(run), run] == found.held[:, run].min()


def test_held_out_points_are_new_and_have_the_same_truth_and_noise():
    e = SmallSteps().few
    start = draw(e)
    for seed in range(e.seeds):
        x, y = held_out_points(e, seed)
        assert (len(x), len(y)) == (POINTS, POINTS)
        off = y - DATA_SETS[e.data].truth(x)
        assert off.std().item() == pytest.approx(e.noise, rel=0.1)
        assert not torch.isin(y, start.y[:, seed]).any()
    assert not torch.equal(held_out_points(e, 0)[1], held_out_points(e, 1)[1])


# Rounds


def test_first_steps_against_a_loop():
    history = train(replace(SMALL, seeds=5, epochs=10, noise=0.1))
    ladder = targets(history.experiment)
    found = first_steps(history, ladder)
    assert len(found) == len(ladder) * 5
    for row in found.to_dict("records"):
        losses = history.full_loss[:, int(row["run"])].tolist()
        step = next((s for s, v in zip(history.full_steps, losses, strict=True) if v < row["target"]), math.inf)
        assert row["step"] == pytest.approx(step)


def test_summary_counts_and_takes_the_middle():
    steps = [1, 2, 3, 9, 5, math.inf, math.inf, 7, 4, 6, math.inf, 8]
    first = pd.DataFrame({"target": [0.3] * 4 + [0.2] * 4 + [0.1] * 4, "run": [*range(4)] * 3, "step": steps})
    told = summary(first).to_dict("records")
    found = [(row["target"], row["share"], row["median"]) for row in told]
    assert found == [(0.3, 1.0, 3), (0.2, 0.5, math.inf), (0.1, 0.75, 8)]  # of all, not of those that got there
    never = summary(first.assign(step=math.inf))
    assert (never["share"] == 0).all()
    assert (never["median"] == math.inf).all()


@pytest.mark.parametrize("noise", [0.05, 0.1, 0.5])
def test_targets_stand_above_the_noise_floor(noise):
    e = Experiment(noise=noise)
    ladder = targets(e)
    assert ladder == tuple(sorted(ladder, reverse=True))
    assert ladder[-1] == pytest.approx(noise**2, rel=1e-3)
    assert ladder[-1] == pytest.approx(floor_of(e), rel=1e-3)
    assert targets(Experiment(noise=0.0))[-1] > 0
