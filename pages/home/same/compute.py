"""One training loop, run on a straight line, on logistic regression and on a network."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.sgd import sgd

from core.engine.asking import Ask
from core.engine.network import draw_linear
from core.engine.training import Progress
from core.link.forms import Specs
from pages.home.same.spec import Same

MODELS = ("line", "classes", "network")
POINTS, WIDTH, STEPS, SEED = 60, 20, 200, 0
#: The line that the first model's points come from, and where the classes of the second meet.
SLOPE, HEIGHT, BORDER = 1.2, 0.3, 0.1
#: Points of a drawn curve.
CURVE = 61
#: About what three times the steps cost, in units of `Experiment.effort`.
UNITS = 300_000_000


@dataclass(frozen=True)
class Fit:
    """What the loop made of one model."""

    x: Tensor  # (points, 1)
    y: Tensor  # (points, 1)
    loss: Tensor  # (steps + 1,) on all points
    curve: Tensor  # (steps + 1, CURVE), on an even grid from -1 to 1; the probability of class 1 for classes


def compute(specs: Specs, ask: Ask) -> tuple[Fit, ...]:
    """Run the loop on every model."""
    spec: Same = specs[0]
    return ask.result(f"same?{spec!r}", lambda progress: fits(spec, progress), UNITS)


def fits(spec: Same, progress: Progress | None = None) -> tuple[Fit, ...]:
    """Run the loop on every model, in the order of `MODELS`."""
    found = []
    for i, name in enumerate(MODELS):
        if progress:
            progress(i / len(MODELS))
        found.append(_fit(*prepared(name, spec), spec.rate))
    return tuple(found)


def prepared(name: str, spec: Same) -> tuple[nn.Module, Callable[[Tensor, Tensor], Tensor], Tensor, Tensor]:
    """Return model, loss and points, from one generator: noise first, then the layers as `nn.Linear` draws them."""
    g = torch.Generator().manual_seed(SEED)
    x = torch.linspace(-1, 1, POINTS).unsqueeze(1)
    noise = spec.noise * torch.randn(POINTS, 1, generator=g)
    if name == "network":
        model = nn.Sequential(_linear(1, WIDTH, g), nn.ReLU(), _linear(WIDTH, 1, g))
        return model, nn.MSELoss(), x, x**2 + noise
    if name == "classes":
        return _linear(1, 1, g), nn.BCEWithLogitsLoss(), x, (x + noise > BORDER).float()
    return _linear(1, 1, g), nn.MSELoss(), x, SLOPE * x + HEIGHT + noise


class _GivenLinear(nn.Linear):
    """A layer that is given its numbers: it draws none from the generator that all share."""

    def reset_parameters(self) -> None:
        """Leave them."""


def _linear(inputs: int, outputs: int, g: torch.Generator) -> nn.Linear:
    layer = _GivenLinear(inputs, outputs)
    weight, bias = draw_linear(inputs, outputs, g)
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def _fit(model: nn.Module, loss_of: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor, rate: float) -> Fit:
    """Train as the page shows it, and note loss and curve at every step."""
    parameters = list(model.parameters())
    grid = torch.linspace(-1, 1, CURVE).unsqueeze(1)
    losses, curves = [], []
    for step in range(STEPS + 1):
        with torch.no_grad():
            curves.append(model(grid)[:, 0])
        loss = loss_of(model(x), y)
        losses.append(loss.item())
        if step < STEPS:
            _sgd_step(parameters, list(torch.autograd.grad(loss, parameters)), rate)
    curve = torch.stack(curves)
    if isinstance(loss_of, nn.BCEWithLogitsLoss):
        curve = curve.sigmoid()
    return Fit(x, y, torch.tensor(losses), curve)


@torch.no_grad()
def _sgd_step(parameters: list[nn.Parameter], gradients: list[Tensor], rate: float) -> None:
    """Do what `torch.optim.SGD` does at a step; the class loads torch's compiler, a second and 70 MB at every start."""
    plain: dict[str, Any] = {"weight_decay": 0, "momentum": 0, "dampening": 0, "nesterov": False, "maximize": False}
    moments: list[Tensor | None] = [None] * len(parameters)
    sgd(list[Tensor](parameters), gradients, moments, lr=rate, **plain)
