"""The registry of optimizers: each its torch class, what it takes, and its row of the one rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch

from core.engine.rule import Row


@dataclass(frozen=True)
class Hyperparameter:
    """A number an optimizer takes, under its PyTorch name; `high` is excluded where `below` is true."""

    name: str
    default: float
    low: float
    high: float
    below: bool = False
    part: int | None = None  # its place in a PyTorch tuple, as beta1 is the first of betas
    of: str | None = None  # the tuple's PyTorch name

    def accepts(self, value: float) -> bool:
        """Return whether the value is in range."""
        return self.low <= value <= self.high and not (self.below and value == self.high)

    @property
    def range(self) -> str:
        """The range as text: [0, 1) excludes 1."""
        return f"[{self.low:g}, {self.high:g}{')' if self.below else ']'}"


@dataclass(frozen=True)
class Method:
    """An optimizer: its PyTorch class, what it takes, and its row of the one rule."""

    name: str
    torch_class: Callable[..., torch.optim.Optimizer]
    hyperparameters: tuple[Hyperparameter, ...]
    row: Callable[[Mapping[str, float]], Row]
    fixed: Mapping[str, object] = field(default_factory=dict)  # arguments that make it this method
    moments: tuple[str | None, str | None] = (None, None)  # where torch keeps m and v in its state


def _beta(name: str, default: float, part: int) -> Hyperparameter:
    return Hyperparameter(name, default, 0.0, 1.0, below=True, part=part, of="betas")


_MOMENTUM = Hyperparameter("momentum", 0.8, 0.0, 1.0, below=True)
_ALPHA = Hyperparameter("alpha", 0.9, 0.0, 1.0, below=True)
_BETAS = (_beta("beta1", 0.9, 0), _beta("beta2", 0.99, 1))
_EPS = Hyperparameter("eps", 1e-8, 1e-16, 1.0)
_EPS_ADAGRAD = Hyperparameter("eps", 1e-10, 1e-16, 1.0)
_START = Hyperparameter("initial_accumulator_value", 0.0, 0.0, 100.0)
_DECAY = Hyperparameter("weight_decay", 0.0, 0.0, 1.0)
_DECAY_ADAMW = Hyperparameter("weight_decay", 0.01, 0.0, 1.0)


def _adam(h: Mapping[str, float], **decay: float) -> Row:
    b1, b2 = h["beta1"], h["beta2"]
    return Row(beta1=b1, c1=1 - b1, beta2=b2, c2=1 - b2, a=1, floor=h["eps"], kappa=1, **decay)


METHODS: dict[str, Method] = {
    m.name: m
    for m in (
        Method("SGD", torch.optim.SGD, (_DECAY,), lambda h: Row(coupled=h["weight_decay"])),
        Method(
            "Momentum",
            torch.optim.SGD,
            (_MOMENTUM, _DECAY),
            lambda h: Row(beta1=h["momentum"], coupled=h["weight_decay"]),
            moments=("momentum_buffer", None),
        ),
        Method(
            "Nesterov",
            torch.optim.SGD,
            # torch refuses nesterov without momentum
            (Hyperparameter("momentum", 0.8, 0.01, 1.0, below=True), _DECAY),
            lambda h: Row(beta1=h["momentum"], nu=1, coupled=h["weight_decay"]),
            fixed={"nesterov": True},
            moments=("momentum_buffer", None),
        ),
        Method(
            "Adagrad",
            torch.optim.Adagrad,
            (_START, _EPS_ADAGRAD, _DECAY),
            lambda h: Row(
                beta2=1,
                c2=1,
                a=1,
                floor=h["eps"],
                coupled=h["weight_decay"],
                v0=h["initial_accumulator_value"],
            ),
            moments=(None, "sum"),
        ),
        Method(
            "RMSprop",
            torch.optim.RMSprop,
            (_ALPHA, _EPS, _DECAY),
            lambda h: Row(
                beta2=h["alpha"],
                c2=1 - h["alpha"],
                a=1,
                floor=h["eps"],
                coupled=h["weight_decay"],
            ),
            moments=(None, "square_avg"),
        ),
        Method(
            "Adam",
            torch.optim.Adam,
            (*_BETAS, _EPS, _DECAY),
            lambda h: _adam(h, coupled=h["weight_decay"]),
            moments=("exp_avg", "exp_avg_sq"),
        ),
        Method(
            "AdamW",
            torch.optim.AdamW,
            (*_BETAS, _EPS, _DECAY_ADAMW),
            lambda h: _adam(h, decoupled=h["weight_decay"]),
            moments=("exp_avg", "exp_avg_sq"),
        ),
    )
}
