"""The update rule of each optimizer as LaTeX, with symbols or with the current numbers."""

import pandas as pd

from core.catalogue.optimizers import METHODS
from core.spec.experiment import Optimizer


def _n(value: float) -> str:
    """Return a number as LaTeX: 1e-08 as 10^{-8}."""
    text = f"{value:.6g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa}\cdot {power}"


def formula(optimizer: Optimizer, rate: float, numbers: bool) -> str:
    """Return the rule as aligned lines; `rate` is the learning rate where numbers are shown.

    Weight decay is shown where it is not zero.
    """
    h = optimizer.hyperparameters
    symbols = {"momentum": r"\mu", "alpha": r"\alpha", "beta1": r"\beta_1", "beta2": r"\beta_2"}
    symbols |= {"eps": r"\varepsilon", "weight_decay": r"\lambda"}
    s = {name: _n(value) if numbers else symbols.get(name, name) for name, value in h.items()}
    eta = _n(rate) if numbers else r"\eta"

    def rest(name: str) -> str:
        return _n(1 - h[name]) if numbers else f"(1-{symbols[name]})"

    decay = h["weight_decay"] > 0
    lines = [rf"g &\leftarrow g + {s['weight_decay']}\,\theta"] if decay and optimizer.name != "AdamW" else []
    match optimizer.name:
        case "SGD":
            lines += [rf"\theta &\leftarrow \theta - {eta}\, g"]
        case "Momentum":
            lines += [rf"m &\leftarrow {s['momentum']}\, m + g", rf"\theta &\leftarrow \theta - {eta}\, m"]
        case "Nesterov":
            lines += [
                rf"m &\leftarrow {s['momentum']}\, m + g",
                rf"\theta &\leftarrow \theta - {eta}\,(g + {s['momentum']}\, m)",
            ]
        case "Adagrad":
            lines += [
                r"v &\leftarrow v + g^2",
                rf"\theta &\leftarrow \theta - {eta}\,\frac{{g}}{{\sqrt{{v}} + {s['eps']}}}",
            ]
        case "RMSprop":
            lines += [
                rf"v &\leftarrow {s['alpha']}\, v + {rest('alpha')}\, g^2",
                rf"\theta &\leftarrow \theta - {eta}\,\frac{{g}}{{\sqrt{{v}} + {s['eps']}}}",
            ]
        case _:
            if decay and optimizer.name == "AdamW":
                lines += [rf"\theta &\leftarrow (1 - {eta}\cdot {s['weight_decay']})\,\theta"]
            lines += [
                rf"m &\leftarrow {s['beta1']}\, m + {rest('beta1')}\, g",
                rf"v &\leftarrow {s['beta2']}\, v + {rest('beta2')}\, g^2",
                rf"\theta &\leftarrow \theta - {eta}\,"
                rf"\frac{{m/(1-{s['beta1']}^t)}}{{\sqrt{{v/(1-{s['beta2']}^t)}} + {s['eps']}}}",
            ]
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
