"""One step of one coefficient as LaTeX: the optimizer's rule with all its numbers in it."""

from dataclasses import dataclass

from core.catalogue.row import Row


@dataclass(frozen=True)
class Numbers:
    """What a step of a coefficient is made of, and what it comes to; m and v before and after it."""

    step: int  # 1, 2, …
    rate: float
    parameter: float
    gradient: float  # without weight decay
    first: float
    second: float
    new_first: float
    new_second: float
    new_parameter: float


def written(value: float) -> str:
    """Return a number of four digits as LaTeX: 1.235e-05 as 1.235·10⁻⁵."""
    text = f"{value + 0.0:.4g}"  # no −0
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"{mantissa}\!\cdot\!10^{{{int(exponent)}}}"


def _factor(value: float) -> str:
    return f"({written(value)})" if value < 0 or "cdot" in written(value) else written(value)


def _kept(share: float, old: float, weight: float, new: str) -> str:
    """Return share·old + weight·new without what is 0 or 1."""
    added = new if weight == 1 else rf"{written(weight)}\cdot {new}"
    if share == 0:
        return added
    before = _factor(old) if share == 1 else rf"{written(share)}\cdot {_factor(old)}"
    return f"{before} + {added}"


def worked_step(row: Row, given: Numbers) -> str:
    """Return the step as aligned lines; what an optimizer does not use is not written."""
    g = given.gradient + row.coupled * given.parameter
    lines = [rf"g &= {written(given.gradient)}"]
    if row.coupled:
        lines.append(rf"g &\leftarrow g + {written(row.coupled)}\cdot {_factor(given.parameter)} = {written(g)}")
    if row.beta1 or row.c1 != 1:
        into = _kept(row.beta1, given.first, row.c1, _factor(g))
        lines.append(rf"m &\leftarrow {into} = {written(given.new_first)}")
    if row.a:
        into = _kept(row.beta2, given.second, row.c2, rf"({written(g)})^2")
        lines.append(rf"v &\leftarrow {into} = {written(given.new_second)}")
    return r"\begin{aligned}" + r" \\ ".join([*lines, *_moved(row, given, g)]) + r"\end{aligned}"


def _filled(kappa: float, beta: float, step: int) -> str:
    """Return what bias correction divides by."""
    share = "" if kappa == 1 else rf"{written(kappa)}\cdot "
    return rf"(1 - {share}{_factor(beta)}^{{{step}}})"


def _moved(row: Row, given: Numbers, g: float) -> list[str]:
    """Return the lines from both moments to the new coefficient."""
    t, lines = given.step, []
    along, name = given.new_first, "m" if row.beta1 or row.c1 != 1 else "g"
    if row.nu and name == "m":  # else m is g, and so is what is ahead along it
        along, name = along + row.nu * (g + row.beta1 * along - along), "d"
        ahead = rf"g + {written(row.beta1)}\,m" if row.beta1 else "g"
        into = ahead if row.nu == 1 else rf"m + {written(row.nu)}\,({ahead} - m)"
        lines.append(rf"d &= {into} = {written(along)}")
    if row.kappa and row.beta1:
        corrected = rf"{name} / {_filled(row.kappa, row.beta1, t)}"
        along, name = along / (1 - row.kappa * row.beta1**t), rf"\hat {name}"
        lines.append(rf"{name} &= {corrected} = {written(along)}")
    size, root = given.new_second, r"\sqrt{v}"
    if row.a and row.kappa and row.beta2:
        size, root = size / (1 - row.kappa * row.beta2**t), r"\sqrt{\hat v}"
        lines.append(rf"\hat v &= v / {_filled(row.kappa, row.beta2, t)} = {written(size)}")
    by = row.a * size**0.5 + row.floor
    moved = 0.0 - given.rate * along / by - given.rate * row.decoupled * given.parameter
    times = "" if row.a == 1 else rf"{written(row.a)}\,"
    floor = "" if row.floor == 1 else rf" / {_factor(row.floor)}"
    divided = rf" / ({times}{root} + {written(row.floor)})" if row.a else floor
    decay = rf" - {written(given.rate)}\cdot {written(row.decoupled)}\cdot {_factor(given.parameter)}"
    shrunk = decay if row.decoupled else ""
    lines.append(rf"\Delta &= -{written(given.rate)}\cdot {name}{divided}{shrunk} = {written(moved)}")
    plus = f"- {written(-moved)}" if moved < 0 else f"+ {written(moved)}"
    lines.append(rf"\theta &\leftarrow {written(given.parameter)} {plus} = {written(given.new_parameter)}")
    return lines
