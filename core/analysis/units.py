"""What each hidden unit adds to the network: its contribution, its kink, sums of units, bends of the whole."""

import torch
from torch import Tensor

from core.catalogue.activations import ACTIVATIONS
from core.engine.network import Layers


@torch.inference_mode()
def contributions(parameters: Tensor, x: Tensor, width: int, activation: str) -> Tensor:
    """Return w2·activation(Σᵢ w1ᵢ·xᵢ + b1) of every unit, (hidden, points, runs).

    `parameters` is (parameters, runs), `x` (points, inputs), or (hidden, points, inputs, runs): points of
    each unit's own.
    """
    own = x if x.dim() == 4 else x[None, :, :, None]
    net = Layers.of(parameters, own.shape[2], width)
    b1, w2, *_ = net.over_batch  # (hidden, 1, runs)
    z = (net.hidden.unsqueeze(1) * own.to(parameters)).sum(2) + b1  # (hidden, points, runs)
    return w2 * ACTIVATIONS[activation].apply(z, z)


def kinks(parameters: Tensor, width: int) -> Tensor:
    """Return −b1/w1, where a unit of one input changes sign, (hidden, runs); not finite where w1 is 0."""
    net = Layers.of(parameters, 1, width)
    return -net.b1 / net.w1[0]


def kink_segments(parameters: Tensor, width: int) -> Tensor:
    """Return the ends (x₁, x₂, x₁′, x₂′) of each unit's line w1·x + b1 = 0 inside [−1, 1]², (hidden, 4, runs).

    The line starts from its point nearest to the origin, p = −b1·w1/|w1|², and runs along (−w1₂, w1₁) for as
    long as both coordinates stay in [−1, 1]; nan where it misses the square or w1 is 0.
    """
    net = Layers.of(parameters, 2, width)
    w = net.hidden  # (hidden, 2, runs)
    near = -net.b1.unsqueeze(1) * w / w.square().sum(1, keepdim=True)  # (hidden, 2, runs)
    along = torch.stack([-w[:, 1], w[:, 0]], 1)
    along = along / along.norm(dim=1, keepdim=True)
    at = torch.stack([(-1 - near) / along, (1 - near) / along])  # (2, hidden, 2, runs): how far to each edge
    inside = (along != 0) | (near.abs() <= 1)  # parallel to an edge: inside or never
    edge = torch.where(along != 0, at, torch.tensor([-torch.inf, torch.inf]).to(at).view(2, 1, 1, 1))
    start, end = edge.amin(0).amax(1), edge.amax(0).amin(1)  # (hidden, runs)
    hit = (start < end) & inside.all(1)
    ends = [near + t.unsqueeze(1) * along for t in (start, end)]
    return torch.where(hit.unsqueeze(1), torch.cat(ends, 1), torch.nan)


def running_sums(parts: Tensor, bias: Tensor, counts: list[int]) -> Tensor:
    """Return bias + the first n contributions, n in `counts`, (counts, points, runs).

    `parts` is (hidden, points, runs) in the order of adding, `bias` (runs,).
    """
    sums = parts.cumsum(0) + bias  # (hidden, points, runs)
    return sums[[n - 1 for n in counts]]


def nearest_line(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the least-squares line or plane through y (points,) over x (points, inputs), in float64.

    That is (inputs + 1,) coefficients, the constant last, and the largest distance of y from it.
    """
    x, y = x.double(), y.double()
    columns = torch.cat([x, torch.ones(len(x), 1).double()], 1)  # (points, inputs + 1)
    solution = torch.linalg.lstsq(columns, y.unsqueeze(1), driver="gelsd").solution[:, 0]
    return solution, (columns @ solution - y).abs().max()


@torch.inference_mode()
def activation_and_slope(activation: str, z: Tensor) -> tuple[Tensor, Tensor]:
    """Return activation(z) and activation′(z), the slope as the backward pass takes it."""
    kind, work = ACTIVATIONS[activation], z.clone()
    a = kind.apply(work, work)
    return a, kind.derivative(z, a, torch.empty_like(z))
