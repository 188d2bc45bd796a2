"""Clustering as a loss: the mean squared distance to the nearest centre, and Lloyd's algorithm beside it."""

from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from core.engine.walks import Walk, names, walk
from core.spec.checks import number, whole

#: How many clouds the points are drawn from, whatever the number of centres.
CLOUDS = 4
#: The clouds' middles lie in a square from minus to plus this.
REACH = 3.0


@dataclass(frozen=True)
class Clustering:
    """Points without classes, and the centres to be found; ValueError as `core.spec.checks` raises it."""

    k: int = 4
    spread: float = 0.6  # σ of each cloud
    points: int = 200
    seed: int = 3
    optimizers: tuple[str, ...] = ("SGD", "Adam")
    rate: float = 0.3
    steps: int = 60

    def __post_init__(self) -> None:
        whole("k", self.k, 2, 6)
        object.__setattr__(self, "spread", number("spread", self.spread, 0, 3))
        whole("points", self.points, 20, 500)
        whole("seed", self.seed, 0, 10**6)
        object.__setattr__(self, "optimizers", names("optimizers", self.optimizers))
        object.__setattr__(self, "rate", number("rate", self.rate, 0, 100, above=True))
        whole("steps", self.steps, 1, 250)


@dataclass(frozen=True)
class Cloud:
    """The points and the centres to start from, float64; centres are (2k,), each its x₁ and x₂."""

    x: Tensor  # (points, 2)
    start: Tensor  # (2k,)

    def distances(self, centres: Tensor) -> Tensor:
        """Return the squared distance of every point to every centre for centres (2k, runs), (points, k, runs)."""
        apart = self.x[:, None, :, None] - centres.view(-1, 2, centres.shape[1])  # (points, k, 2, runs)
        return apart.square().sum(2)

    def assigned(self, centres: Tensor) -> Tensor:
        """Return the nearest centre of every point, (points, runs); of equals the first."""
        return self.distances(centres).argmin(1)

    def loss(self, centres: Tensor) -> Tensor:
        """Return the mean squared distance to the nearest centre, (runs,)."""
        return self.distances(centres).amin(1).mean(0)

    def gradient(self, centres: Tensor) -> Tensor:
        """Return the slope of the loss, (2k, runs): 2/n times the sum of c − x over a centre's own points."""
        runs = centres.shape[1]
        c = centres.view(-1, 2, runs)  # (k, 2, runs)
        mine = self._members(centres)  # (points, k, runs)
        sums = torch.einsum("pkr,pi->kir", mine, self.x)
        return (2 / len(self.x) * (mine.sum(0).unsqueeze(1) * c - sums)).view(-1, runs)

    def means(self, centres: Tensor) -> Tensor:
        """Return the mean of each centre's own points, (2k, runs); a centre without points stays."""
        runs = centres.shape[1]
        mine = self._members(centres)
        count = mine.sum(0).unsqueeze(1)  # (k, 1, runs)
        sums = torch.einsum("pkr,pi->kir", mine, self.x)
        return torch.where(count > 0, sums / count.clamp(min=1), centres.view(-1, 2, runs)).view(-1, runs)

    def _members(self, centres: Tensor) -> Tensor:
        """Return 1 where a point is a centre's own, else 0, (points, k, runs)."""
        k = len(centres) // 2
        return torch.nn.functional.one_hot(self.assigned(centres), k).transpose(1, 2).to(self.x)


def draw(spec: Clustering) -> Cloud:
    """Draw the clouds' middles, the points, and k of the points as centres, float32, from the seed's generator."""
    generator = torch.Generator().manual_seed(spec.seed)
    middles = REACH * (2 * torch.rand(CLOUDS, 2, generator=generator) - 1)
    x = middles[torch.arange(spec.points) % CLOUDS]
    x = x + spec.spread * torch.randn(spec.points, 2, generator=generator)
    chosen = torch.randperm(spec.points, generator=generator)[: spec.k]
    return Cloud(x.double(), x[chosen].double().flatten())


def train(spec: Clustering, cloud: Cloud) -> Walk:
    """Let the chosen optimizers move the centres."""
    return walk(cloud.start, cloud.loss, cloud.gradient, spec.optimizers, spec.rate, spec.steps)


def lloyd(cloud: Cloud, most: int = 300) -> Tensor:
    """Return the centres of Lloyd's algorithm before and after each iteration, (iterations + 1, 2k).

    Each iteration puts every centre at the mean of its points; the last one moved something.
    """
    path = [cloud.start]
    for _ in range(most):
        new = cloud.means(path[-1].unsqueeze(1)).squeeze(1)
        if torch.equal(new, path[-1]):
            break
        path.append(new)
    return torch.stack(path)


def points_frame(cloud: Cloud, path: Tensor) -> pd.DataFrame:
    """Return x1, x2 and `way`: the nearest centre at every step of a path (steps + 1, 2k), a digit a step."""
    way = cloud.assigned(path.T.contiguous())  # (points, steps + 1)
    digits = ["".join(map(str, row)) for row in way.tolist()]
    return pd.DataFrame({"x1": cloud.x[:, 0].numpy(), "x2": cloud.x[:, 1].numpy(), "way": digits})


def centres_frame(path: Tensor) -> pd.DataFrame:
    """Return one row a step and centre of a path (steps + 1, 2k): step, centre, x1, x2."""
    steps, k = len(path), path.shape[1] // 2
    flat = path.view(-1, 2)
    grid = torch.cartesian_prod(torch.arange(steps), torch.arange(k))
    columns = {"step": grid[:, 0], "centre": grid[:, 1], "x1": flat[:, 0], "x2": flat[:, 1]}
    return pd.DataFrame({name: column.numpy() for name, column in columns.items()})
