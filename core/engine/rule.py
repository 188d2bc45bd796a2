"""One update rule whose coefficients make each optimizer. It moves any parameters and knows no network.

    g ← g + λ·θ                                   (weight decay, where it is coupled)
    m ← β₁·m + c₁·g            v ← β₂·v + c₂·g²
    θ ← (1 − η·λ′)·θ − η/bias₁ · (m + ν·(g + β₁·m − m)) / (a·√(v/bias₂) + floor)
    biasᵢ = 1 − κ·βᵢᵗ

Every coefficient is one number per run, and the run is the last axis of every tensor; a network's parameters
have it first. What is left out where no run needs it changes no number of the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core.catalogue.row import Row

#: Steps whose powers are taken at once, and numbers of all runs that are made of them at once.
_STEPS, _AT_ONCE = 1000, 100_000


class Coefficients(NamedTuple):
    """The rule's numbers at one step, for every run: the step-dependent ones are `scale` and `floor`.

    With η′ = η/bias₁: scale = a/(√bias₂·η′) and floor = floor/η′, so θ ← θ − direction/(√v·scale + floor).
    """

    beta1: Tensor | None  # None: no run keeps a direction, m is the gradient
    c1: Tensor
    beta2: Tensor
    c2: Tensor
    nu: Tensor | None
    coupled: Tensor | None
    kept: Tensor | None  # 1 − η·λ′, what decoupled weight decay leaves
    scale: Tensor | None  # None: no run divides by √v
    floor: Tensor


@dataclass
class State:
    """The moments m and v, shaped like the parameters, and two buffers of that shape."""

    first: Tensor
    second: Tensor
    direction: Tensor
    divisor: Tensor


class Rule:
    """The rows of many runs as tensors, and the coefficients of each step made from them.

    With `size` they move parameters (runs, size), else any with the run as their last axis.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        rates: Sequence[float],
        dtype: torch.dtype,
        device: torch.device,
        size: int | None = None,
    ):
        self._dtype, self._device, self._size = dtype, device, size
        self._rows = tuple(dict.fromkeys(rows))  # each once: equal rows have equal biases
        place = {row: i for i, row in enumerate(self._rows)}
        self._row_of = torch.tensor([place[r] for r in rows])  # (runs,)
        # a denormal rate may be flushed to 0 where 1/η is taken; one below 0 climbs
        given = torch.tensor(rates, dtype=torch.float64)  # (runs,)
        self._rates = given.abs().clamp_(min=torch.finfo(torch.float64).tiny).copysign_(given)
        self._divides = any(r.a for r in rows)
        # where a = 0 no v is kept: an overflowing v must not reach the step as 0·inf
        self._beta2 = self._column([r.beta2 if r.a else 0.0 for r in rows])
        self._c2 = self._column([r.c2 if r.a else 0.0 for r in rows])
        self._v0 = self._column([r.v0 if r.a else 0.0 for r in rows])
        # who looks ahead needs β₁ even where it is 0
        self._beta1 = self._column([r.beta1 for r in rows]) if any(r.beta1 or r.nu for r in rows) else None
        self._c1 = self._column([r.c1 for r in rows])
        self._nu = self._where_any([r.nu for r in rows])
        self._coupled = self._where_any([r.coupled for r in rows])
        lost = self._where_any([r.decoupled * rate for r, rate in zip(rows, rates, strict=True)])
        self._kept = None if lost is None else 1 - lost

    def _column(self, values: Sequence[float]) -> Tensor:
        column = torch.tensor(values, dtype=torch.float64).to(self._device, self._dtype)  # (runs,)
        # spread out, because torch multiplies and adds in one pass quickly only where nothing is broadcast
        return column if self._size is None else column.unsqueeze(1).repeat(1, self._size)

    def _where_any(self, values: Sequence[float]) -> Tensor | None:
        return self._column(values) if any(values) else None

    def start(self, parameters: Tensor) -> State:
        """Return the state before the first step for these parameters."""
        second = torch.zeros_like(parameters) + self._v0
        return State(
            torch.zeros_like(parameters),
            second,
            torch.empty_like(parameters),
            torch.empty_like(parameters),
        )

    def steps(self, first: int, count: int) -> Iterator[Coefficients]:
        """Yield the coefficients of steps first, first + 1, … (counted from 1), `count` of them."""
        for t in torch.arange(first, first + count, dtype=torch.float64).split(_STEPS):
            yield from self._at(t)

    def _at(self, t: Tensor) -> Iterator[Coefficients]:
        # a row at a time, so that a power is taken by the same code whatever other rows there are
        bias1, bias2 = (
            torch.stack([1 - r.kappa * getattr(r, beta) ** t for r in self._rows], 1) for beta in ("beta1", "beta2")
        )  # (count, rows)
        a, floors = (
            torch.tensor([getattr(r, name) for r in self._rows], dtype=torch.float64) for name in ("a", "floor")
        )
        at_once = max(1, _AT_ONCE // len(self._row_of))
        parts = zip((a * bias1 / bias2.sqrt()).split(at_once), (floors * bias1).split(at_once), strict=True)
        before = (self._beta1, self._c1, self._beta2, self._c2, self._nu, self._coupled, self._kept)
        for scales, bounds in parts:
            for scale, floor in zip(self._table(scales), self._table(bounds), strict=True):
                yield Coefficients(*before, scale if self._divides else None, floor)

    def _table(self, by_row: Tensor) -> Sequence[Tensor]:
        """Return what each run divides by, from (steps, rows): one tensor a step."""
        # 1/η of the smallest rates overflows; what it divides by is then as large as can be
        most = torch.finfo(self._dtype).max / 16
        x = (by_row[:, self._row_of] / self._rates).clamp_(-most, most)  # (steps, runs)
        x = x.to(self._device, self._dtype)
        return (x if self._size is None else x.unsqueeze(2)).unbind(0)


def update(parameters: Tensor, gradients: Tensor, state: State, now: Coefficients) -> None:
    """Take one step of the rule in place; all tensors shaped like the parameters. `gradients` is used up."""
    g, m, v = gradients, state.first, state.second
    if now.coupled is not None:
        g.addcmul_(now.coupled, parameters)
    if now.beta1 is None:
        torch.mul(g, now.c1, out=m)
    else:
        m.mul_(now.beta1).addcmul_(g, now.c1)
    direction = m
    if now.nu is not None and now.beta1 is not None:  # both or none
        direction = torch.addcmul(g, m, now.beta1, out=state.direction).sub_(m).mul_(now.nu).add_(m)
    if now.kept is not None:
        parameters.mul_(now.kept)
    if now.scale is None:
        parameters.sub_(torch.div(direction, now.floor, out=state.divisor))
        return
    v.mul_(now.beta2).addcmul_(torch.mul(g, now.c2, out=state.divisor), g)
    root = torch.rsqrt(v, out=state.divisor).reciprocal_()  # sqrt itself is slow on zeros, which unused v are
    parameters.addcdiv_(direction, root.mul_(now.scale).add_(now.floor), value=-1)
