"""A loss as a function of two coefficients: its values on a grid, and the regions below a level."""

from collections.abc import Callable
from dataclasses import dataclass

import contourpy
import numpy as np
import pandas as pd
import torch
from torch import Tensor

#: Points of each side of the grid.
SIDE = 71
#: The share of the map inside each region, from the outermost in: each time two thirds of the last,
#: as far as the grid can tell.
SHARES = tuple(0.8 * (2 / 3) ** k for k in range(12))


@dataclass(frozen=True)
class Landscape:
    """Losses on an even grid over a square; `loss[i, j]` belongs to the i-th c1 and the j-th c2."""

    ends: tuple[float, float]  # of both coefficients
    loss: Tensor  # (SIDE, SIDE)

    @property
    def levels(self) -> tuple[float, ...]:
        """The losses that `SHARES` of the map lie below, from high to low."""
        flat = self.loss.flatten()
        return tuple(torch.quantile(flat, torch.tensor(SHARES, dtype=flat.dtype)).tolist())

    def regions(self) -> pd.DataFrame:
        """Return one row a polygon below a level: `level`, its `loss`, and its corners `c1` and `c2`, each a list.

        Painted in order, each lies on those before. ValueError if a region has a hole, which such a pile
        of polygons cannot show.
        """
        axis = np.linspace(*self.ends, SIDE)
        generator = contourpy.contour_generator(axis, axis, self.loss.numpy(), fill_type="OuterOffset")
        rows = []
        for i, level in enumerate(self.levels):
            for corners, offsets in zip(*generator.filled(-np.inf, level), strict=True):
                if len(offsets) > 2:
                    raise ValueError(f"the region below {level:g} has a hole")
                rows.append((i, level, corners[:-1, 1].tolist(), corners[:-1, 0].tolist()))
        return pd.DataFrame(rows, columns=["level", "loss", "c1", "c2"])


def survey(loss: Callable[[Tensor], Tensor], low: float, high: float) -> Landscape:
    """Evaluate a loss of coefficients (2, runs) over the square [low, high]²."""
    axis = torch.linspace(low, high, SIDE, dtype=torch.float64)
    pairs = torch.cartesian_prod(axis, axis).T  # (2, SIDE²), c2 fastest
    return Landscape((low, high), loss(pairs).view(SIDE, SIDE))
