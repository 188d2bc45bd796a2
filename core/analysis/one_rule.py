"""The reader's own row of the one rule: on the way from one optimizer to another, and whose numbers it has."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.catalogue.optimizers import CUSTOM, METHODS, named
from core.catalogue.row import Row
from core.spec.experiment import Optimizer

#: Shares of the way at which a reader can stop.
STOPS = tuple(i / 10 for i in range(11))
#: Divides by the size of the gradient itself: what is left is its sign.
SIGN = "signSGD"
#: The most that may be added to the gradient's size there.
_TINY = 1e-6
_SIGN_ROW = Row(c2=1.0, a=1.0, floor=1e-10)
_DIGITS = 6
_MEMORIES = ("momentum", "alpha", "beta1", "beta2")

Coefficients = Mapping[str, float]


def row_of(optimizer: Optimizer) -> Row:
    """Return an optimizer's row."""
    return METHODS[optimizer.name].row(optimizer.hyperparameters)


def coefficients(row: Row) -> dict[str, float]:
    """Return a row as the reader's own coefficients; what v starts at is none of them, theirs starts at 0."""
    of = {"weight_decay": row.coupled, "decoupled_weight_decay": row.decoupled}
    names = [h.name for h in METHODS[CUSTOM].hyperparameters]
    return {name: _rounded(of[name] if name in of else getattr(row, name)) for name in names}


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def end(name: str, optimizers: Mapping[str, Optimizer]) -> Row:
    """Return the row at an end of the way: with the hyperparameters of those given, else the usual ones."""
    return _SIGN_ROW if name == SIGN else row_of(optimizers.get(name) or Optimizer(name))


def between(one: Row, other: Row, share: float) -> dict[str, float]:
    """Return the coefficients on the straight way from one row to another.

    Where one of them divides by nothing, its v is free: it has the other's all the way.
    """
    if not one.a:
        one = replace(one, beta2=other.beta2, c2=other.c2)
    if not other.a:
        other = replace(other, beta2=one.beta2, c2=one.c2)
    start, to = coefficients(one), coefficients(other)
    return {name: _rounded((1 - share) * start[name] + share * to[name]) for name in start}


def place(own: Coefficients, one: Row, other: Row) -> float | None:
    """Return the stop on the way at which these coefficients are, None if they are at none."""
    return next((share for share in STOPS if between(one, other, share) == dict(own)), None)


@dataclass(frozen=True)
class Namesake:
    """A method that walks as a row does: its hyperparameters, and how many times its rate that takes."""

    name: str
    hyperparameters: Mapping[str, float]
    times: float


def namesakes(row: Row) -> list[Namesake]:
    """Return the methods whose numbers these are, but for the rate; of several that are alike the plainest."""
    found = [one for name in named() if (one := _namesake(row, name))]
    plain = [one for one in found if not _idle(one)]
    if not plain and (normal := _normal(row)).a and not (normal.beta1 or normal.beta2) and normal.floor <= _TINY:
        return [Namesake(SIGN, {}, _scale(row))]
    return plain or found[:1]


def _idle(one: Namesake) -> bool:
    """Whether a simpler method is the same: a memory that keeps nothing, a decay of nothing."""
    h = one.hyperparameters
    return any(h.get(name) == 0 for name in _MEMORIES) or (one.name == "AdamW" and not h["weight_decay"])


def _namesake(row: Row, name: str) -> Namesake | None:
    """Return the method with the hyperparameters that make it this row, None if none do."""
    method, normal = METHODS[name], _normal(row)
    guess = {
        "momentum": row.beta1,
        "alpha": row.beta2,
        "beta1": row.beta1,
        "beta2": row.beta2,
        "eps": 1e-8,  # for now: below it is taken in proportion to √v
        "weight_decay": row.decoupled if name == "AdamW" else row.coupled,
        "initial_accumulator_value": 0.0,
    }
    h = {one.name: guess[one.name] for one in method.hyperparameters}
    if not all(one.accepts(h[one.name]) for one in method.hyperparameters):
        return None
    made = method.row(h)
    if "eps" in h:
        h["eps"] = _rounded(normal.floor * made.a * math.sqrt(made.c2))
        if not next(one for one in method.hyperparameters if one.name == "eps").accepts(h["eps"]):
            return None
        made = method.row(h)
    times = _scale(row) / _scale(made) if _scale(made) else math.nan
    alike = _close(_normal(made), normal) and math.isfinite(times) and times > 0
    # what is taken off the parameter itself does not grow with the step
    return Namesake(name, h, times) if alike and (not row.decoupled or math.isclose(times, 1)) else None


def _scale(row: Row) -> float:
    """Return how far a row goes beside its normal form."""
    weight = _ahead(row).c1 if not _ahead(row).nu else 1.0
    divisor = row.a * math.sqrt(row.c2) if row.a and row.c2 else row.floor
    return weight / divisor


def _ahead(row: Row) -> Row:
    """Return the row without a look ahead where nothing is remembered: there it only weighs the gradient anew."""
    return row if row.beta1 else replace(row, c1=row.c1 + row.nu * (1 - row.c1), nu=0.0)


def _normal(row: Row) -> Row:
    """Return the row that goes the same way at another rate: gradient and its square weigh 1, and so does √v.

    What such a row does not use has the value it has in plain SGD.
    """
    row = _ahead(row)
    if not (row.a and row.c2):  # v stays 0
        row = replace(row, beta2=0.0, c2=0.0, a=0.0, floor=1.0)
    else:
        row = replace(row, a=1.0, c2=1.0, floor=row.floor / (row.a * math.sqrt(row.c2)))
    if not row.nu:
        row = replace(row, c1=1.0)
    if not (row.beta1 or row.beta2):
        row = replace(row, kappa=0.0)
    return row


def _close(one: Row, other: Row) -> bool:
    return all(
        math.isclose(getattr(one, name), getattr(other, name), rel_tol=1e-5, abs_tol=1e-12)
        for name in one.__dataclass_fields__
    )
