"""Numbers, optimizers, losses, data and the network as lines of PyTorch."""

import inspect
from collections.abc import Callable, Iterable

import torch

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS, SPREAD
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import METHODS
from core.expression.parser import parse
from core.spec.experiment import Experiment, Loss, Optimizer


def argument(value: object) -> str:
    """Return a value as Python; pairs keep their points, for torch refuses whole numbers as betas."""
    if isinstance(value, tuple):
        return f"({', '.join(map(argument, value))})"
    return repr(value)


def number(value: float) -> str:
    """Return a number as a reader would write it, 1 for 1.0."""
    return repr(value).removesuffix(".0") if abs(value) < 1e15 else repr(value)


def optimizer_call(optimizer: Optimizer, parameters: str, rate: str) -> str:
    """Return the call that makes a torch optimizer; arguments at torch's own default are left out."""
    made = METHODS[optimizer.name].torch_class
    usual = inspect.signature(made).parameters
    extra = [f"{k}={argument(v)}" for k, v in optimizer.arguments.items() if v != usual[k].default]
    place = "torch.optim." if _is_torchs(made) else ""
    return f"{place}{made.__name__}({', '.join([parameters, f'lr={rate}', *extra])})"


def optimizer_classes(experiments: Iterable[Experiment]) -> str:
    """Return the classes of the optimizers that PyTorch lacks, nothing where it has all."""
    made = dict.fromkeys(METHODS[o.name].torch_class for e in experiments for o in e.optimizers)
    return "\n\n\n".join(inspect.getsource(one) for one in made if not _is_torchs(one))


def _is_torchs(made: Callable[..., torch.optim.Optimizer]) -> bool:
    return made.__module__.startswith("torch.")


def optimizer_lines(experiment: Experiment) -> str:
    """Return one line an optimizer, as the essay writes them, under the common rate if there is one."""
    lines = []
    if any(o.lr is None for o in experiment.optimizers):
        rates = experiment.learning_rates
        several = f"  # then {', '.join(map(number, rates[1:]))}" if len(rates) > 1 else ""
        lines = [f"LR = {number(rates[0])}{several}", ""]
    for o in experiment.optimizers:
        rate = "LR" if o.lr is None else number(o.lr)
        lines.append(f"opt_{o.name} = {optimizer_call(o, f'net_{o.name}.parameters()', rate)}")
    return "\n".join(lines)


def loss_class(loss: Loss) -> str:
    """Return the class of a loss that PyTorch lacks, nothing for the others; ValueError where its row has none."""
    kind = LOSSES[loss.name]
    if not kind.class_code and not kind.code.startswith("nn."):
        raise ValueError(f"{loss.name} has no code: PyTorch has no {kind.code}, and its row no class")
    code = parse(loss.expression).code if loss.expression is not None else ""
    return kind.class_code.replace("{code}", code)


def loss_call(loss: Loss) -> str:
    """Return the call that makes a loss."""
    return LOSSES[loss.name].code.format(p=argument(loss.parameter))


def input_lines(inputs: int) -> list[str]:
    """Return the lines that make N inputs x (N, inputs)."""
    if inputs == 1:
        return ["x = torch.linspace(-1, 1, N)", "x = x.unsqueeze(1)"]
    return [
        "i = torch.arange(1, N + 1.0).double()",
        *(f"s{k} = {s!r}" for k, s in enumerate(SPREAD)),
        "x = torch.stack([i * s0, i * s1], 1)",
        "x = (2 * ((0.5 + x) % 1) - 1).float()",
    ]


def target_lines(experiment: Experiment, truth: str) -> list[str]:
    """Return the lines that make y (N, 1) from x: its truth, noise, outliers."""
    e = experiment
    lines = [f"y = {truth}", f"y += {e.noise!r} * torch.randn(N)"]
    if e.outlier_share and e.outlier_size:
        far = round(e.outlier_share * e.points)
        lines += ["far = torch.randperm(N)", f"y[far[:{far}]] += {e.outlier_size!r}"]
    return [*lines, "y = y.unsqueeze(1)"]


def layers(inputs: int | str, width: int | str, activation: str) -> tuple[str, str, str]:
    """Return the calls that make the layers of the network."""
    return f"nn.Linear({inputs}, {width})", activation, f"nn.Linear({width}, 1)"


def network_of(experiment: Experiment) -> tuple[str, str, str]:
    """Return the layers of an experiment's network."""
    e = experiment
    return layers(DATA_SETS[e.data].inputs, e.width, ACTIVATIONS[e.activation].code)
