"""One unit by hand: v·activation(w·x + b) for x in [−1, 1], and its activation beside the derivative."""

from dataclasses import dataclass

import pandas as pd
import torch

from core.analysis.units import activation_and_slope
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.spec.checks import choice, number

#: The most that w, b and v may be, either way, and with them the ends of z that are drawn.
MOST = 4.0
#: Places of a drawn curve, and of one that shares are counted on.
DRAWN, COUNTED = 121, 2001
#: A slope smaller than this passes next to nothing back.
IDLE = 0.01


@dataclass(frozen=True)
class UnitSpec:
    """What the Transformer page holds beside its experiment: a unit, and the shape for the widths."""

    weight: float = 2.0
    bias: float = 0.5
    output: float = -1.0
    activation: str = "relu"
    shape: str = "bump"  # the data set that networks of every width are fitted to

    def __post_init__(self) -> None:
        for name in ("weight", "bias", "output"):
            object.__setattr__(self, name, number(name, getattr(self, name), -MOST, MOST))
        choice("activation", self.activation, tuple(ACTIVATIONS))
        choice("shape", self.shape, tuple(DATA_SETS))


@dataclass(frozen=True)
class Reach:
    """Where the inputs take a unit: the z they lead to, its slopes there, and the share with next to none."""

    z_low: float
    z_high: float
    slope_low: float
    slope_high: float
    idle: float  # share of x in [−1, 1] with |activation′(z)| < IDLE


def reach(unit: UnitSpec) -> Reach:
    """Return where x in [−1, 1] takes the unit."""
    z = unit.weight * torch.linspace(-1, 1, COUNTED, dtype=torch.float64) + unit.bias
    _, slope = activation_and_slope(unit.activation, z)
    idle = (slope.abs() < IDLE).double().mean()
    return Reach(*(float(v) for v in (z.min(), z.max(), slope.min(), slope.max(), idle)))


def unit_frame(unit: UnitSpec) -> pd.DataFrame:
    """Return x in [−1, 1], and there z = w·x + b, a = activation(z) and out = v·a."""
    x = torch.linspace(-1, 1, DRAWN, dtype=torch.float64)
    z = unit.weight * x + unit.bias
    a, _ = activation_and_slope(unit.activation, z)
    return pd.DataFrame({"x": x, "z": z, "a": a, "out": unit.output * a})


def activation_frame(activation: str) -> pd.DataFrame:
    """Return z in [−4, 4], and there activation(z) as a and activation′(z) as slope."""
    z = torch.linspace(-MOST, MOST, 2 * DRAWN - 1, dtype=torch.float64)
    a, slope = activation_and_slope(activation, z)
    return pd.DataFrame({"z": z, "a": a, "slope": slope})
