"""How far the gradients of mini-batches lie from the gradient of all points, along a training."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.losses import LOSSES
from core.engine import network
from core.engine.history import History
from core.engine.network import Buffers, Layers
from core.spec.experiment import Experiment

SIZES = (1, 8, 32)
#: Batches drawn of each size, the same ones at every step that is looked at.
DRAWS = 200
#: Of the generator that draws them: none that a training uses.
SEED = 1_000_000


@dataclass(frozen=True)
class GradientNoise:
    """Angle and relative size of mini-batch gradients against the full gradient; not a number where that is 0."""

    sizes: tuple[int, ...]
    steps: tuple[int, ...]  # of the training, where its gradients were taken
    angle: Tensor  # (steps, sizes, draws) degrees in [0, 180]
    size: Tensor  # (steps, sizes, draws) |mini-batch gradient| / |full gradient|
    noise: Tensor  # (steps, sizes) root mean square of |mini-batch gradient − full gradient| / |full gradient|

    @property
    def nbytes(self) -> int:
        """The memory its tensors take."""
        return self.angle.nbytes + self.size.nbytes + self.noise.nbytes


@torch.inference_mode()
def batch_gradients(experiment: Experiment, x: Tensor, y: Tensor, parameters: Tensor, batches: Tensor) -> Tensor:
    """Return the gradients (parameters, draws) of the mean loss over each column of batches (batch, draws).

    x (points, inputs), y (points,), parameters (parameters,).
    """
    e = experiment
    draws = batches.shape[1]
    spread = parameters.unsqueeze(1).repeat(1, draws)  # (parameters, draws)
    gradients = torch.empty_like(spread)
    net, grads = (Layers.of(t, x.shape[1], e.width) for t in (spread, gradients))
    activation = ACTIVATIONS[e.activation]
    use = Buffers.of((e.width, *batches.shape), spread, activation.needs_z)
    inputs = x.to(parameters)[batches].unbind(-1)  # (batch, draws) an input
    residual = network.forward(net, inputs, activation, use, torch.empty_like(use.g)).sub_(y.to(parameters)[batches])
    LOSSES[e.loss.name].slope(residual, e.loss.parameter or 0.0, use.g).div_(len(batches))
    network.backward(net, grads, inputs, activation, use)
    return gradients.clone()


def draw_batches(points: int, sizes: Sequence[int], draws: int) -> list[Tensor]:
    """Return for each size `draws` batches (size, draws), drawn without repetition as an epoch draws them."""
    generator = torch.Generator().manual_seed(SEED)
    orders = torch.stack([torch.randperm(points, generator=generator) for _ in range(draws)], 1)
    return [orders[:size] for size in sizes]


def angle_between(gradients: Tensor, full: Tensor) -> Tensor:
    """Return the angles in degrees of gradients (parameters, draws) with one (parameters, 1)."""
    cosine = (gradients * full).sum(0) / (gradients.norm(dim=0) * full.norm(dim=0))
    return torch.rad2deg(cosine.clamp(-1, 1).arccos())


def gradient_noise(history: History) -> GradientNoise:
    """Return the noise at every snapshot of the history's first run, computed in float64."""
    e, x, y = history.experiment, history.x.double(), history.targets(0).double()
    everything = torch.arange(e.points).unsqueeze(1)
    batches = draw_batches(e.points, SIZES, DRAWS)
    angles, sizes, noises = [], [], []
    for parameters in history.snapshots[:, :, 0].double():
        full = batch_gradients(e, x, y, parameters, everything)  # (parameters, 1)
        found = [batch_gradients(e, x, y, parameters, batch) for batch in batches]  # (parameters, draws) a size
        angles.append(torch.stack([angle_between(g, full) for g in found]))
        sizes.append(torch.stack([g.norm(dim=0) / full.norm(dim=0) for g in found]))
        noises.append(torch.stack([(g - full).square().sum(0).mean().sqrt() / full.norm() for g in found]))
    tables = (torch.stack(rows) for rows in (angles, sizes, noises))
    return GradientNoise(SIZES, history.snapshot_steps, *tables)
