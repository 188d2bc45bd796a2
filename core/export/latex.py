"""The update rule of each optimizer as LaTeX, with symbols or with the current numbers."""

from dataclasses import dataclass

import pandas as pd

from core.catalogue.optimizers import METHODS
from core.catalogue.row import Row
from core.spec.experiment import Optimizer


def _n(value: float) -> str:
    """Return a number as LaTeX: 1e-08 as 10^{-8}."""
    text = f"{value:.6g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa}\cdot {power}"


@dataclass(frozen=True)
class _Symbol:
    """A hyperparameter as LaTeX, where the rows of the rule are made of them instead of numbers."""

    text: str

    def __rsub__(self, one: int) -> "_Symbol":
        return _Symbol(f"({one}-{self.text})")


def _written(coefficient: object) -> str:
    return coefficient.text if isinstance(coefficient, _Symbol) else _n(float(str(coefficient)))


def _times(coefficient: object, what: str) -> str:
    """Return the product as LaTeX, nothing where it is 0."""
    return "" if coefficient == 0 else what if coefficient == 1 else rf"{_written(coefficient)}\, {what}"


def _sum(*parts: str) -> str:
    return " + ".join(filter(None, parts))


def _corrected(moment: str, beta: object, row: Row) -> str:
    return rf"{moment}/(1-{_written(beta)}^t)" if row.kappa else moment


def _step(row: Row) -> str:
    """Return what is walked along, by which it is divided, without the rate."""
    moment = "g" if row.beta1 == 0 and row.c1 == 1 else "m"
    if row.nu:
        moment = f"(g + {_times(row.beta1, 'm')})"
    above = _corrected(moment, row.beta1, row)
    if not row.a:
        return ("" if row.nu else " ") + above
    inside = _corrected("v", row.beta2, row)
    return rf"\frac{{{above}}}{{\sqrt{{{inside}}} + {_written(row.floor)}}}"


def formula(optimizer: Optimizer, rate: float, numbers: bool) -> str:
    """Return the rule as aligned lines, made of the optimizer's row; `rate` is shown where numbers are.

    Weight decay is shown where it is not zero.
    """
    method, h = METHODS[optimizer.name], optimizer.hyperparameters
    shown = {one.name: h[one.name] if numbers else _Symbol(one.symbol or one.name) for one in method.hyperparameters}
    if not h["weight_decay"]:
        shown["weight_decay"] = 0
    row, eta = method.row(shown), _n(rate) if numbers else r"\eta"
    lines = []
    if row.coupled != 0:
        lines.append(rf"g &\leftarrow g + {_written(row.coupled)}\,\theta")
    if row.decoupled != 0:
        lines.append(rf"\theta &\leftarrow (1 - {eta}\cdot {_written(row.decoupled)})\,\theta")
    if row.beta1 != 0 or row.c1 != 1:
        lines.append(rf"m &\leftarrow {_sum(_times(row.beta1, 'm'), _times(row.c1, 'g'))}")
    if row.a != 0:
        lines.append(rf"v &\leftarrow {_sum(_times(row.beta2, 'v'), _times(row.c2, 'g^2'))}")
    lines.append(rf"\theta &\leftarrow \theta - {eta}\,{_step(row)}")
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


#: The one rule behind all of them, weight decay aside; its numbers are those of `coefficients`.
ONE_RULE = (
    r"\begin{gathered}"
    r"m \leftarrow \beta_1\, m + c_1\, g \qquad v \leftarrow \beta_2\, v + c_2\, g^2 \\"
    r"\theta \leftarrow \theta - \frac{\eta}{1-\kappa\,\beta_1^{\,t}}\cdot"
    r"\frac{m + \nu\,(g + \beta_1 m - m)}{a\sqrt{v/(1-\kappa\,\beta_2^{\,t})} + \varepsilon}"
    r"\end{gathered}"
)
#: The rule's symbols, and the names of its coefficients.
_SYMBOLS = {"β₁": "beta1", "c₁": "c1", "β₂": "beta2", "c₂": "c2", "a": "a", "ε": "floor", "κ": "kappa", "ν": "nu"}


def coefficients() -> pd.DataFrame:
    """Return a row for each method at its usual hyperparameters: what stands for each symbol of `ONE_RULE`."""
    rows = {name: METHODS[name].row(Optimizer(name).hyperparameters) for name in METHODS}
    numbers = {name: {s: _plain(getattr(row, c)) for s, c in _SYMBOLS.items()} for name, row in rows.items()}
    return pd.DataFrame.from_dict(numbers, orient="index")


def _plain(value: float) -> str:
    """Return a coefficient as text: 1e-8, 0.1 for 1 − 0.9."""
    text = f"{value:.6g}"
    return text.replace("e-0", "e-")
