"""One run as a short PyTorch program in the four steps: data, model, loss, training."""

import re
from collections.abc import Iterable
from dataclasses import replace

from core.catalogue.data_sets import DATA_SETS
from core.export.code import (
    input_lines,
    loss_call,
    loss_class,
    network_of,
    optimizer_call,
    optimizer_classes,
    target_lines,
)
from core.spec.experiment import Experiment

_TRAINING = """\
def batches():
    for epoch in range({epochs}):
        order = torch.randperm(N)
        yield from order.split({batch})

step = 0
full = loss_of(net(x), y).item()
for i in batches():
    if full < target:
        break
    loss = loss_of(net(x[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    step += 1
    full = loss_of(net(x), y).item()
{progress}print(step, full)"""

#: Where a program may take longer than ten seconds it tells how far it is.
_PROGRESS = """\
    if step % {every} == 0:
        print(step, "of {steps}:", full)
"""
#: Steps that take some ten seconds, and the hidden units of all points that cost as much as the rest of a step.
_LONG, _UNITS = 20_000, 100_000


def program(experiment: Experiment) -> tuple[str, str, str, str]:
    """Return the code of the four steps, for the first seed of the first optimizer at its first rate.

    Run one after the other they train until the full-data loss is below the target, at step 0 perhaps, or the
    epochs are over, and leave `step`, the mini-batch `loss` of that update, and `full`, the loss on all data
    after it.
    """
    return _data(experiment), _model(experiment), _loss(experiment), _training(experiment)


def _data(e: Experiment) -> str:
    data = DATA_SETS[e.data]
    lines = [*input_lines(data.inputs), *target_lines(e, data.code)]
    math = ["import math"] if "math." in "\n".join([*lines, loss_class(e.loss)]) else []
    seed = f"torch.manual_seed({e.runs[0].seed})"
    return "\n".join([*math, "import torch", "from torch import nn", "", seed, f"N = {e.points}", *lines])


def _model(e: Experiment) -> str:
    return _call("net = nn.Sequential(", network_of(e))


def _loss(e: Experiment) -> str:
    made = f"loss_of = {loss_call(e.loss)}"
    return "\n".join([*loss_class(e.loss).splitlines(), made, f"target = {e.target!r}"])


def _training(e: Experiment) -> str:
    run = e.runs[0]
    call = optimizer_call(run.optimizer, "net.parameters()", repr(run.learning_rate))
    name, _, arguments = call.removesuffix(")").partition("(")
    optimizer = _call(f"opt = {name}(", re.split(r", (?=\w+=)", arguments))
    long = e.steps * (1 + e.points * e.width / _UNITS) > _LONG
    progress = _PROGRESS.format(every=max(1, e.steps // 20), steps=e.steps) if long else ""
    own = optimizer_classes([replace(e, optimizers=(run.optimizer,))])
    optimizer = f"{own}\n\n{optimizer}" if own else optimizer
    return optimizer + "\n" + _TRAINING.format(epochs=e.epochs, batch=e.batch_size or e.points, progress=progress)


def _call(opening: str, arguments: Iterable[str]) -> str:
    """Return a call with an argument a line: narrow enough to stand beside its picture."""
    return "\n".join([opening, *(f"    {argument}," for argument in arguments), ")"])
