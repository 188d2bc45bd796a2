"""The typeset rules against torch: read the numbers back out of a formula and take a step with them."""

import math
import re

import pytest
import torch

from core.catalogue.optimizers import CUSTOM, METHODS, named
from core.engine.training import build_optimizer
from core.export.latex import formula
from core.export.worked_step import Numbers, worked_step
from core.spec.experiment import Optimizer, Run
from tests.strategies import CUSTOMS

RATE = 0.03
SETTINGS = (*(Optimizer(name, weight_decay=0.1) for name in METHODS), *map(Optimizer, named()), *CUSTOMS)
SLOPES = (0.7, -1.3, 0.02, 2.5, -0.4)


@pytest.mark.parametrize("name", METHODS)
def test_symbols_do_not_show_numbers_and_numbers_do(name):
    optimizer = Optimizer(name)
    symbols, numbers = formula(optimizer, 0.03, False), formula(optimizer, 0.03, True)
    assert "0.03" in numbers
    assert "0.03" not in symbols
    assert r"\eta" in symbols
    assert r"\eta" not in numbers
    for h, value in optimizer.hyperparameters.items():
        if value >= 0.001 and h not in ("weight_decay", "initial_accumulator_value"):
            assert f"{value:g}" in numbers


@pytest.mark.parametrize("name", METHODS)
def test_weight_decay_is_shown_where_there_is_some(name):
    assert "0.07" in formula(Optimizer(name, weight_decay=0.07), 0.03, True)
    assert r"\lambda" in formula(Optimizer(name, weight_decay=0.07), 0.03, False)


def test_both_decays_of_the_readers_own_rule_are_shown_where_there_are_some():
    both = Optimizer(CUSTOM, weight_decay=0.07, decoupled_weight_decay=0.09)
    assert {"0.07", "0.09"} <= set(re.findall(r"[\d.]+", formula(both, 0.03, True)))
    assert r"\lambda'" in formula(both, 0.03, False)
    assert r"\lambda" not in formula(Optimizer(CUSTOM), 0.03, False)


def test_small_numbers_are_powers_of_ten():
    assert "10^{-8}" in formula(Optimizer("Adam"), 0.01, True)


def test_no_power_is_taken_of_a_power_without_parentheses():
    tiny = Optimizer("Adam", betas=(1e-7, 3e-6))
    given = Numbers(3, RATE, 0.5, 0.7, 0.1, 0.2, 0.3, 0.4, 0.6)
    for typeset in (formula(tiny, RATE, True), worked_step(METHODS["Adam"].row(tiny.hyperparameters), given)):
        assert not re.search(r"\^\{-?\d+\}\^", typeset)


def lines_of(typeset: str) -> list[str]:
    """The lines of an aligned formula as Python: what stands left of & is a name."""
    for old, new in (
        *((r"\begin{aligned}", ""), (r"\end{aligned}", ""), (r"\!", ""), (r"\hat ", "hat_"), ("}{", ")/(")),
        *((r"\frac", ""), ("{", "("), ("}", ")"), ("^", "**"), (r"\cdot", "*"), (r"\,", "*"), (r"\leftarrow", "=")),
        *((r"\sqrt", "sqrt"), (r"\theta", "theta"), (r"\Delta", "Delta"), ("&", "")),
    ):
        typeset = typeset.replace(old, new)
    return [line.strip() for line in typeset.split(r"\\")]


def steps_of_torch(optimizer: Optimizer) -> list[tuple[float, float, float]]:
    """A parameter that starts at 0.5 before the first step and after each one, with m and v; 0 where none is kept."""
    p = torch.nn.Parameter(torch.tensor([0.5], dtype=torch.float64))
    made = build_optimizer(Run(optimizer, RATE, 0), [p])
    moments = METHODS[optimizer.name].moments
    found = [(0.5, 0.0, 0.0)]
    for slope in SLOPES:
        p.grad = torch.full_like(p, slope)
        made.step()
        found.append((p.item(), *(made.state[p][name].item() if name else 0.0 for name in moments)))
    return found


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("optimizer", SETTINGS, ids=str)
def test_a_formula_with_numbers_takes_the_steps_of_torch(optimizer, narrow):
    values = {"sqrt": math.sqrt, "theta": 0.5, "m": 0.0, "v": 0.0}
    lines = lines_of(formula(optimizer, RATE, True, narrow=narrow))
    for t, (slope, (there, _, _)) in enumerate(zip(SLOPES, steps_of_torch(optimizer)[1:], strict=True), 1):
        values |= {"g": slope, "t": t}
        for line in lines:
            exec(line, values)
        assert values["theta"] == pytest.approx(there, rel=1e-4)


@pytest.mark.parametrize("optimizer", SETTINGS, ids=str)
def test_every_line_of_a_worked_step_comes_to_what_it_says_and_the_step_is_that_of_torch(optimizer):
    row, found = METHODS[optimizer.name].row(optimizer.hyperparameters), steps_of_torch(optimizer)
    for step, slope in enumerate(SLOPES, 1):
        (before, *old), (after, *new) = found[step - 1], found[step]
        decayed = slope + row.coupled * before
        if METHODS[optimizer.name].moments[0] is None:  # which torch does not keep: it is the slope
            old[0] = new[0] = decayed
        values = {"sqrt": math.sqrt}
        for line in lines_of(worked_step(row, Numbers(step, RATE, before, slope, *old, *new, after))):
            name, made, *said = (part.strip() for part in line.split("="))
            values[name] = eval(made, values)
            if said:  # both from the same numbers, of four digits
                assert values[name] == pytest.approx(eval(said[0], values), rel=0.01, abs=2e-3), line
                values[name] = eval(said[0], values)
        wanted = {"g": decayed, "m": new[0], "v": new[1], "theta": after, "Delta": after - before}
        for name in wanted.keys() & values.keys():
            assert values[name] == pytest.approx(wanted[name], rel=1e-3, abs=1e-9), (name, step)
        assert {"g", "theta", "Delta"} <= values.keys()
        assert ("v" in values) == bool(row.a)
        assert ("m" in values) == bool(row.beta1 or row.c1 != 1)
