"""Contributions, kinks, sums and slopes of units against plain torch."""

import itertools
import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from core.analysis import unit_frames, units
from core.analysis.frames import CURVE
from core.catalogue.activations import ACTIVATIONS
from core.engine.training import build_network as build_module
from core.engine.training import train
from core.spec.experiment import ESSAY, Experiment, Loss
from core.spec.view import View
from core.text import Text
from pages.transformer.one_unit import DRAWN, IDLE, MOST, UnitSpec, activation_frame, reach, unit_frame
from pages.transformer.sum.figure import build_network
from pages.transformer.width import widths

ADAM = (ESSAY[3],)
RELU = train(Experiment(optimizers=ADAM, width=7, epochs=3))
TANH = train(Experiment(optimizers=ADAM, width=7, epochs=3, activation="tanh"))
PLANE = train(Experiment(optimizers=ADAM, width=7, epochs=3, data="saddle"))
LINE = train(Experiment(optimizers=ADAM, width=128, activation="identity", epochs=3))


def module_at(history, row: int) -> nn.Sequential:
    """The network of a snapshot as a module, in float64."""
    module = build_module(history.experiment).double()
    nn.utils.vector_to_parameters(history.snapshots[row, :, 0].double(), module.parameters())
    return module


def by_hand(module: nn.Sequential, unit: int, x: torch.Tensor) -> torch.Tensor:
    """One unit's part of the output, slowly."""
    hidden, activation, out = module
    z = x @ hidden.weight[unit] + hidden.bias[unit]
    return (out.weight[0, unit] * activation(z)).detach()


def packed(values) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("data", ["parabola", "saddle"])
def test_contributions_and_bias_add_up_to_the_network(activation, data):
    e = Experiment(data=data, width=5, activation=activation)
    module = build_module(e).double()
    theta = torch.randn(sum(p.numel() for p in module.parameters()), 3, dtype=torch.float64)
    x = torch.rand(11, 1 if data == "parabola" else 2, dtype=torch.float64) * 4 - 2
    parts = units.contributions(theta, x, 5, activation)
    for run in range(3):
        nn.utils.vector_to_parameters(theta[:, run].clone(), module.parameters())
        for unit in range(5):
            torch.testing.assert_close(parts[unit, :, run], by_hand(module, unit, x), rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(parts[:, :, run].sum(0) + theta[-1, run], module(x)[:, 0].detach())


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_slopes_equal_autograd(activation):
    z = torch.linspace(-6, 6, 481, dtype=torch.float64)[1:-1].requires_grad_()  # even steps, none at the kink
    z.data[z.data.abs() < 1e-9] += 0.01
    a = ACTIVATIONS[activation].module()(z)
    a.sum().backward()
    value, slope = units.activation_and_slope(activation, z.detach())
    torch.testing.assert_close(value, a.detach(), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(slope, z.grad, rtol=1e-12, atol=1e-12)


#: The formulas as a reader would type them, of z and a.
TYPED = {
    "relu": lambda z, a: (a > 0).double(),
    "leaky_relu": lambda z, a: 0.01 + 0.99 * (a > 0).double(),
    "tanh": lambda z, a: 1 - a**2,
    "sigmoid": lambda z, a: a * (1 - a),
    "gelu": lambda z, a: torch.special.ndtr(z) + z * torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi),
    "silu": lambda z, a: torch.sigmoid(z) * (1 + z - a),
    "identity": lambda z, a: torch.ones_like(z),
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_cheap_formulas_are_the_derivatives(activation):
    z = torch.linspace(-5, 5, 200, dtype=torch.float64)
    a, slope = units.activation_and_slope(activation, z)
    torch.testing.assert_close(TYPED[activation](z, a), slope, rtol=1e-12, atol=1e-12)


def test_a_kink_is_where_the_hidden_value_is_zero():
    hidden, *_ = module_at(RELU, -1)
    at = units.kinks(RELU.parameters.double(), 7)[:, 0]
    torch.testing.assert_close(hidden.weight[:, 0].detach() * at, -hidden.bias.detach())


def test_kink_segments_lie_on_the_line_and_end_at_the_edges():
    torch.manual_seed(0)
    theta = torch.randn(4 * 400 + 1, 1, dtype=torch.float64)
    theta[0], theta[3] = 0.0, 0.0  # a line along x₁, one along x₂
    ends = units.kink_segments(theta, 400)[..., 0]  # (hidden, 4)
    weight, bias = theta[:800, 0].view(400, 2), theta[800:1200, 0]
    grid = torch.linspace(-1, 1, 401, dtype=torch.float64)
    edge = torch.cat([torch.stack([s, c], 1) for c in (grid,) for s in (torch.ones_like(c), -torch.ones_like(c))])
    edge = torch.cat([edge, edge.flip(1)])
    hits = 0
    for w, b, segment in zip(weight, bias, ends, strict=True):
        signs = (edge @ w + b).sign()
        if bool(segment.isnan().any()):
            assert abs(float(signs.mean())) > 0.9  # all the edge on one side, but for a corner
            continue
        hits += 1
        for point in (segment[:2], segment[2:]):
            assert float(point @ w + b) == pytest.approx(0, abs=1e-9)
            assert float(point.abs().max()) == pytest.approx(1, abs=1e-9)
        assert signs.min() < signs.max()
    assert 100 < hits < 400


def test_unit_lines_are_the_parts_at_every_snapshot():
    for history in (RELU, TANH):
        frame = unit_frames.unit_lines(history, 0)
        assert sorted(frame["begin"].unique()) == [s for s in history.snapshot_steps if s in set(frame["begin"])]
        assert frame["begin"].min() == 0
        assert frame["end"].max() == history.experiment.steps + 1
        order = unit_frames.unit_order(history, 0)
        for row in frame.to_dict("records"):
            module = module_at(history, history.snapshot_steps.index(row["begin"]))
            x = packed(row["x"]).unsqueeze(1)
            expected = module(x)[:, 0].detach() if row["line"] == 0 else by_hand(module, order[row["line"] - 1], x)
            torch.testing.assert_close(packed(row["y"]), expected, rtol=1e-4, atol=1e-5)


def test_pieces_of_a_relu_miss_nothing():
    """Between the three places drawn, a bent unit is straight."""
    frame = unit_frames.unit_lines(RELU, 0)
    module = module_at(RELU, -1)
    order = unit_frames.unit_order(RELU, 0)
    for row in frame[(frame["begin"] == RELU.snapshot_steps[-1]) & (frame["line"] > 0)].to_dict("records"):
        for (x0, y0), (x1, y1) in itertools.pairwise(zip(row["x"], row["y"], strict=True)):
            middle = packed([[(x0 + x1) / 2]])
            part = float(by_hand(module, order[row["line"] - 1], middle))
            assert part == pytest.approx((y0 + y1) / 2, abs=1e-5)


def test_units_are_ordered_by_their_kinks():
    at = units.kinks(RELU.parameters, 7)[unit_frames.unit_order(RELU, 0), 0]
    assert bool((at.diff() >= 0).all())


def test_running_sums_end_at_the_network_and_start_with_the_largest_unit():
    frame = unit_frames.sum_lines(TANH, 0)
    assert sorted(frame["line"].unique()) == [1, 2, 5, 7]
    x = torch.linspace(-1, 1, CURVE, dtype=torch.float64).unsqueeze(1)
    for begin in (0, TANH.snapshot_steps[-1]):
        module = module_at(TANH, TANH.snapshot_steps.index(begin))
        rows = frame[frame["begin"] == begin].set_index("line")
        parts = sorted((by_hand(module, i, x) for i in range(7)), key=lambda p: -float(p.std()))
        for count in (1, 2, 5, 7):
            expected = sum(parts[:count]) + module[2].bias.item()
            torch.testing.assert_close(packed(rows.loc[count, "y"]), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("width", "counts"), [(1, [1]), (2, [1, 2]), (20, [1, 2, 5, 10, 20]), (128, None)])
def test_sums_are_counted_up_to_all_units(width, counts):
    found = unit_frames.sum_counts(width)
    assert found == counts if counts else found[-1] == 128


def test_kink_lines_belong_to_their_weights():
    frame = unit_frames.kink_lines(PLANE, 0)
    last = frame[frame["begin"] == PLANE.snapshot_steps[-1]]
    hidden, _, out = module_at(PLANE, -1)
    assert len(last) == unit_frames.kinks_inside(PLANE, 0)
    for row in last.to_dict("records"):
        unit = int((out.weight[0].detach() - row["weight"]).abs().argmin())
        point = packed([row["x"], row["y"]])
        assert float((point @ hidden.weight[unit] + hidden.bias[unit]).detach()) == pytest.approx(0, abs=1e-5)


def test_without_an_activation_it_stays_a_line():
    line = unit_frames.straight(LINE, 0)
    hidden, _, out = module_at(LINE, -1)
    assert line.deviation < 1e-6
    assert line.slope == pytest.approx(float((out.weight[0] @ hidden.weight[:, 0]).detach()), abs=1e-5)
    assert line.constant == pytest.approx(float((out.weight[0] @ hidden.bias + out.bias[0]).detach()), abs=1e-5)


def test_the_deviation_is_from_the_least_squares_line():
    y = module_at(RELU, -1)(torch.linspace(-1, 1, CURVE, dtype=torch.float64).unsqueeze(1))[:, 0].detach()
    x = torch.linspace(-1, 1, CURVE, dtype=torch.float64)
    slope = ((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum()
    expected = (y - y.mean() - slope * (x - x.mean())).abs().max()
    assert unit_frames.straight(RELU, 0).deviation == pytest.approx(float(expected), rel=1e-4)
    assert unit_frames.straight(PLANE, 0).deviation > 0.01


def test_a_run_that_diverged_has_no_line():
    wild = train(Experiment(optimizers=(ESSAY[0],), learning_rates=(30.0,), epochs=4))
    assert wild.outcomes[0].diverged is not None
    assert math.isnan(unit_frames.straight(wild, 0).deviation)
    shown = build_network(wild, View(), Text("en"))
    values = {"count": "20 units", "activation": "ReLU", "data": "Parabola", "step": wild.outcomes[0].diverged}
    assert shown.sentences == (Text("en")("transformer.failed", **values),)
    units_, *_ = shown.charts
    assert "?" in units_.spec["data"]["values"]  # no number, and none is drawn


@pytest.mark.parametrize("numbers", [1, 100, 10_000, 10**9])
def test_snapshots_are_thinned_to_what_a_chart_holds(numbers):
    kept = unit_frames.kept_snapshots(RELU, numbers)
    assert kept[0] == 0
    assert kept[-1] == len(RELU.snapshot_steps) - 1
    assert len(kept) == 2 or len(kept) * numbers <= unit_frames.NUMBERS


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_unit_by_hand(activation):
    unit = UnitSpec(weight=1.5, bias=-0.5, output=-2.0, activation=activation)
    frame = unit_frame(unit)
    x = torch.linspace(-1, 1, DRAWN, dtype=torch.float64)
    a = ACTIVATIONS[activation].module()(1.5 * x - 0.5)
    torch.testing.assert_close(packed(frame["out"].tolist()), -2 * a)
    to, drawn = reach(unit), activation_frame(activation)
    assert (to.z_low, to.z_high) == (-2.0, 1.0)
    assert list(drawn["z"].iloc[[0, -1]]) == [-MOST, MOST]
    inside = drawn[(drawn["z"] >= to.z_low) & (drawn["z"] <= to.z_high)]["slope"]
    assert to.slope_low <= inside.min() + 1e-5
    assert to.slope_high >= inside.max() - 1e-5
    if activation == "relu":
        assert to.idle == pytest.approx(2 / 3, abs=1e-3)  # z < 0 for x < 1/3
    if activation in ("identity", "leaky_relu"):
        assert (to.slope_low >= IDLE) == (to.idle == 0)


@pytest.mark.parametrize("field", ["weight", "bias", "output"])
@pytest.mark.parametrize("value", [4.5, -5.0, math.nan, "1", True])
def test_a_unit_says_what_is_wrong(field, value):
    with pytest.raises(ValueError, match=field):
        UnitSpec(**{field: value})


def test_widths_take_the_median_and_tell_with_how_many_units_training_gets_there(monkeypatch):
    monkeypatch.setattr(widths, "WIDTHS", (1, 3, 10))
    monkeypatch.setattr(widths, "ACTIVATIONS", ("relu", "identity"))
    monkeypatch.setattr(widths, "BASE", replace(widths.BASE, epochs=40))
    done: list[float] = []
    found = widths.widths("parabola", on_progress=done.append)
    assert done == sorted(done)
    assert done[-1] == pytest.approx(1)
    assert found.floor == pytest.approx(0.01)
    for row in found.frame.to_dict("records"):
        e = widths.experiments("parabola")[row["activation"], row["width"]]
        assert row["median"] == pytest.approx(float(train(e).end.median()))
        assert row["low"] <= row["median"] <= row["high"]
    assert found.needed("identity") is None
    relu = found.frame[found.frame["activation"] == "relu"].set_index("width")["median"]
    least = found.needed("relu")
    assert least is not None
    assert relu[least] <= widths.ENOUGH * found.floor
    assert (relu[relu.index < least] > widths.ENOUGH * found.floor).all()


def test_an_own_loss_is_no_obstacle():
    history = train(Experiment(optimizers=ADAM, epochs=1, loss=Loss("huber", delta=0.3)))
    assert unit_frames.straight(history, 0).deviation > 0
