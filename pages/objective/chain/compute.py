"""The chain rule at one point: every factor, and the curves whose slopes they are."""

from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from core.analysis.loss_frames import slope, value
from core.analysis.units import activation_and_slope
from core.engine.asking import Ask
from core.link.forms import Specs
from core.spec.experiment import Loss
from pages.objective.chain.spec import FIELDS, MOST, Chain

PLACES = 161  # of a drawn curve


@dataclass(frozen=True)
class Link:
    """One curve with the point where we are, and the slope there."""

    frame: pd.DataFrame  # columns x and y
    x: float
    y: float
    slope: float


@dataclass(frozen=True)
class Chained:
    """Loss against residual, prediction against coefficient, and loss against coefficient: the product."""

    loss: Link
    prediction: Link
    product: Link
    activated: float  # a(z)
    steep: float  # a′(z)


def compute(specs: Specs, _: Ask) -> Chained:
    """Return the chain at the spec's point."""
    spec: Chain = specs[0]
    loss = Loss(spec.loss)
    z = _number(spec.weight * spec.x + spec.bias)
    a, steep = (float(t) for t in activation_and_slope(spec.activation, z))
    predicted = spec.output * a
    r = predicted - spec.y
    rises = float(slope(loss, _number(r)))
    moves = {"w": spec.output * steep * spec.x, "b": spec.output * steep, "v": a}[spec.of]
    now = getattr(spec, FIELDS[spec.of])
    residuals = torch.linspace(-1, 1, PLACES, dtype=torch.float64) * max(2.0, 1.25 * abs(r))
    coefficients = torch.linspace(-MOST, MOST, PLACES, dtype=torch.float64)
    predictions = _predictions(spec, coefficients)
    costs = value(loss, predictions - spec.y)
    cost = float(value(loss, _number(r)))
    return Chained(
        Link(_frame(residuals, value(loss, residuals)), r, cost, rises),
        Link(_frame(coefficients, predictions), now, predicted, moves),
        Link(_frame(coefficients, costs), now, cost, rises * moves),
        a,
        steep,
    )


def _predictions(spec: Chain, coefficients: Tensor) -> Tensor:
    """Return the prediction for every value of the coefficient that is asked."""
    w, b, v = (coefficients if spec.of == name else _number(getattr(spec, FIELDS[name])) for name in FIELDS)
    a, _ = activation_and_slope(spec.activation, w * spec.x + b)
    return v * a


def _number(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64)


def _frame(x: Tensor, y: Tensor) -> pd.DataFrame:
    return pd.DataFrame({"x": x.numpy(), "y": y.numpy()})
