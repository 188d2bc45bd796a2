"""What every seed starts from: its data and initial weights, drawn by the randomness contract."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.catalogue.data_sets import draw_targets, inputs
from core.engine import network
from core.spec.experiment import Experiment


@dataclass(frozen=True)
class Start:
    """What every seed starts from; all on the CPU in float32, as drawn."""

    x: Tensor  # (points, inputs)
    y: Tensor  # (points, seeds)
    parameters: Tensor  # (parameters, seeds)
    generators: tuple[torch.Generator, ...]  # one per seed, ready to draw the batch orders


def draw(experiment: Experiment) -> Start:
    """Draw the data and initial weights of every seed.

    One CPU generator per seed, in the order noise (outliers), first layer, second layer; what it
    draws next is one `randperm` per epoch. This equals `torch.manual_seed(seed)` and the plain code.
    """
    e = experiment
    x = inputs(e.data, e.points)
    generators = tuple(torch.Generator().manual_seed(seed) for seed in range(e.first_seed, e.first_seed + e.seeds))
    y, parameters = [], []
    for g in generators:
        y.append(draw_targets(e.data, x, e.noise, e.outlier_share, e.outlier_size, g))
        parameters.append(network.draw_parameters(x.shape[1], e.width, g))
    return Start(x, torch.stack(y, 1), torch.stack(parameters, 1), generators)


def draw_orders(start: Start, seeds: Sequence[int], epochs: int) -> Iterator[Tensor]:
    """Yield every epoch's order of the points, (chosen seeds, points), for some columns of the start.

    The start's own generators stay as they are: whoever asks again is given the same orders.
    """
    generators = [start.generators[seed].clone_state() for seed in seeds]
    for _ in range(epochs):
        yield torch.stack([torch.randperm(len(start.x), generator=g) for g in generators])


def draw_order(start: Start) -> Tensor:
    """Draw one epoch's order of the points for every seed, (points, seeds)."""
    points = len(start.x)
    return torch.stack([torch.randperm(points, generator=g) for g in start.generators], 1)
