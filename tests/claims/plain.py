"""A run in plain PyTorch, knowing nothing of the app but what an Experiment's fields mean: the auditor's own."""

import math
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.catalogue.data_sets import inputs
from core.spec.experiment import Experiment

SHAPES = {
    "parabola": lambda x: x**2,
    "sine": lambda x: torch.sin(math.pi * x),
    "step": lambda x: (x > 0).float(),
    "absolute": lambda x: x.abs(),
    "bump": lambda x: torch.exp(-16 * x**2),
    "saddle": lambda x: x[:, :1] * x[:, 1:],
    "ripple": lambda x: torch.cos(4 * x.square().sum(1, keepdim=True).sqrt()),
}
ACTIVATIONS = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "identity": nn.Identity,
}
LOSSES = {"mse": nn.MSELoss, "l1": nn.L1Loss, "smooth_l1": nn.SmoothL1Loss, "huber": nn.HuberLoss}


@dataclass(frozen=True)
class Run:
    """One run, looked at after every step."""

    x: Tensor  # (points, inputs)
    y: Tensor  # (points, 1)
    truth: Tensor  # (points, 1)
    loss: list[float]  # of the mini-batch, before update 1, 2, …
    full: list[float]  # of all points, at step 0, 1, …
    nets: list[nn.Sequential]  # at step 0, 1, …, where asked for

    def below(self, target: float) -> int | None:
        """The first step with a loss on all points below the target."""
        return next((step for step, loss in enumerate(self.full) if loss < target), None)


def run(e: Experiment, seed: int = 0, keep: bool = False) -> Run:
    """Train the first optimizer of the experiment at its first rate."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        x = inputs(e.data, e.points)
        truth = SHAPES[e.data](x)
        y = truth + e.noise * torch.randn(e.points).unsqueeze(1)
        net = nn.Sequential(nn.Linear(x.shape[1], e.width), ACTIVATIONS[e.activation](), nn.Linear(e.width, 1))
        given = {name: value for name in ("beta", "delta") if (value := getattr(e.loss, name)) is not None}
        loss_of = LOSSES[e.loss.name](**given)
        chosen = e.optimizers[0]
        name = {"Momentum": "SGD"}.get(chosen.name, chosen.name)
        arguments = {
            "Momentum": {"momentum": chosen.momentum},
            "RMSprop": {"alpha": chosen.alpha, "eps": chosen.eps},
            "Adam": {"betas": chosen.betas, "eps": chosen.eps},
        }.get(chosen.name, {})
        optimizer = getattr(torch.optim, name)(net.parameters(), lr=chosen.lr or e.learning_rates[0], **arguments)
        losses, full, nets = [], [], []

        def look() -> None:
            with torch.no_grad():
                full.append(float(loss_of(net(x), y)))
            if keep:
                nets.append(deepcopy(net))

        look()
        for _ in range(e.epochs):
            for batch in torch.randperm(e.points).split(e.batch_size or e.points):
                loss = loss_of(net(x[batch]), y[batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
                look()
    return Run(x, y, truth, losses, full, nets)
