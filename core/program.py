"""One run as a short PyTorch program in the four steps: data, model, loss, training."""

import re
from collections.abc import Iterable

from core.data import DATA_SETS, SPREAD
from core.export import loss_class, optimizer_call
from core.losses import LOSSES
from core.network import ACTIVATIONS
from core.spec import Experiment

_TRAINING = """\
def batches():
    for epoch in range({epochs}):
        order = torch.randperm(N)
        yield from order.split({batch})

step = 0
for i in batches():
    loss = loss_of(net(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    step += 1
    full = loss_of(net(x), y).item()
    if full < target:
        break
print(step, full)"""


def program(experiment: Experiment) -> tuple[str, str, str, str]:
    """Return the code of the four steps, for seed 0 of the first optimizer at its first rate.

    Run one after the other they train until the full-data loss is below the target, or the epochs are over,
    and leave `step`, the mini-batch `loss` of that update, and `full`, the loss on all data after it.
    """
    return _data(experiment), _model(experiment), _loss(experiment), _training(experiment)


def _data(e: Experiment) -> str:
    if DATA_SETS[e.data].inputs == 1:
        x = ["x = torch.linspace(-1, 1, N)", "x = x.unsqueeze(1)"]
    else:
        x = ["i = torch.arange(1, N + 1.0).double()", *(f"s{k} = {s!r}" for k, s in enumerate(SPREAD))]
        x += ["x = torch.stack([i * s0, i * s1], 1)", "x = (2 * ((0.5 + x) % 1) - 1).float()"]
    y = [f"y = {DATA_SETS[e.data].code}", f"y += {e.noise!r} * torch.randn(N)"]
    if e.outlier_share and e.outlier_size:
        y += ["far = torch.randperm(N)", f"y[far[:{round(e.outlier_share * e.points)}]] += {e.outlier_size!r}"]
    math = ["import math"] if "math." in y[0] + loss_class(e.loss) else []
    head = [*math, "import torch", "from torch import nn", "", "torch.manual_seed(0)", f"N = {e.points}"]
    return "\n".join([*head, *x, *y, "y = y.unsqueeze(1)"])


def _model(e: Experiment) -> str:
    layers = (f"nn.Linear({DATA_SETS[e.data].inputs}, {e.width})", ACTIVATIONS[e.activation].code)
    return _call("net = nn.Sequential(", (*layers, f"nn.Linear({e.width}, 1)"))


def _loss(e: Experiment) -> str:
    made = LOSSES[e.loss.name].code.format(p=repr(e.loss.parameter))
    return "\n".join([*loss_class(e.loss).strip("\n").splitlines(), f"loss_of = {made}", f"target = {e.target!r}"])


def _training(e: Experiment) -> str:
    run = e.runs[0]
    call = optimizer_call(run.optimizer, "net.parameters()", repr(run.learning_rate))
    name, _, arguments = call.removesuffix(")").partition("(")
    optimizer = _call(f"opt = {name}(", re.split(r", (?=\w+=)", arguments))
    return optimizer + "\n" + _TRAINING.format(epochs=e.epochs, batch=e.batch_size or e.points)


def _call(opening: str, arguments: Iterable[str]) -> str:
    """Return a call with an argument a line: narrow enough to stand beside its picture."""
    return "\n".join([opening, *(f"    {argument}," for argument in arguments), ")"])
