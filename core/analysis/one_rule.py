"""The reader's own row of the one rule: on the way from one optimizer to another, and whose numbers it has."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

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
    """Return a row as the reader's own coefficients."""
    of = {"weight_decay": row.coupled, "decoupled_weight_decay": row.decoupled}
    names = [h.name for h in METHODS[CUSTOM].hyperparameters]
    return {name: _rounded(of[name] if name in of else getattr(row, name)) for name in names}


def _rounded(value: float) -> float:
    found = float(f"{value:.{_DIGITS}g}")
    return value if found == 1 else found  # a memory that is all but full must not become one that never forgets


def end(name: str, optimizers: Mapping[str, Optimizer]) -> Row:
    """Return the row at an end of the way: with the hyperparameters of those given, else the usual ones."""
    return _SIGN_ROW if name == SIGN else row_of(optimizers.get(name) or Optimizer(name))


def between(one: Row, other: Row, share: float) -> dict[str, float]:
    """Return the coefficients on the straight way from one row to another.

    Where one of them divides by nothing, its v is free: it has the other's all the way.
    """
    if not one.a:
        one = replace(one, beta2=other.beta2, c2=other.c2, v0=other.v0)
    if not other.a:
        other = replace(other, beta2=one.beta2, c2=one.c2, v0=one.v0)
    start, to = coefficients(one), coefficients(other)
    return {name: _rounded((1 - share) * start[name] + share * to[name]) for name in start}


def place(own: Coefficients, one: Row, other: Row, last: float | None = None) -> float | None:
    """Return the stop on the way at which these coefficients are, None if they are at none.

    Where they are at several, the ends being alike, it is the `last` one.
    """
    stops = STOPS if last is None else (last, *STOPS)
    return next((share for share in stops if between(one, other, share) == dict(own)), None)


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
    return [Namesake(SIGN, {}, _scale(row))] if not plain and _is_sign(row) else plain or found[:1]


def _is_sign(row: Row) -> bool:
    """Whether nothing is left of the gradient but its sign."""
    normal = _normal(row)
    decays, memories = normal.coupled or normal.decoupled, normal.beta1 or normal.beta2
    return bool(normal.a) and not (decays or memories) and normal.floor <= _TINY and _scale(row) > 0


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
        "weight_decay": row.decoupled if name == "AdamW" else normal.coupled,
        "initial_accumulator_value": normal.v0,
    }
    h = {one.name: guess[one.name] for one in method.hyperparameters}
    if not all(one.accepts(h[one.name]) for one in method.hyperparameters):
        return None
    made = method.row(h)
    times = _scale(row) / _scale(made)
    if times <= 0:
        return None
    if "eps" in h:  # torch takes any above 0
        h["eps"] = _rounded(normal.floor * made.a * math.sqrt(made.c2))
    if made.decoupled:  # what is taken off the parameter itself does not grow with the step
        h["weight_decay"] = _rounded(row.decoupled / times)
    made = method.row(h)
    alike = _close(_normal(made), normal) and math.isclose(made.decoupled * times, normal.decoupled, rel_tol=1e-5)
    return Namesake(name, h, times) if alike else None


def _scale(row: Row) -> float:
    """Return how far a row goes beside its normal form."""
    row = _plainer(row)
    weight = 1.0 if row.nu else row.c1
    divisor = row.a * math.sqrt(row.c2) if row.a and row.c2 else row.floor
    return weight / divisor


def _plainer(row: Row) -> Row:
    """Return a row that walks the same and uses less."""
    if not row.c1:  # m stays 0: only a look ahead, if any, sees the gradient
        row = replace(row, beta1=0.0)
    if not row.beta1:  # a look ahead only weighs the gradient anew
        row = replace(row, c1=row.c1 + row.nu * (1 - row.c1), nu=0.0)
    if row.beta2 == 1 and not row.beta1 and row.kappa < 1:  # 1 − κβᵗ is then one number
        filled = 1 - row.kappa
        row = replace(row, c2=row.c2 / filled, v0=row.v0 / filled, kappa=0.0)
    return row


def _normal(row: Row) -> Row:
    """Return the row that goes the same way at another rate: gradient and its square weigh 1, and so does √v.

    What such a row does not use has the value it has in plain SGD.
    """
    scale, row = _scale(row), _plainer(row)
    if not (row.a and row.c2):  # nothing is divided by v, or v knows no gradient
        row = replace(row, beta2=0.0, c2=0.0, v0=0.0, a=0.0, floor=1.0)
    else:
        row = replace(row, a=1.0, c2=1.0, v0=row.v0 / row.c2, floor=row.floor / (row.a * math.sqrt(row.c2)))
    if not row.nu:
        row = replace(row, c1=1.0)
    if not (row.beta1 or row.beta2):
        row = replace(row, kappa=0.0)
    if not (row.beta1 or row.a) and scale:  # nothing stands between the gradient and the step: both decays are one
        row = replace(row, coupled=row.coupled + row.decoupled / scale, decoupled=0.0)
    return row


def _close(one: Row, other: Row) -> bool:
    return all(
        math.isclose(getattr(one, name), getattr(other, name), rel_tol=1e-5, abs_tol=1e-12)
        for name in (field.name for field in fields(Row))
        if name != "decoupled"
    )
