"""One update rule whose coefficients make each optimizer. It moves any parameters and knows no network.

    g ← g + λ·θ                                   (weight decay, where it is coupled)
    m ← β₁·m + c₁·g            v ← β₂·v + c₂·g²
    θ ← (1 − η·λ′)·θ − η/bias₁ · (m + ν·(g + β₁·m − m)) / (a·√(v/bias₂) + floor)
    biasᵢ = 1 − κ·βᵢᵗ

Every tensor has the run as its last axis; every coefficient is one number per run.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True)
class Row:
    """Coefficients of the one rule for one optimizer; the defaults are plain SGD."""

    beta1: float = 0.0  # how much of the old direction m is kept
    c1: float = 1.0  # how much of the new gradient enters m
    beta2: float = 0.0  # how much of the old squared gradient v is kept
    c2: float = 0.0  # how much of the new squared gradient enters v
    a: float = 0.0  # how much √v divides the step
    floor: float = 1.0  # added to the divisor, never 0
    kappa: float = 0.0  # 1 corrects both moments for their start at zero
    nu: float = 0.0  # 1 looks ahead along m (Nesterov)
    coupled: float = 0.0  # λ, weight decay added to the gradient
    decoupled: float = 0.0  # λ′, weight decay taken off the parameters
    v0: float = 0.0  # v before the first step


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


@dataclass(frozen=True)
class Coefficients:
    """The rule's numbers at one step, each (runs,): the step-dependent ones are `scale` and `floor`.

    With η′ = η/bias₁: scale = a/(√bias₂·η′) and floor = floor/η′, so θ ← θ − direction/(√v·scale + floor).
    """

    beta1: Tensor | None  # None: no run keeps a direction, m is the gradient
    c1: Tensor
    beta2: Tensor
    c2: Tensor
    nu: Tensor | None
    coupled: Tensor | None
    kept: Tensor | None  # 1 − η·λ′, what decoupled weight decay leaves
    scale: Tensor
    floor: Tensor
    size: Tensor | None  # η′/floor; None: some run divides by √v


@dataclass
class State:
    """The moments m and v, shaped like the parameters, and two buffers of that shape."""

    first: Tensor
    second: Tensor
    direction: Tensor
    divisor: Tensor


class Rule:
    """The rows of many runs as tensors, and the coefficients of each step made from them."""

    def __init__(self, rows: Sequence[Row], rates: Sequence[float], dtype: torch.dtype, device: torch.device):
        self._rows, self._dtype, self._device = rows, dtype, device
        self._rates = torch.tensor(rates, dtype=torch.float64)  # (runs,)
        self._divides = any(r.a for r in rows)
        # where a = 0 no v is kept: an overflowing v must not reach the step as 0·inf
        self._beta2 = self._column([r.beta2 if r.a else 0.0 for r in rows])
        self._c2 = self._column([r.c2 if r.a else 0.0 for r in rows])
        self._beta1 = self._where_any([r.beta1 for r in rows])
        self._c1 = self._column([r.c1 for r in rows])
        self._nu = self._where_any([r.nu for r in rows])
        self._coupled = self._where_any([r.coupled for r in rows])
        lost = self._where_any([r.decoupled * rate for r, rate in zip(rows, rates, strict=True)])
        self._kept = None if lost is None else 1 - lost

    def _column(self, values: Sequence[float]) -> Tensor:
        return torch.tensor(values, dtype=torch.float64).to(self._device, self._dtype)  # (runs,)

    def _where_any(self, values: Sequence[float]) -> Tensor | None:
        return self._column(values) if any(values) else None

    def start(self, parameters: Tensor) -> State:
        """Return the state before the first step for parameters (…, runs)."""
        second = torch.zeros_like(parameters) + self._column([r.v0 if r.a else 0.0 for r in self._rows])
        return State(
            torch.zeros_like(parameters),
            second,
            torch.empty_like(parameters),
            torch.empty_like(parameters),
        )

    def steps(self, first: int, count: int) -> Iterator[Coefficients]:
        """Yield the coefficients of steps first, first + 1, … (counted from 1), `count` of them."""

        def column(name: str) -> Tensor:
            return torch.tensor([getattr(r, name) for r in self._rows], dtype=torch.float64)

        t = torch.arange(first, first + count, dtype=torch.float64).unsqueeze(1)  # (count, 1)
        kappa = column("kappa")
        bias1 = 1 - kappa * column("beta1") ** t  # (count, runs)
        bias2 = 1 - kappa * column("beta2") ** t
        rate = self._rates / bias1
        scale = column("a") / (bias2.sqrt() * rate)
        floor = column("floor") / rate
        tables = [x.to(self._device, self._dtype).unbind(0) for x in (scale, floor, 1 / floor)]
        for scale_t, floor_t, size_t in zip(*tables, strict=True):
            yield Coefficients(
                self._beta1,
                self._c1,
                self._beta2,
                self._c2,
                self._nu,
                self._coupled,
                self._kept,
                scale_t,
                floor_t,
                None if self._divides else size_t,
            )


def update(parameters: Tensor, gradients: Tensor, state: State, now: Coefficients) -> None:
    """Take one step of the rule in place; all tensors (…, runs). `gradients` is used up."""
    g, m, v = gradients, state.first, state.second
    if now.coupled is not None:
        g.addcmul_(now.coupled, parameters)
    if now.beta1 is None:
        torch.mul(g, now.c1, out=m)
    else:
        m.mul_(now.beta1).addcmul_(g, now.c1)
    direction = m
    if now.nu is not None and now.beta1 is not None:
        direction = torch.addcmul(g, m, now.beta1, out=state.direction).sub_(m).mul_(now.nu).add_(m)
    if now.kept is not None:
        parameters.mul_(now.kept)
    if now.size is not None:
        parameters.addcmul_(direction, now.size, value=-1)
        return
    v.mul_(now.beta2).addcmul_(torch.mul(g, now.c2, out=state.divisor), g)
    divisor = torch.addcmul(now.floor, torch.sqrt(v, out=state.divisor), now.scale, out=state.divisor)
    parameters.addcdiv_(direction, divisor, value=-1)
