"""The update rule of each optimizer as LaTeX, with symbols or with the current numbers."""

from core.spec import Optimizer


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


#: The one rule behind all of them.
ONE_RULE = (
    r"\begin{aligned}"
    r"m &\leftarrow \beta_1 m + c_1\, g \qquad v \leftarrow \beta_2 v + c_2\, g^2 \\"
    r"\theta &\leftarrow \theta - \frac{\eta}{\text{bias}_1}\cdot"
    r"\frac{m}{a\sqrt{v/\text{bias}_2} + \text{floor}}"
    r"\end{aligned}"
)
