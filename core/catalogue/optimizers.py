"""The registry of optimizers: each its torch class, what it takes, its row of the one rule, and its paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from core.catalogue.custom import Custom
from core.catalogue.row import Row


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
    ladder: tuple[float, ...] = ()  # the choices that are offered
    symbol: str = ""  # LaTeX

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
    row: Callable[[Mapping[str, Any]], Row]  # of numbers, or of whatever else can be taken from 1
    paper: str  # where it was published
    fixed: Mapping[str, object] = field(default_factory=dict)  # arguments that make it this method
    moments: tuple[str | None, str | None] = (None, None)  # where torch keeps m and v in its state


#: The reader's own rule.
CUSTOM = "Custom"

_DECAYS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
_LONG_DECAYS = (0.0, 0.5, 0.9, 0.99, 0.999, 0.9999)


def _beta(name: str, default: float, part: int) -> Hyperparameter:
    ladder = (_DECAYS, _LONG_DECAYS)[part]
    return Hyperparameter(name, default, 0.0, 1.0, True, part, "betas", ladder, rf"\beta_{part + 1}")


def _small(default: float) -> Hyperparameter:
    ladder = (1e-16, 1e-10, 1e-8, 1e-6, 1e-4, 0.01, 0.1, 1.0)
    return Hyperparameter("eps", default, 1e-16, 1.0, ladder=ladder, symbol=r"\varepsilon")


def _decay(default: float) -> Hyperparameter:
    ladder = (0.0, 0.0001, 0.001, 0.01, 0.1, 1.0)
    return Hyperparameter("weight_decay", default, 0.0, 1.0, ladder=ladder, symbol=r"\lambda")


def _momentum(low: float) -> Hyperparameter:
    return Hyperparameter("momentum", 0.8, low, 1.0, True, ladder=_DECAYS, symbol=r"\mu")


def _part(name: str, default: float, symbol: str, ladder: tuple[float, ...], **more: Any) -> Hyperparameter:
    """Return a coefficient of the reader's own rule."""
    low, high = more.pop("range", (0.0, 1.0))
    return Hyperparameter(name, default, low, high, ladder=ladder, symbol=symbol, **more)


def _own(h: Mapping[str, Any]) -> Row:
    decays = {"coupled": h["weight_decay"], "decoupled": h["decoupled_weight_decay"]}
    return Row(
        **{name: h[name] for name in ("beta1", "c1", "beta2", "c2", "a", "floor", "kappa", "nu", "v0")}, **decays
    )


_ALPHA = Hyperparameter("alpha", 0.9, 0.0, 1.0, True, ladder=(0.0, 0.5, 0.9, 0.99, 0.999), symbol=r"\alpha")
_BETAS = (_beta("beta1", 0.9, 0), _beta("beta2", 0.99, 1))
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_WEIGHTS = (0.0, 0.01, 0.1, 0.2, 0.5, 1.0)
#: Of the reader's own rule; halfway from SGD to Adam where nothing is chosen.
_COEFFICIENTS = (
    _part("beta1", 0.45, r"\beta_1", (0.0, 0.45, *_DECAYS[1:]), below=True),
    _part("c1", 0.55, "c_1", (0.01, 0.1, 0.2, 0.5, 0.55, 1.0, 2.0), range=(0.0, 10.0)),
    _part("beta2", 0.99, r"\beta_2", (*_LONG_DECAYS, 1.0)),
    _part("c2", 0.01, "c_2", (0.001, *_WEIGHTS)),
    _part("a", 0.5, "a", _SHARES),
    _part("floor", 0.5, r"\varepsilon", (1e-10, 1e-8, 1e-6, 1e-4, 0.01, 0.1, 0.5, 1.0), range=(1e-16, 10.0)),
    _part("kappa", 0.5, r"\kappa", _SHARES),
    _part("nu", 0.0, r"\nu", _SHARES),
    _part("v0", 0.0, "v_0", (0.0, 0.01, 0.1, 1.0, 10.0), range=(0.0, 100.0)),
    _decay(0.0),
    replace(_decay(0.0), name="decoupled_weight_decay", symbol=r"\lambda'"),
)
_START = Hyperparameter("initial_accumulator_value", 0.0, 0.0, 100.0, ladder=(0.0, 0.01, 0.1, 1.0, 10.0), symbol="v_0")


def _adam(h: Mapping[str, Any], **decay: Any) -> Row:
    b1, b2 = h["beta1"], h["beta2"]
    return Row(beta1=b1, c1=1 - b1, beta2=b2, c2=1 - b2, a=1, floor=h["eps"], kappa=1, **decay)


METHODS: dict[str, Method] = {
    m.name: m
    for m in (
        Method(
            "SGD",
            torch.optim.SGD,
            (_decay(0.0),),
            lambda h: Row(coupled=h["weight_decay"]),
            "Robbins and Monro, A Stochastic Approximation Method, 1951",
        ),
        Method(
            "Momentum",
            torch.optim.SGD,
            (_momentum(0.0), _decay(0.0)),
            lambda h: Row(beta1=h["momentum"], coupled=h["weight_decay"]),
            "Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, 1964",
            moments=("momentum_buffer", None),
        ),
        Method(
            "Nesterov",
            torch.optim.SGD,
            # torch refuses nesterov without momentum
            (_momentum(0.01), _decay(0.0)),
            lambda h: Row(beta1=h["momentum"], nu=1, coupled=h["weight_decay"]),
            "Sutskever et al., On the Importance of Initialization and Momentum in Deep Learning, 2013",
            fixed={"nesterov": True},
            moments=("momentum_buffer", None),
        ),
        Method(
            "Adagrad",
            torch.optim.Adagrad,
            (_START, _small(1e-10), _decay(0.0)),
            lambda h: Row(
                beta2=1,
                c2=1,
                a=1,
                floor=h["eps"],
                coupled=h["weight_decay"],
                v0=h["initial_accumulator_value"],
            ),
            "Duchi et al., Adaptive Subgradient Methods for Online Learning and Stochastic Optimization, 2011",
            moments=(None, "sum"),
        ),
        Method(
            "RMSprop",
            torch.optim.RMSprop,
            (_ALPHA, _small(1e-8), _decay(0.0)),
            lambda h: Row(
                beta2=h["alpha"],
                c2=1 - h["alpha"],
                a=1,
                floor=h["eps"],
                coupled=h["weight_decay"],
            ),
            "Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012",
            moments=(None, "square_avg"),
        ),
        Method(
            "Adam",
            torch.optim.Adam,
            (*_BETAS, _small(1e-8), _decay(0.0)),
            lambda h: _adam(h, coupled=h["weight_decay"]),
            "Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015",
            moments=("exp_avg", "exp_avg_sq"),
        ),
        Method(
            "AdamW",
            torch.optim.AdamW,
            (*_BETAS, _small(1e-8), _decay(0.01)),
            lambda h: _adam(h, decoupled=h["weight_decay"]),
            "Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019",
            moments=("exp_avg", "exp_avg_sq"),
        ),
        Method(
            CUSTOM,
            Custom,
            _COEFFICIENTS,
            _own,
            "the reader's own",
            moments=("m", "v"),
        ),
    )
}


def named() -> tuple[str, ...]:
    """Return the optimizers that others have named: all but the reader's own rule."""
    return tuple(name for name in METHODS if name != CUSTOM)
