"""Walks down the loss of a formula in plain PyTorch: the auditor's own, as torch.optim and autograd take them."""

import torch

from pages.unknowns.formula_fit import FormulaFit, draw

VALUES = {
    "line": lambda c1, c2, x: c1 * x + c2,
    "parabola": lambda c1, c2, x: c1 * x**2 + c2,
    "sine": lambda c1, c2, x: c1 * torch.sin(c2 * x),
}


def loss_of(spec: FormulaFit, at: torch.Tensor) -> torch.Tensor:
    """The mean squared residual of a pair of coefficients."""
    sample = draw(spec)
    return (VALUES[spec.formula](at[0], at[1], sample.x) - sample.y).square().mean()


def by_torch(spec: FormulaFit, name: str, count: int) -> list[torch.Tensor]:
    """Where torch.optim stands before its first step and after every one."""
    at = torch.tensor([spec.t1, spec.t2], dtype=torch.float64, requires_grad=True)
    optimizer = {
        "SGD": lambda: torch.optim.SGD([at], lr=spec.rate),
        "Momentum": lambda: torch.optim.SGD([at], lr=spec.rate, momentum=0.8),
        "RMSprop": lambda: torch.optim.RMSprop([at], lr=spec.rate, alpha=0.9),
        "Adam": lambda: torch.optim.Adam([at], lr=spec.rate, betas=(0.9, 0.99)),
    }[name]()
    path = [at.detach().clone()]
    for _ in range(count):
        optimizer.zero_grad()
        loss_of(spec, at).backward()
        optimizer.step()
        path.append(at.detach().clone())
    return path
