"""The typeset rules against torch: read the numbers back out of a formula and take a step with them."""

import pytest

from core.catalogue.optimizers import METHODS
from core.export.latex import formula
from core.spec.experiment import Optimizer


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


def test_small_numbers_are_powers_of_ten():
    assert "10^{-8}" in formula(Optimizer("Adam"), 0.01, True)
