"""Losses: slopes against autograd, values against torch, and the best constant prediction."""

import pytest
import torch

from core.losses import LOSSES, best_constant
from core.spec import Loss


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("parameter", [0.3, 1.0, 4.0])
def test_slope_is_the_derivative_of_the_value(name, parameter):
    r = torch.linspace(-6, 6, 121, dtype=torch.float64).add_(0.013).requires_grad_()
    LOSSES[name].value(r, parameter).sum().backward()
    slope = LOSSES[name].slope(r.detach(), parameter, torch.empty_like(r))
    torch.testing.assert_close(slope, r.grad, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_large_residuals_stay_finite(name):
    r = torch.tensor([-1e10, 1e10], dtype=torch.float64)
    assert LOSSES[name].value(r, 1.0).isfinite().all()


def test_log_cosh_is_log_cosh():
    r = torch.linspace(-3, 3, 31, dtype=torch.float64)
    torch.testing.assert_close(LOSSES["log_cosh"].value(r, 0), torch.cosh(r).log(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_no_constant_on_a_fine_grid_beats_the_best_constant(name):
    y = torch.randn(301, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    kind, p = LOSSES[name], Loss(name).parameter or 0.0
    grid = torch.linspace(-1, 1, 2001, dtype=torch.float64)
    on_grid = torch.stack([kind.value(c - y, p).mean(0) for c in grid]).amin(0)
    best = best_constant(y, kind, p)
    assert (best <= on_grid + 1e-12).all()
    torch.testing.assert_close(best, on_grid, rtol=1e-3, atol=1e-6)


def test_best_constant_of_mse_is_the_variance():
    y = torch.randn(100, 3, dtype=torch.float64)
    torch.testing.assert_close(best_constant(y, LOSSES["mse"], 0), y.var(0, correction=0))
