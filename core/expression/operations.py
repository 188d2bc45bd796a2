"""What an own loss is made of: operations on tensors, each with its own rule for the slope, and their bounds.

The rules are those of torch's autograd, at kinks, ties and poles too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

#: The numbers that may stand in an expression, beside 0, by size.
SMALLEST, LARGEST = 1e-6, 1e6
EXPONENT = 10.0  # of a power, by size
LONGEST = 120  # characters
DEEPEST = 20  # operations within one another
SLOW = 12  # passes over the data that a function or a power costs

#: backward(g, out, *arguments): what reaches each argument of g, the slope at the operation's result.
Backward = Callable[..., tuple[Tensor, ...]]


@dataclass(frozen=True)
class Operation:
    """An operation on tensors of one shape, its rule for the slope, and both as PyTorch writes the value."""

    value: Callable[..., Tensor]
    backward: Backward
    code: str  # {0}, {1}, … its arguments, bracketed where `binds` asks for it
    binds: int = 9  # how tightly, as in Python: 1 comparison, 2 sum, 3 product, 4 sign, 5 power, 9 a call


def _none(g: Tensor, *_: Tensor) -> Tensor:
    return torch.zeros_like(g)


def _half_at_ties(g: Tensor, mine: Tensor, other: Tensor, loses: Tensor) -> Tensor:
    return torch.where(mine == other, g / 2, g).masked_fill(loses, 0)


def _compared(by: Callable[[Tensor, Tensor], Tensor], sign: str) -> Operation:
    return Operation(lambda a, b: by(a, b).to(a), lambda g, out, a, b: (_none(g), _none(g)), f"{{0}} {sign} {{1}}", 1)


#: Of one or two arguments, and `where` of three; powers have a constant exponent and stand in `Node`.
OPERATIONS: Mapping[str, Operation] = {
    "+": Operation(torch.add, lambda g, out, a, b: (g, g), "{0} + {1}", 2),
    "-": Operation(torch.sub, lambda g, out, a, b: (g, -g), "{0} - {1}", 2),
    "*": Operation(torch.mul, lambda g, out, a, b: (g * b, g * a), "{0} * {1}", 3),
    "/": Operation(torch.div, lambda g, out, a, b: (g / b, -g * ((a / b) / b)), "{0} / {1}", 3),
    "negative": Operation(torch.neg, lambda g, out, a: (-g,), "-{0}", 4),
    "<": _compared(torch.lt, "<"),
    "<=": _compared(torch.le, "<="),
    ">": _compared(torch.gt, ">"),
    ">=": _compared(torch.ge, ">="),
    "==": _compared(torch.eq, "=="),
    "!=": _compared(torch.ne, "!="),
    "abs": Operation(torch.abs, lambda g, out, a: (g * torch.sgn(a),), "torch.abs({0})"),
    "sqrt": Operation(torch.sqrt, lambda g, out, a: (g / (2 * out),), "torch.sqrt({0})"),
    "exp": Operation(torch.exp, lambda g, out, a: (g * out,), "torch.exp({0})"),
    "log": Operation(torch.log, lambda g, out, a: (g / a,), "torch.log({0})"),
    "tanh": Operation(torch.tanh, lambda g, out, a: (g * (1 - out * out),), "torch.tanh({0})"),
    "cosh": Operation(torch.cosh, lambda g, out, a: (g * torch.sinh(a),), "torch.cosh({0})"),
    "sign": Operation(torch.sign, lambda g, out, a: (_none(g),), "torch.sign({0})"),
    "maximum": Operation(
        torch.maximum,
        lambda g, out, a, b: (_half_at_ties(g, a, b, a < b), _half_at_ties(g, b, a, b < a)),
        "torch.maximum({0}, {1})",
    ),
    "minimum": Operation(
        torch.minimum,
        lambda g, out, a, b: (_half_at_ties(g, a, b, a > b), _half_at_ties(g, b, a, b > a)),
        "torch.minimum({0}, {1})",
    ),
    "where": Operation(
        lambda c, a, b: torch.where(c != 0, a, b),
        lambda g, out, c, a, b: (_none(g), torch.where(c != 0, g, 0), torch.where(c != 0, 0, g)),
        "torch.where({0}, {1}, {2})",
    ),
}
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
#: How many arguments each function takes.
FUNCTIONS: Mapping[str, int] = {
    **dict.fromkeys(("abs", "sqrt", "exp", "log", "tanh", "cosh", "sign"), 1),
    **dict.fromkeys(("maximum", "minimum"), 2),
    "where": 3,
}


def power(exponent: float) -> Operation:
    """Return the power with this exponent."""
    return Operation(
        lambda a: torch.pow(a, exponent),
        lambda g, out, a: (g * (exponent * torch.pow(a, exponent - 1)) if exponent else _none(g),),
        f"{{0}} ** {number_code(exponent)}",
        5,
    )


def number_code(value: float) -> str:
    """Return a constant as PyTorch code."""
    return repr(value).removesuffix(".0") if value else repr(value)  # -0 would be a whole number, which has no sign
