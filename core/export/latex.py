"""The update rule of each optimizer as LaTeX, with symbols or with the current numbers."""

from collections.abc import Mapping, Sequence
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
    if not row.kappa or beta == 0:
        return moment
    share = "" if row.kappa == 1 else _written(row.kappa) + (r"\," if isinstance(row.kappa, _Symbol) else r"\cdot ")
    base = _written(beta)
    power = f"({base})^t" if "10^" in base else f"{base}^t"  # of a power there is none in LaTeX
    return f"{moment}/(1-{share}{power})"


def _hats(row: Row) -> dict[str, str]:
    """Return the moments that are corrected on lines of their own: what each is before, by its name after."""
    pairs = (("m", row.beta1, not row.nu), ("v", row.beta2, row.a != 0))
    return {rf"\hat {n}": _corrected(n, beta, row) for n, beta, used in pairs if used and _corrected(n, beta, row) != n}


def _step(row: Row, hats: Mapping[str, str]) -> str:
    """Return what is walked along, by which it is divided, without the rate."""
    moment = "m"
    if row.beta1 == 0 and 1 in (row.c1, row.nu):  # m is g, or only what is ahead along it counts
        moment = "g"
    elif row.nu == 1:
        moment = f"({_sum('g', _times(row.beta1, 'm'))})"
    elif row.nu:
        moment = rf"(m + {_written(row.nu)}\,({_sum('g', _times(row.beta1, 'm'))} - m))"
    above = r"\hat m" if r"\hat m" in hats else _corrected(moment, row.beta1, row)
    if row.a == 0 and row.floor == 1:
        return ("" if above.startswith("(") else " ") + above
    inside = r"\hat v" if r"\hat v" in hats else _corrected("v", row.beta2, row)
    below = _sum(_times(row.a, rf"\sqrt{{{inside}}}"), _written(row.floor))
    return rf"\frac{{{above}}}{{{below}}}"


def formula(optimizer: Optimizer, rate: float, numbers: bool, *, narrow: bool = False) -> str:
    """Return the rule as aligned lines, made of the optimizer's row; `rate` is shown where numbers are.

    Weight decay is shown where it is not zero; bias correction has lines of its own where the rule is to be `narrow`.
    """
    method, h = METHODS[optimizer.name], optimizer.hyperparameters
    shown = {one.name: h[one.name] if numbers else _Symbol(one.symbol or one.name) for one in method.hyperparameters}
    for name in ("weight_decay", "decoupled_weight_decay"):
        if name in shown and not h[name]:
            shown[name] = 0
    row, eta = method.row(shown), _n(rate) if numbers else r"\eta"
    lines = []
    if row.coupled != 0:
        lines.append(rf"g &\leftarrow g + {_written(row.coupled)}\,\theta")
    if row.decoupled != 0:
        lines.append(rf"\theta &\leftarrow (1 - {eta}\cdot {_written(row.decoupled)})\,\theta")
    if row.beta1 != 0 or row.c1 != 1:
        lines.append(rf"m &\leftarrow {_sum(_times(row.beta1, 'm'), _times(row.c1, 'g')) or 0}")
    if row.a != 0:
        lines.append(rf"v &\leftarrow {_sum(_times(row.beta2, 'v'), _times(row.c2, 'g^2')) or 0}")
    hats = _hats(row) if narrow else {}
    lines += [f"{name} &= {before}" for name, before in hats.items()]
    lines.append(rf"\theta &\leftarrow \theta - {eta}\,{_step(row, hats)}")
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
#: Those that are 0 for most.
_RARE = {"v₀": "v0", "λ": "coupled", "λ′": "decoupled"}


def coefficients(optimizers: Sequence[Optimizer]) -> pd.DataFrame:
    """Return a row for each optimizer: what stands for each symbol of `ONE_RULE`, and v₀ and decays if any has some."""
    rows = {o.name: METHODS[o.name].row(o.hyperparameters) for o in optimizers}
    symbols = _SYMBOLS | {s: c for s, c in _RARE.items() if any(getattr(row, c) for row in rows.values())}
    numbers = {name: {s: _plain(getattr(row, c)) for s, c in symbols.items()} for name, row in rows.items()}
    return pd.DataFrame.from_dict(numbers, orient="index")


def _plain(value: float) -> str:
    """Return a coefficient as text: 1e-8, 0.1 for 1 − 0.9."""
    text = f"{value:.6g}"
    return text.replace("e-0", "e-")
