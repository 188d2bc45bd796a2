"""What the Function transformer page says, run by plain PyTorch: on its defaults, its things to try, and over seeds."""

import math
import re
from dataclasses import replace
from itertools import combinations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.analysis.noise_floor import floor_of
from core.analysis.operation_counts import Operations, operations
from core.analysis.unit_frames import kink_lines, sum_counts, sum_lines, unit_lines
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.engine.history import Kind
from core.engine.training import build_network, train
from core.spec.experiment import Experiment, Optimizer
from core.spec.view import View
from core.text import Text
from pages.transformer.easy.figure import operations_sentence
from pages.transformer.one_unit import IDLE, MOST, UnitSpec, activation_frame, reach, unit_frame
from pages.transformer.sum.figure import build_network as shown_network
from pages.transformer.sum.spec import DEFAULTS, FORM, NETWORK, TRIES
from pages.transformer.unit.figure import unit_sentences
from pages.transformer.width import widths
from pages.transformer.width.figure import build
from tests.claims import plain

SEEDS = range(5)
ENGLISH = Text("en")
COEFFICIENT = st.floats(-MOST, MOST) | st.sampled_from([0.0, 4.0, -4.0])


def sentences(e: Experiment) -> tuple[str, ...]:
    return shown_network(train(e), View(), ENGLISH).sentences


def numbers(text: str) -> list[float]:
    text = text.replace("−", "-").replace("×10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return [float(n) for n in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?", text)]


def tried(name: str) -> Experiment:
    changes = FORM.flatten(DEFAULTS) | TRIES[name]
    return replace(NETWORK, activation=changes["act"], width=changes["width"], data=changes["data"])


def net_of(e: Experiment, parameters: torch.Tensor) -> nn.Module:
    module = build_network(e)
    nn.utils.vector_to_parameters(parameters, module.parameters())
    return module


@settings(deadline=None, max_examples=60)
@given(COEFFICIENT, COEFFICIENT, COEFFICIENT, st.sampled_from(sorted(plain.ACTIVATIONS)))
def test_the_unit_is_described_as_autograd_finds_it(w, b, v, activation):
    unit = UnitSpec(w, b, v, activation)
    x = torch.linspace(-1, 1, 2001, dtype=torch.float64)
    z = (w * x + b).requires_grad_()
    a = plain.ACTIVATIONS[activation]()(z)
    (slope,) = torch.autograd.grad(a.sum(), z)
    to = reach(unit)
    for found, expected in zip(
        (to.z_low, to.z_high, to.slope_low, to.slope_high), (z.min(), z.max(), slope.min(), slope.max()), strict=True
    ):
        assert found == pytest.approx(expected.item(), abs=1e-9)
    said = unit_sentences(unit, ENGLISH)[1]
    idle = (slope.abs() < IDLE).double().mean().item()
    assert said.startswith("For every input") == (idle in (0, 1) and bool(slope.any()))
    assert ("next to nothing" in said) == (idle > 0 and bool(slope.any()))
    if 0 < idle < 1:
        assert numbers(said)[0] == pytest.approx(100 * idle, abs=1)
        assert not re.search(r"\b(0|100)% ", said)
    assert "whatever the loss" in said or bool(slope.any())
    frame, of_z = unit_frame(unit), activation_frame(activation)
    drawn = plain.ACTIVATIONS[activation]()(torch.tensor((w * frame["x"] + b).to_numpy()))
    assert frame["out"].tolist() == pytest.approx((v * drawn).tolist(), abs=1e-9)
    assert of_z["z"].iloc[[0, -1]].tolist() == [-MOST, MOST]


def test_a_dead_unit_has_no_gradient_whatever_the_loss():
    unit = UnitSpec(1.0, -3.0, 2.0, "relu")
    assert "whatever the loss" in unit_sentences(unit, ENGLISH)[1]
    x = torch.linspace(-1, 1, 500)
    for seed in SEEDS:
        w, b = torch.tensor(1.0, requires_grad=True), torch.tensor(-3.0, requires_grad=True)
        target = torch.randn(500, generator=torch.Generator().manual_seed(seed))
        (2 * torch.relu(w * x + b) - target).pow(2).mean().backward()
        assert w.grad == b.grad == 0
    slow = UnitSpec(0.5, 4.0, 1.0, "tanh")
    assert "would hardly learn" in unit_sentences(slow, ENGLISH)[1]


def test_the_derivatives_follow_from_the_formulas():
    z = torch.linspace(-4, 4, 801, dtype=torch.float64).requires_grad_()
    normal = torch.distributions.Normal(0, 1)
    s = 1 / (1 + torch.exp(-z))
    forms = {
        "relu": (z.clamp(min=0), lambda a: (a > 0).double()),
        "leaky_relu": (torch.maximum(0.01 * z, z), lambda a: (a > 0) + 0.01 * (a <= 0)),
        "tanh": (torch.tanh(z), lambda a: 1 - a**2),
        "sigmoid": (s, lambda a: a * (1 - a)),
        "gelu": (z * normal.cdf(z), lambda a: normal.cdf(z) + z * normal.log_prob(z).exp()),
        "silu": (z * s, lambda a: s * (1 + z - a)),
    }
    for name, (value, slope) in forms.items():
        a = plain.ACTIVATIONS[name]()(z)
        (expected,) = torch.autograd.grad(a.sum(), z, retain_graph=True)
        torch.testing.assert_close(a, value)
        torch.testing.assert_close(slope(a).double(), expected)
        frame = activation_frame(name)
        drawn = torch.tensor(frame["slope"].to_numpy())
        torch.testing.assert_close(
            drawn[::24],
            torch.autograd.grad(
                plain.ACTIVATIONS[name]()(at := torch.tensor(frame["z"].to_numpy()).requires_grad_()).sum(), at
            )[0][::24],
        )


#: The code of an activation's derivative, line by line, may use these.
FUNCTIONS = {name: getattr(torch, name) for name in ("exp", "erf", "tanh", "where", "abs", "pi")} | {"sqrt": math.sqrt}


def run(code: str, **known: torch.Tensor) -> torch.Tensor:
    """Run the code of a derivative, whose last statement is its value."""
    *before, last = code.split("; ")
    exec("\n".join(before), FUNCTIONS, known)
    return torch.as_tensor(eval(last, FUNCTIONS, known), dtype=torch.float64)


def test_operations_are_counted_in_code_that_gives_the_derivative():
    z = torch.linspace(-4, 4, 800, dtype=torch.float64).requires_grad_()
    for name, kind in ACTIVATIONS.items():
        a = kind.module()(z)
        (expected,) = torch.autograd.grad(a.sum(), z)
        with torch.no_grad():
            torch.testing.assert_close(run(kind.from_value, z=z, a=a).expand(800), expected)
            torch.testing.assert_close(run(kind.from_input, z=z).expand(800), expected)
        assert operations(kind.from_value).all <= operations(kind.from_input).all
        e = Experiment()
        every = operations(kind.from_value).all * e.width * sum(e.batch_sizes) * e.epochs
        assert str(every) in operations_sentence(name, ENGLISH).replace(",", "")
    assert operations("b = 1 - abs(a); b * b") == Operations(3, 0)
    assert operations("1 / (1 + exp(-z / sqrt(2)))") == Operations(4, 1)  # the root is worked out beforehand


def test_one_unit_alone_fits_few_shapes():
    enough = widths.ENOUGH * floor_of(widths.BASE)
    fitted = set()
    for data in DATA_SETS:
        for activation in ("relu", "tanh", "sigmoid"):
            e = replace(widths.BASE, data=data, activation=activation, width=1, epochs=100)
            if train(e).end.min() <= enough:
                fitted.add(data)
    assert fitted == {"step"}


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 100), st.integers(0, 10**6))
def test_a_sum_of_lines_is_a_line(width, seed):
    g = torch.Generator().manual_seed(seed)
    w, b, v = torch.randn(3, width, generator=g, dtype=torch.float64)
    c = torch.randn(1, generator=g, dtype=torch.float64)
    x = torch.linspace(-1, 1, 50, dtype=torch.float64).unsqueeze(1)
    added = (v * (w * x + b)).sum(1) + c
    torch.testing.assert_close(added, (v * w).sum() * x[:, 0] + (v * b).sum() + c)  # as one unit makes it


def test_the_widths_are_medians_of_what_each_network_ends_at(monkeypatch):
    monkeypatch.setattr(widths, "WIDTHS", (1, 2))
    base = widths.BASE
    monkeypatch.setattr(widths, "BASE", replace(base, epochs=40))  # plain torch is slow
    short = widths.widths("bump").frame.set_index(["activation", "width"])["median"]
    for activation, width in (("tanh", 2), ("identity", 1)):
        e = widths.experiments("bump")[activation, width]
        ends = sorted(sum(plain.run(e, seed).full[-16::2]) / 8 for seed in range(e.seeds))
        assert short[activation, width] == pytest.approx(ends[2], rel=0.1)
    monkeypatch.setattr(widths, "BASE", base)
    waited = widths.experiments("bump").values()
    assert {e.width for e in waited} == set(widths.WIDTHS)
    assert sum(e.columns for e in waited) == len(widths.WIDTHS) * len(widths.ACTIVATIONS) * base.seeds
    found = widths.widths("bump")
    assert build(found, ENGLISH).sentence.endswith(
        ": ReLU none up to 2, tanh 2, Sigmoid 2, Identity (none) none up to 2."
    )
    assert found.floor == pytest.approx(0.01)


def test_longer_training_gets_there_with_fewer_units():
    def ends(epochs: int) -> float:
        e = replace(widths.BASE, data="sine", activation="tanh", width=3, epochs=epochs)
        return float(train(e).end.median())

    enough = widths.ENOUGH * floor_of(widths.BASE)
    assert ends(16) > enough
    assert ends(widths.BASE.epochs) <= enough
    step = replace(widths.BASE, data="step", activation="tanh", width=1)
    assert float(train(step).end.median()) <= enough


def best_of_two_kinks(y: torch.Tensor, x: torch.Tensor) -> float:
    """The least mean squared error of any two ReLU units, their kinks on a grid."""
    best = torch.inf
    for left, right in combinations(torch.linspace(-1, 1, 41).tolist(), 2):
        for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            units = [torch.relu(s * (x - k)) for s, k in zip(signs, (left, right), strict=True)]
            columns = torch.stack([*units, torch.ones_like(x)], 1)
            best = min(best, float((columns @ torch.linalg.lstsq(columns, y).solution - y).square().mean()))
    return best


def test_two_s_shaped_units_make_a_bump_and_two_relu_the_absolute_value():
    x = torch.linspace(-1, 1, 101)
    allowed = 0.5 * floor_of(widths.BASE)  # beyond the noise, to be within 1.5 times
    bump = plain.SHAPES["bump"](x.unsqueeze(1))[:, 0]
    for seed in SEEDS:
        e = replace(widths.BASE, data="bump", activation="tanh", width=2, first_seed=seed, seeds=1, epochs=100)
        net = net_of(e, train(e).parameters[:, 0])
        fit = net(x.unsqueeze(1))[:, 0].detach()
        if (fit - bump).square().mean() < allowed:
            slopes = net[2].weight.detach()[0] * net[0].weight.detach()[:, 0]
            assert slopes.min() < 0 < slopes.max()  # one falls, one rises
            break
    else:
        pytest.fail("no bump")
    assert best_of_two_kinks(bump.unsqueeze(1), x) > allowed
    torch.testing.assert_close(torch.relu(x) + torch.relu(-x), x.abs())
    for activation in ("tanh", "sigmoid", "gelu", "silu"):
        near = replace(widths.BASE, data="absolute", noise=0.0, activation=activation, width=2, epochs=100)
        assert 0 < train(near).end.min() < allowed


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "e",
    [
        NETWORK,
        Experiment(data="sine", activation="tanh", width=5, optimizers=(Optimizer("SGD"),), learning_rates=(0.1,)),
        Experiment(data="saddle", activation="silu", width=3, points=200, optimizers=(Optimizer("Adam"),), target=0.09),
    ],
    ids=lambda e: e.data,
)
def test_the_network_is_described_as_plain_torch_finds_it(e, seed):
    run = plain.run(e, seed, keep=True)
    history = train(replace(e, first_seed=seed))
    first, second, *_ = shown_network(history, View(), ENGLISH).sentences
    per_epoch = len(e.batch_sizes)
    last = [run.full[e.steps - per_epoch + per_epoch * i // min(8, per_epoch)] for i in range(1, min(8, per_epoch) + 1)]
    end = float(re.search(r"on all data is ([\d.]+);", first)[1])
    assert end == pytest.approx(sum(last) / len(last), rel=0.01)
    if (stop := run.below(e.target)) is None:
        assert "never below" in first
    else:
        assert f"at step {stop}." in first
    axis = torch.linspace(-1, 1, 41)
    x = torch.cartesian_prod(axis, axis) if run.x.shape[1] == 2 else torch.linspace(-1, 1, 401).unsqueeze(1)
    fit = run.nets[-1](x).detach().double()
    columns = torch.cat([x, torch.ones(len(x), 1)], 1).double()
    away = (columns @ torch.linalg.lstsq(columns, fit).solution - fit).abs().max().item()
    assert numbers(second)[0] == pytest.approx(away, rel=0.1)
    torch.testing.assert_close(history.loss[:, 0], torch.tensor(run.loss), rtol=2e-3, atol=1e-6)


def test_where_the_network_is_not_measured_at_every_step_it_says_by():
    e = Experiment(points=5000, width=128, epochs=4, batch_size=16, optimizers=(Optimizer("Adam"),), target=0.02)
    history = train(e)
    step = history.outcomes[0].reached
    assert history.eval_every > 1
    assert step > 1
    assert f"by step {step}." in shown_network(history, View(), ENGLISH).sentences[0]


def test_a_network_that_diverges_is_said_to():
    lost = 0
    for seed in SEEDS:
        e = replace(NETWORK, optimizers=(Optimizer("SGD"),), learning_rates=(30.0,), epochs=4, first_seed=seed)
        history = train(e)
        run = plain.run(e, seed)
        if history.outcomes[0].kind is not Kind.DIVERGED:
            continue
        lost += 1
        (said,) = shown_network(history, View(), ENGLISH).sentences
        step = history.outcomes[0].diverged
        assert f"diverges at step {step}." in said
        assert not run.full[step] < 1e5 * run.full[0] or not run.loss[step] < 1e5 * run.full[0]
    assert lost


@pytest.mark.parametrize("width", [1, 20, 128])
@pytest.mark.parametrize("data", ["parabola", "saddle"])
def test_without_an_activation_any_width_is_a_line(width, data):
    e = replace(tried("line"), width=width, data=data)
    said = sentences(e)[1]
    assert ("flat plane" if data == "saddle" else "the straight line") in said
    for seed in SEEDS[:2]:
        run = plain.run(e, seed, keep=True)
        columns = torch.cat([run.x, torch.ones(len(run.x), 1)], 1).double()
        for net in run.nets[::24]:
            fit = net(run.x).detach().double()
            away = (columns @ torch.linalg.lstsq(columns, fit).solution - fit).abs().max()
            assert away < 1e-5
    if data == "parabola":
        run = plain.run(e, 0, keep=True)
        low, high = run.nets[-1](torch.tensor([[-1.0], [1.0]])).detach().flatten().tolist()
        slope, constant = numbers(said)[:2]
        assert slope == pytest.approx((high - low) / 2, abs=2e-3)
        assert abs(constant) == pytest.approx(abs(high + low) / 2, abs=2e-3)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
@pytest.mark.parametrize("data", ["sine", "saddle"])
def test_kinks_inside_are_counted(activation, data):
    for seed in SEEDS:
        e = replace(NETWORK, activation=activation, data=data, first_seed=seed)
        history = train(e)
        net = net_of(e, history.parameters[:, 0])
        axis = torch.linspace(-1, 1, 401)
        x = torch.cartesian_prod(axis, axis) if data == "saddle" else torch.linspace(-1, 1, 20_001).unsqueeze(1)
        z = net[0](x).detach()
        inside = int(((z > 0).any(0) & (z < 0).any(0)).sum())
        said = shown_network(history, View(), ENGLISH).sentences[-1]
        found = int(numbers(said)[0]) if numbers(said) else 0
        assert abs(found - inside) <= 1  # the grid may just miss one


@pytest.mark.parametrize("seed", SEEDS)
def test_units_are_coloured_by_where_their_z_is_zero(seed):
    e = replace(NETWORK, first_seed=seed)
    history = train(e)
    lines = unit_lines(history, 0)
    last = lines[(lines["begin"] == lines.loc[lines["line"] > 0, "begin"].max()) & (lines["line"] > 0)]
    net = net_of(e, history.parameters[:, 0])
    zeros = (-net[0].bias / net[0].weight[:, 0]).detach()
    order = zeros.argsort().tolist()
    for line, unit in zip(last.sort_values("line").to_dict("records"), order, strict=True):
        x = torch.tensor(line["x"]).unsqueeze(1)
        expected = (net[2].weight[0, unit] * torch.relu(net[0](x)[:, unit])).detach()
        torch.testing.assert_close(torch.tensor(line["y"]), expected, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_largest_units_are_added_first(seed):
    e = replace(NETWORK, first_seed=seed)
    history = train(e)
    sums = sum_lines(history, 0)
    assert sum_counts(20) == [1, 2, 5, 10, 20]
    net = net_of(e, history.parameters[:, 0])
    last = sums[sums["begin"] == sums["begin"].max()].set_index("line")
    x = torch.tensor(last.loc[20, "x"]).unsqueeze(1)
    parts = (net[2].weight * torch.relu(net[0](x))).detach()  # (places, units)
    order = parts.std(0).argsort(descending=True)
    for count in sum_counts(20):
        expected = parts[:, order[:count]].sum(1) + net[2].bias.detach()
        torch.testing.assert_close(torch.tensor(last.loc[count, "y"]), expected, atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_kinks_are_drawn_where_z_is_zero(seed):
    e = replace(NETWORK, data="saddle", first_seed=seed)
    history = train(e)
    kinks = kink_lines(history, 0)
    last = kinks[kinks["begin"] == kinks["begin"].max()]
    net = net_of(e, history.parameters[:, 0])
    assert last[["x", "y", "x2", "y2"]].abs().to_numpy().max() <= 1 + 1e-5
    for kink in last.to_dict("records"):
        z = net[0](torch.tensor([[kink["x"], kink["y"]], [kink["x2"], kink["y2"]]])).detach()  # (2, units)
        unit = z.abs().amax(0).argmin()
        assert z[:, unit].abs().max() < 1e-3
        assert net[2].weight[0, unit].item() == pytest.approx(kink["weight"], abs=1e-5)


def test_three_kinks_are_too_few_for_a_sine():
    few = tried("few")
    assert few.width == 3
    ends = {w: train(replace(few, width=w, seeds=8)).end for w in (3, 50, 128)}
    assert all((ends[3] > 3 * ends[w]).all() for w in (50, 128))  # 10 are not enough for every seed
    run = plain.run(few, 0, keep=True)
    zeros = [(-net[0].bias / net[0].weight[:, 0]).detach() for net in (run.nets[0], run.nets[-1])]
    assert (zeros[0] - zeros[1]).abs().max() > 0.05


def test_the_kinks_turn_until_the_surface_is_near_the_saddle():
    e = tried("plane")
    for seed in SEEDS:
        run = plain.run(e, seed, keep=True)
        first, last = run.nets[0], run.nets[-1]
        off = [(net(run.x) - run.truth).square().mean().sqrt().item() for net in (first, last)]
        assert off[1] < 0.35 * off[0]
        angles = [torch.atan2(*net[0].weight.detach().T) for net in (first, last)]
        assert (angles[0] - angles[1]).abs().max() > 0.2
