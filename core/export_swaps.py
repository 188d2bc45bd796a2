"""The Unknowns page as a PyTorch script: a formula, two classes and centres, each found by the same few lines."""

from torch import __version__ as version

from core.clustering import CLOUDS, REACH, Clustering
from core.export import optimizer_call
from core.formula_fit import FORMULAS, FormulaFit
from core.logistic import Logistic
from core.spec import Optimizer

_SCRIPT = '''\
"""{title}

Three searches for coefficients from known data, all in float64. Written for torch {torch}.
"""

import math

import torch
from torch import nn

OPTIMIZERS = {{
{optimizers}
}}


def train(parameters, loss_of, name, rate, steps):
    """Walk down the loss; return it before and after every step."""
    optimizer = OPTIMIZERS[name](parameters, rate)
    losses = []
    for _ in range(steps):
        loss = loss_of()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return [*losses, loss_of().item()]


def formula(name):
    """Find both coefficients of a formula, from the reader's guess."""
    torch.manual_seed({f.seed})
    low, high = torch.tensor({low}), torch.tensor({high})
    hidden = (low + torch.rand(2) * (high - low)).double()
    noise = torch.randn({f.points}).double()
    x = torch.linspace(-{reach}, {reach}, {f.points}).double()

    def value(c1, c2):
        return {value}

    y = value(*hidden) + {f.noise} * noise
    c = torch.tensor([{f.t1}, {f.t2}], dtype=torch.float64, requires_grad=True)
    losses = train([c], lambda: (value(*c) - y).square().mean(), name, {f.rate}, {f.steps})
    return losses, c.tolist()


def logistic(name):
    """Find the weights of the line between two classes."""
    torch.manual_seed({l.seed})
    y = (torch.arange({l.points}) >= {l.points} // 2).float()
    x = ((y - 0.5) * {l.gap} / math.sqrt(2)).unsqueeze(1) + torch.randn({l.points}, 2)
    net = nn.Linear(2, 1).double()
    x, y = x.double(), y.double()
    loss_of = nn.BCEWithLogitsLoss()
    losses = train(net.parameters(), lambda: loss_of(net(x)[:, 0], y), name, {l.rate}, {l.steps})
    return losses, [*net.weight[0].tolist(), net.bias.item()]


def points_and_centres():
    """Draw the points, and some of them as the centres to start from."""
    torch.manual_seed({c.seed})
    middles = {reach_of_clouds} * (2 * torch.rand({clouds}, 2) - 1)
    x = middles[torch.arange({c.points}) % {clouds}] + {c.spread} * torch.randn({c.points}, 2)
    return x.double(), x[torch.randperm({c.points})[:{c.k}]].double()


def distances(x, centres):
    """Return the squared distance of every point to every centre."""
    return (x[:, None] - centres).square().sum(2)


def clustering(name):
    """Find the centres that are nearest to their points, on average."""
    x, centres = points_and_centres()
    centres.requires_grad_()
    losses = train([centres], lambda: distances(x, centres).min(1).values.mean(), name, {c.rate}, {c.steps})
    return losses, centres.flatten().tolist()


def lloyd():
    """Put every centre at the mean of its points until none moves."""
    x, centres = points_and_centres()
    losses = []
    while True:
        apart = distances(x, centres)
        losses.append(apart.min(1).values.mean().item())
        nearest = apart.argmin(1)
        own = [x[nearest == k] for k in range(len(centres))]
        moved = torch.stack([o.mean(0) if len(o) else c for o, c in zip(own, centres)])
        if torch.allclose(moved, centres, rtol=0, atol=1e-12):
            return losses
        centres = moved


def main():
    for search, names in (
        (formula, {f.optimizers}),
        (logistic, {l.optimizers}),
        (clustering, {c.optimizers}),
    ):
        for name in names:
            losses, found = search(name)
            numbers = ", ".join(f"{{value:.4f}}" for value in found)
            print(f"{{search.__name__:10}} {{name:9}} {{losses[0]:.6f}} -> {{losses[-1]:.6f}}  at {{numbers}}")
    losses = lloyd()
    print(f"lloyd      {{len(losses) - 1}} iterations {{losses[0]:.6f}} -> {{losses[-1]:.6f}}")


if __name__ == "__main__":
    main()
'''


def swaps_script(specs: tuple[FormulaFit, Logistic, Clustering], title: str) -> str:
    """Return a plain PyTorch script that repeats the three searches of the page, losses and all."""
    formula, logistic, clustering = specs
    of = FORMULAS[formula.formula]
    names = dict.fromkeys((*formula.optimizers, *logistic.optimizers, *clustering.optimizers))
    made = [f"    {name!r}: lambda p, lr: {optimizer_call(Optimizer(name), 'p', 'lr')}," for name in names]
    return _SCRIPT.format(
        title=title,
        torch=version.partition("+")[0],
        optimizers="\n".join(made),
        f=formula,
        l=logistic,
        c=clustering,
        low=[low for low, _ in of.hidden],
        high=[high for _, high in of.hidden],
        reach=of.reach,
        value=of.code,
        clouds=CLOUDS,
        reach_of_clouds=REACH,
    )
