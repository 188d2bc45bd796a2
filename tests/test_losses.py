"""Losses: slopes against autograd, values against torch, and the best constant prediction."""

import pytest
import torch

from core.catalogue.losses import LOSSES, best_constant
from core.spec.experiment import Loss
from tests.strategies import EXPRESSIONS

PARAMETERS = {"quantile": (0.01, 0.5, 0.9), "own": EXPRESSIONS}


@pytest.mark.parametrize(
    ("name", "parameter"), [(name, p) for name in LOSSES for p in PARAMETERS.get(name, (0.3, 1.0, 4.0))]
)
def test_slope_is_the_derivative_of_the_value(name, parameter):
    r = torch.linspace(-6, 6, 121, dtype=torch.float64).add_(0.013).requires_grad_()
    LOSSES[name].value(r, parameter).sum().backward()
    slope = LOSSES[name].slope(r.detach(), parameter, torch.empty_like(r))
    torch.testing.assert_close(slope, r.grad, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_large_residuals_stay_finite(name):
    r = torch.tensor([-1e10, 1e10], dtype=torch.float64)
    assert LOSSES[name].value(r, Loss(name).parameter).isfinite().all()


def test_log_cosh_is_log_cosh():
    r = torch.linspace(-3, 3, 31, dtype=torch.float64)
    torch.testing.assert_close(LOSSES["log_cosh"].value(r, 0), torch.cosh(r).log(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_no_constant_on_a_fine_grid_beats_the_best_constant(name):
    y = torch.randn(301, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    kind, p = LOSSES[name], Loss(name).parameter or 0.0
    grid = torch.linspace(-2, 2, 4001, dtype=torch.float64)
    on_grid = torch.stack([kind.value(c - y, p).mean(0) for c in grid]).amin(0)
    best = best_constant(y, kind, p)
    assert (best <= on_grid + 1e-12).all()
    torch.testing.assert_close(best, on_grid, rtol=1e-3, atol=1e-6)


def test_best_constant_of_mse_is_the_variance():
    y = torch.randn(100, 3, dtype=torch.float64)
    torch.testing.assert_close(best_constant(y, LOSSES["mse"], 0), y.var(0, correction=0))


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.9])
def test_the_best_constant_of_a_quantile_is_the_quantile(tau):
    y = torch.randn(999, 1, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    quantile = LOSSES["quantile"].value(y.quantile(tau) - y, tau).mean()
    assert best_constant(y, LOSSES["quantile"], tau).item() == pytest.approx(quantile.item(), rel=1e-5)


def test_half_the_l1_is_the_middle_quantile():
    r = torch.linspace(-3, 3, 31, dtype=torch.float64)
    torch.testing.assert_close(LOSSES["quantile"].value(r, 0.5), LOSSES["l1"].value(r, 0) / 2)


def test_the_slope_of_a_quantile_at_zero_is_autograds():
    r = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    LOSSES["quantile"].value(r, 0.9).sum().backward()
    assert torch.equal(LOSSES["quantile"].slope(r.detach(), 0.9, torch.empty(3, dtype=torch.float64)), r.grad)


@pytest.mark.parametrize("text", [*EXPRESSIONS, "(r - 3)**2", "abs(r + 2)", "minimum(r**2, (r - 1)**2 + 0.01)"])
def test_the_best_constant_of_an_own_loss_is_the_least_of_a_fine_grid(text):
    y = torch.randn(101, 2, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    kind, span = LOSSES["own"], (y.amax() - y.amin()).item()
    grid = torch.linspace(y.amin().item() - span, y.amax().item() + span, 4001, dtype=torch.float64)
    on_grid = torch.stack([kind.value(c - y, text).mean(0) for c in grid]).amin(0)
    best = best_constant(y, kind, text)
    assert (best <= on_grid + 1e-3 * on_grid.abs()).all()


def test_the_best_constant_of_a_loss_that_is_nowhere_finite_is_infinite():
    assert best_constant(torch.randn(9, 1), LOSSES["own"], "log(-1 - r**2)").isinf().all()
