"""Full-batch gradient descent from one start: any rates side by side, and the ways that their steps make."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.losses import LOSSES
from core.catalogue.row import Row
from core.engine import network
from core.engine.network import Buffers, Layers
from core.engine.rule import Rule, update
from core.engine.start import draw
from core.spec.experiment import Experiment

#: How many equal steps one way is cut into.
COUNTS = (1, 10, 100, 384)
#: Places of the way, counted in smallest steps, where a longer step begins between two of them.
BETWEEN = tuple(sorted({384 * i / count for count in COUNTS for i in range(count)} - {*range(385)}))
#: The fit is kept at these smallest steps of the way: densely where most happens.
KEPT = tuple(sorted({*range(9), *(round(384 ** (i / 50)) for i in range(51))}))
#: Losses evaluated at once, to stay in the cache.
_PART = 16


@torch.inference_mode()
def descend(experiment: Experiment, rates: Sequence[float], steps: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return the parameters (steps + 1, parameters, rates) of θ ← θ − rate·∇loss on all points of seed 0.

    A rate below zero adds the gradient instead. What overflows stays in its own column.
    """
    e, start = experiment, draw(experiment)
    like = torch.empty(0, dtype=dtype)
    x = start.x.T.unsqueeze(-1).to(like).unbind()  # (points, 1) an input
    y = start.y[:, :1].to(like)  # (points, 1)
    parameters = start.parameters[:, :1].to(like).repeat(1, len(rates))  # (parameters, rates)
    gradients = torch.empty_like(parameters)
    net, grads = (Layers.of(t, start.x.shape[1], e.width) for t in (parameters, gradients))
    activation, loss = ACTIVATIONS[e.activation], LOSSES[e.loss.name]
    use = Buffers.of((e.width, e.points, len(rates)), parameters, activation.needs_z)
    residual = like.new_empty(e.points, len(rates))
    rule = Rule([Row()] * len(rates), rates, dtype, like.device)
    state = rule.start(parameters)
    kept = [parameters.clone()]
    for now in rule.steps(1, steps):
        network.forward(net, x, activation, use, residual).sub_(y)
        loss.slope(residual, e.loss.parameter or 0.0, use.g).div_(e.points)
        network.backward(net, grads, x, activation, use)
        update(parameters, gradients, state, now)
        kept.append(parameters.clone())
    return torch.stack(kept).clone()


@torch.inference_mode()
def full_losses(experiment: Experiment, parameters: Tensor) -> Tensor:
    """Return the loss on all points of seed 0 for each column of parameters (parameters, columns)."""
    e, start = experiment, draw(experiment)
    y = start.y[:, :1].to(parameters)
    losses = []
    for part in parameters.split(_PART, 1):
        residual = network.predict(part.contiguous(), start.x, e.width, e.activation) - y  # (points, columns)
        losses.append(LOSSES[e.loss.name].value(residual, e.loss.parameter or 0.0).mean(0))
    return torch.cat(losses).clone()


def along(corners: Tensor, places: Tensor) -> Tensor:
    """Return the points (…, places) of a polyline with corners (corners, …); place 1.5 lies between 1 and 2."""
    before = places.floor()
    share = (places - before).to(corners).view(-1, *[1] * (corners.dim() - 1))
    one, next_ = corners[before.long()], corners[places.ceil().long()]  # (places, …)
    # at a corner the next one does not count: it may not be finite
    return torch.where(share == 0, one, torch.lerp(one, next_, share)).movedim(0, -1)


@dataclass(frozen=True)
class Walks:
    """The same way, rate × steps long, walked in a few long steps or in many short ones."""

    rate: float  # of the shortest steps
    loss: Tensor  # (385, walks) on all points, after each shortest step's worth of the way
    between: Tensor  # (places, walks) the same at the places of `BETWEEN`
    parameters: Tensor  # (kept, parameters, walks) at the places of `KEPT`

    @property
    def nbytes(self) -> int:
        """The memory its tensors take."""
        return self.loss.nbytes + self.between.nbytes + self.parameters.nbytes


def walks(experiment: Experiment, rate: float, dtype: torch.dtype = torch.float32) -> Walks:
    """Return a walk for each of `COUNTS`, from one start, count × its rate = 384 × `rate`.

    Each looks at the gradient only where it begins a step; between, the loss is that on the straight line.
    """
    way = max(COUNTS)
    trails = descend(experiment, [rate * way / count for count in COUNTS], way, dtype)
    losses, between, kept = [], [], []
    for column, count in enumerate(COUNTS):
        corners = trails[: count + 1, :, column]  # (corners, parameters)
        at = torch.arange(way + 1, dtype=torch.float64) * count / way
        losses.append(full_losses(experiment, along(corners, at)))
        # a millionth of a step beside a corner is rounding, and the corner is meant
        at = (torch.tensor(BETWEEN, dtype=torch.float64) * count / way * 1e6).round() / 1e6
        between.append(full_losses(experiment, along(corners, at)))
        kept.append(along(corners, torch.tensor(KEPT, dtype=torch.float64) * count / way).T)
    return Walks(rate, torch.stack(losses, 1), torch.stack(between, 1), torch.stack(kept, 2))
