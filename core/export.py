"""An experiment as PyTorch: the lines that make its optimizers, and a script that repeats its curves."""

import inspect

from core.data import DATA_SETS
from core.expression_parser import parse
from core.losses import LOSSES
from core.methods import METHODS
from core.network import ACTIVATIONS
from core.spec import Experiment, Loss, Optimizer


def _number(value: float) -> str:
    return repr(value).removesuffix(".0") if abs(value) < 1e15 else repr(value)


def _argument(value: object) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(_argument(v) for v in value)})"
    return _number(value) if isinstance(value, float) else repr(value)


def optimizer_call(optimizer: Optimizer, parameters: str, rate: str) -> str:
    """Return the call that makes a torch optimizer; arguments at torch's own default are left out."""
    made = METHODS[optimizer.name].torch_class
    usual = inspect.signature(made).parameters
    extra = [f"{k}={_argument(v)}" for k, v in optimizer.arguments.items() if v != usual[k].default]
    return f"torch.optim.{made.__name__}({', '.join([parameters, f'lr={rate}', *extra])})"


def optimizer_lines(experiment: Experiment) -> str:
    """Return one line an optimizer, as the essay writes them, under the common rate if there is one."""
    lines = []
    if any(o.lr is None for o in experiment.optimizers):
        rates = experiment.learning_rates
        several = f"  # then {', '.join(map(_number, rates[1:]))}" if len(rates) > 1 else ""
        lines = [f"LR = {_number(rates[0])}{several}", ""]
    for o in experiment.optimizers:
        rate = "LR" if o.lr is None else _number(o.lr)
        lines.append(f"opt_{o.name} = {optimizer_call(o, f'net_{o.name}.parameters()', rate)}")
    return "\n".join(lines)


_SCRIPT = '''\
"""{title}

Prints, for every run, the full-data loss before and after training. Written for torch {torch}.
"""

import math

import torch
from torch import nn

POINTS, WIDTH, EPOCHS, BATCH, SEEDS, TARGET = {points}, {width}, {epochs}, {batch}, {seeds}, {target}
RATES = {rates}
OPTIMIZERS = {{
{optimizers}
}}
OWN_RATES = {own_rates}

{loss_class}
def run(make_optimizer, rate, seed):
    """Train one network; return its mini-batch losses and the full-data loss at every step."""
    torch.manual_seed(seed)
{inputs}
    y = {truth} + {noise} * torch.randn(POINTS)
{outliers}    y = y.unsqueeze(1)
    net = nn.Sequential(nn.Linear({ins}, WIDTH), {activation}, nn.Linear(WIDTH, 1))
    optimizer = make_optimizer(net.parameters(), rate)
    loss_of = {loss}
    losses, full = [], [loss_of(net(x), y).item()]
    for epoch in range(EPOCHS):
        for batch in torch.randperm(POINTS).split(BATCH):
            loss = loss_of(net(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            with torch.no_grad():
                full.append(loss_of(net(x), y).item())
    return losses, full


def main():
    for name, make_optimizer in OPTIMIZERS.items():
        for rate in OWN_RATES.get(name, RATES):
            for seed in range(SEEDS):
                losses, full = run(make_optimizer, rate, seed)
                reached = next((step for step, loss in enumerate(full) if loss < TARGET), None)
                when = f"below {{TARGET}} at step {{reached}}" if reached is not None else f"not below {{TARGET}}"
                print(f"{{name:9}} lr={{rate:<8g}} seed={{seed}}  {{full[0]:.6f}} -> {{full[-1]:.6f}}  {{when}}")


if __name__ == "__main__":
    main()
'''

#: The losses that PyTorch lacks, by name; {code} is an own expression.
_CLASSES = {
    "log_cosh": """
class LogCosh(nn.Module):
    def forward(self, prediction, y):
        size = (prediction - y).abs()
        return (nn.functional.softplus(-2 * size, threshold=1e4) + size - math.log(2)).mean()

""",
    "quantile": """
class Quantile(nn.Module):
    def __init__(self, tau):
        super().__init__()
        self.tau = tau

    def forward(self, prediction, y):
        r = prediction - y
        return torch.maximum(-self.tau * r, (1 - self.tau) * r).mean()

""",
    "own": """
class OwnLoss(nn.Module):
    def forward(self, prediction, y):
        r = prediction - y
        return ({code}).mean()

""",
}

_SQUARE = """\
    i = torch.arange(1, POINTS + 1, dtype=torch.float64)  # spread evenly over the square
    steps = 0.7548776662466927, 0.5698402909980532
    x = torch.stack([2 * ((0.5 + i * s) % 1) - 1 for s in steps], 1).float()"""


def loss_class(loss: Loss) -> str:
    """Return the class of a loss that PyTorch lacks, nothing for the others."""
    code = parse(loss.expression).code if loss.expression is not None else ""
    return _CLASSES.get(loss.name, "").replace("{code}", code)


def script(experiment: Experiment, title: str) -> str:
    """Return a plain PyTorch script that repeats every run of the experiment, losses and all."""
    from torch import __version__ as version

    e = experiment
    data = DATA_SETS[e.data]
    outliers = ""
    if e.outlier_share and e.outlier_size:
        count = round(e.outlier_share * e.points)
        outliers = f"    y[torch.randperm(POINTS)[:{count}]] += {_number(e.outlier_size)}\n"
    made = [f"    {o.name!r}: lambda p, lr: {optimizer_call(o, 'p', 'lr')}," for o in e.optimizers]
    return _SCRIPT.format(
        title=title,
        torch=version.partition("+")[0],
        points=e.points,
        width=e.width,
        epochs=e.epochs,
        batch=e.batch_size or e.points,
        seeds=e.seeds,
        target=_number(e.target),
        rates=list(e.learning_rates),
        optimizers="\n".join(made),
        own_rates={o.name: [o.lr] for o in e.optimizers if o.lr is not None},
        loss_class=loss_class(e.loss),
        inputs=_SQUARE if data.inputs == 2 else "    x = torch.linspace(-1, 1, POINTS).unsqueeze(1)",
        truth=data.code,
        noise=_number(e.noise),
        outliers=outliers,
        ins=data.inputs,
        activation=ACTIVATIONS[e.activation].code,
        loss=LOSSES[e.loss.name].code.format(p=_argument(e.loss.parameter)),
    )
