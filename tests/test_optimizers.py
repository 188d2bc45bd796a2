"""The one rule against torch.optim in float64: parameters and state."""

import itertools
import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.catalogue.optimizers import CUSTOM, METHODS, named
from core.catalogue.row import Row
from core.engine.rule import Rule, update
from core.engine.training import build_optimizer
from core.spec.checks import Refusal
from core.spec.experiment import LADDER, Optimizer, Run
from tests.strategies import CUSTOMS

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
    *CUSTOMS,
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
        if every.get("kappa") == every.get("beta2") == 1:  # which is refused
            every["kappa"] = ALMOST
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


#: A coefficient of the reader's own rule: its ends, its default, and anything between that rounding does not decide.
PARTS = {
    "beta1": st.sampled_from((0.0, 0.45, 0.9)) | st.floats(0, 0.999),
    "c1": st.sampled_from((0.0, 0.55, 1.0, 10.0)) | st.floats(0, 10),
    "beta2": st.sampled_from((0.0, 0.99, 1.0)) | st.floats(0, 0.999),
    "c2": st.sampled_from((0.0, 0.01, 1.0)) | st.floats(0, 1),
    "a": st.sampled_from((0.0, 0.5, 1.0)) | st.floats(0, 1),
    "floor": st.sampled_from((1e-16, 1e-8, 1.0, 10.0)) | st.floats(1e-16, 10),
    "kappa": st.sampled_from((0.0, 0.5, 1.0)) | st.floats(0, 0.999),
    "nu": st.sampled_from((0.0, 0.5, 1.0)) | st.floats(0, 1),
    "weight_decay": st.sampled_from((0.0, 0.1, 1.0)) | st.floats(0, 1),
    "v0": st.sampled_from((0.0, 0.1, 10.0)) | st.floats(0, 100),
    "decoupled_weight_decay": st.sampled_from((0.0, 0.1, 1.0)) | st.floats(0, 1),
}


@given(st.fixed_dictionaries(PARTS), st.sampled_from(LADDER))
@settings(max_examples=300)
def test_the_readers_own_rule_is_its_class_whatever_its_numbers_alone_and_beside_others(numbers, rate):
    assume((numbers["kappa"], numbers["beta2"]) != (1, 1))
    custom = Optimizer(CUSTOM, **numbers)
    others = list(map(Optimizer, named()))
    for count in range(1, 6):
        rates, grads = [rate] * count, gradients(count)
        expected, state = torch_steps(custom, rates, grads)
        for company, column in (([custom], 0), ([*others[:3], custom, *others[3:]], 3)):
            theta, ours = rule_steps(company, rates, grads)
            pairs = ((theta, expected), (ours.first, state["m"]), (ours.second, state["v"]))
            for here, there in pairs:
                torch.testing.assert_close(here[:, column], there, rtol=1e-9, atol=1e-9 * float(there.abs().max()))


def own_rule(setting: Optimizer) -> Optimizer:
    """The reader's own rule with the numbers that stand in the row of a method with a name."""
    row = METHODS[setting.name].row(setting.hyperparameters)
    parts = {name: getattr(row, name) for name in ("beta1", "c1", "beta2", "c2", "a", "floor", "kappa", "nu")}
    return Optimizer(CUSTOM, **parts, weight_decay=row.coupled, decoupled_weight_decay=row.decoupled)


@pytest.mark.parametrize(
    "setting", [s for s in SETTINGS if s.name != CUSTOM and not s.initial_accumulator_value], ids=str
)
def test_with_the_numbers_of_a_methods_row_the_readers_own_rule_walks_as_torchs_class(setting):
    grads = gradients(20)
    for rate, count in itertools.product((0.001, 0.1), (1, 2, 20)):
        theirs, _ = torch_steps(setting, [rate] * count, grads[:count])
        ours, _ = torch_steps(own_rule(setting), [rate] * count, grads[:count])
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


def test_called_without_numbers_the_readers_own_rule_is_plain_sgd():
    first, second = (torch.nn.Parameter(torch.linspace(-1, 1, 7, dtype=DOUBLE)) for _ in range(2))
    for made, p in ((METHODS[CUSTOM].torch_class, first), (torch.optim.SGD, second)):
        optimizer = made([p], lr=0.1)
        for g in gradients(3):
            p.grad = g
            optimizer.step()
    assert torch.equal(first, second)


def test_a_correction_that_would_divide_by_nothing_is_refused():
    with pytest.raises(Refusal, match=r"^Custom\.kappa=1\.0 is outside \[0, 1\)"):
        Optimizer(CUSTOM, kappa=1.0, beta2=1.0)
    for fine in ({"kappa": ALMOST, "beta2": 1.0}, {"kappa": 1.0, "beta2": ALMOST}):
        assert Optimizer(CUSTOM, **fine).hyperparameters.items() >= fine.items()
