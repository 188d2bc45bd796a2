"""The one rule against torch.optim in float64: parameters and state."""

import math

import pytest
import torch

from core.catalogue.optimizers import METHODS
from core.catalogue.row import Row
from core.engine.rule import Rule, update
from core.engine.training import build_optimizer
from core.spec.experiment import LADDER, Optimizer, Run

DOUBLE = torch.float64
CPU = torch.device("cpu")

SETTINGS = [
    *(Optimizer(name) for name in METHODS),
    Optimizer("SGD", weight_decay=0.1),
    Optimizer("Momentum", momentum=0.99, weight_decay=0.01),
    Optimizer("Nesterov", momentum=0.3, weight_decay=0.01),
    Optimizer("Adagrad", initial_accumulator_value=0.5, eps=1e-3, weight_decay=0.1),
    Optimizer("RMSprop", alpha=0.99, eps=1e-4, weight_decay=0.1),
    Optimizer("Adam", betas=(0.0, 0.999), eps=1e-3, weight_decay=0.1),
    Optimizer("AdamW", betas=(0.5, 0.5), weight_decay=0.3),
]


def gradients(count: int, size: int = 7) -> list[torch.Tensor]:
    g = torch.Generator().manual_seed(3)
    return [torch.randn(size, generator=g, dtype=DOUBLE) for _ in range(count)]


def torch_steps(setting: Optimizer, rates: list[float], grads: list[torch.Tensor]):
    """Step a torch optimizer with a rate of its own each step; return its parameter and its state."""
    p = torch.nn.Parameter(torch.linspace(-1, 1, 7, dtype=DOUBLE))
    optimizer = build_optimizer(Run(setting, rates[0], 0), [p])
    for rate, g in zip(rates, grads, strict=True):
        optimizer.param_groups[0]["lr"] = rate
        p.grad = g.clone()
        optimizer.step()
    return p.detach(), optimizer.state[p]


def rule_steps(settings: list[Optimizer], rates: list[float], grads: list[torch.Tensor]):
    """The same for several settings side by side, by the one rule."""
    theta = torch.linspace(-1, 1, 7, dtype=DOUBLE).unsqueeze(1).repeat(1, len(settings))
    rows = [METHODS[s.name].row(s.hyperparameters) for s in settings]
    state = Rule(rows, [rates[0]] * len(rows), DOUBLE, CPU).start(theta)
    for t, (rate, g) in enumerate(zip(rates, grads, strict=True), 1):
        now = next(Rule(rows, [rate] * len(rows), DOUBLE, CPU).steps(t, 1))
        update(theta, g.unsqueeze(1).repeat(1, len(rows)), state, now)
    return theta, state


@pytest.mark.parametrize("rate", LADDER)
def test_one_step_from_the_same_state_at_every_rate(rate):
    grads = gradients(6)
    rates = [0.01] * 5 + [rate]
    theta, state = rule_steps(SETTINGS, rates, grads)
    for column, setting in enumerate(SETTINGS):
        expected, expected_state = torch_steps(setting, rates, grads)
        torch.testing.assert_close(theta[:, column], expected, rtol=1e-12, atol=1e-12)
        for name, ours in zip(METHODS[setting.name].moments, (state.first, state.second), strict=True):
            if name:
                torch.testing.assert_close(ours[:, column], expected_state[name], rtol=1e-12, atol=1e-12)


def test_each_alone_equals_all_together():
    """A rule that skips what no run needs gives what the full rule gives."""
    grads = gradients(20)
    together, _ = rule_steps(SETTINGS, [0.01] * 20, grads)
    for column, setting in enumerate(SETTINGS):
        alone, _ = rule_steps([setting], [0.01] * 20, grads)
        torch.testing.assert_close(alone[:, 0], together[:, column], rtol=1e-13, atol=1e-13)


def test_an_overflowing_second_moment_cannot_reach_a_run_that_does_not_divide():
    """Where a = 0, v must not enter as 0·inf, even beside a run whose v overflows."""
    rows = [Row(beta2=0.9, c2=0.1, a=0.0), Row(beta2=0.9, c2=0.1, a=1.0, floor=1e-8)]
    theta = torch.zeros(1, 2)
    rule = Rule(rows, [0.1, 0.1], torch.float32, CPU)
    update(theta, torch.full((1, 2), 1e30), rule.start(theta), next(rule.steps(1, 1)))
    assert theta[0, 0] == pytest.approx(-1e29)


def test_the_rule_moves_any_shape():
    """A walker on f(x, y) = x² + 10·y² has parameters (2,) and no network."""
    theta = torch.tensor([[4.0, 4.0], [1.0, 1.0]], dtype=DOUBLE)  # (coordinates, runs)
    rows = [METHODS[name].row(Optimizer(name).hyperparameters) for name in ("Momentum", "Adam")]
    rule = Rule(rows, [0.02, 0.3], DOUBLE, CPU)
    state = rule.start(theta)
    for now in rule.steps(1, 200):
        update(theta, torch.stack([2 * theta[0], 20 * theta[1]]), state, now)
    assert theta.abs().max() < 0.05


@pytest.mark.parametrize("name", METHODS)
def test_moments_name_what_torch_keeps(name):
    _, state = torch_steps(Optimizer(name), [0.1], gradients(1))
    kept = {k for k, v in state.items() if torch.is_tensor(v) and v.shape == (7,)}
    assert kept == {m for m in METHODS[name].moments if m}


#: Ends of every range, the smallest rates a float has included.
TINY = (5e-324, 1e-300, 1e-45, 1e-39, 1e-37, 1e-20)
ALMOST = math.nextafter(1.0, 0.0)


def ends(name: str) -> list[Optimizer]:
    """Each hyperparameter of a method at both ends of its range, the others at their defaults, and all at once."""
    found = []
    for pick in (0, 1):
        every = {}
        for h in METHODS[name].hyperparameters:
            value = (h.low, ALMOST if h.below else h.high)[pick]
            if h.of:
                rest = list(every.get(h.of, getattr(Optimizer(name), h.of)))
                alone = list(getattr(Optimizer(name), h.of))
                alone[h.part] = rest[h.part] = value
                found.append(Optimizer(name, **{h.of: tuple(alone)}))
                every[h.of] = tuple(rest)
            else:
                found.append(Optimizer(name, **{h.name: value}))
                every[h.name] = value
        found.append(Optimizer(name, **every))
    return found


@pytest.mark.parametrize("dtype", [torch.float32, DOUBLE])
@pytest.mark.parametrize("name", METHODS)
def test_a_tiny_rate_leaves_parameters_as_they_are(name, dtype):
    """Where 1/η overflows, nothing may become 0·inf: with gradients of 0 too, and at the ends of every range."""
    settings = [Optimizer(name), *ends(name)]
    for rate in TINY:
        theta = torch.tensor([0.5, -2.0, 1e-3], dtype=dtype).unsqueeze(1).repeat(1, len(settings))
        before = theta.clone()
        rule = Rule([METHODS[name].row(s.hyperparameters) for s in settings], [rate] * len(settings), dtype, CPU)
        state = rule.start(theta)
        for now in rule.steps(1, 5):
            update(
                theta, torch.tensor([0.0, 3.0, -1e-30], dtype=dtype).unsqueeze(1).repeat(1, len(settings)), state, now
            )
        torch.testing.assert_close(theta, before, rtol=1e-6, atol=1e-11)


@pytest.mark.parametrize("rate", [1e-37, 1e-6, 0.01, 100.0])
@pytest.mark.parametrize("name", METHODS)
def test_the_ends_of_every_range_are_torchs(name, rate):
    settings = [Optimizer(name), *ends(name)]
    grads = gradients(4)
    theta, _ = rule_steps(settings, [rate] * 4, grads)
    for column, setting in enumerate(settings):
        expected, _ = torch_steps(setting, [rate] * 4, grads)
        torch.testing.assert_close(theta[:, column], expected, rtol=1e-6, atol=1e-12)
