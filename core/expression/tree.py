"""A loss as an expression in the residual r: a tree of operations, its value, its slope, and itself as PyTorch.

The slope runs backwards through the tree, by the rules of the operations.
"""

import functools
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor, nn

from core.expression.operations import COMPARISONS, FUNCTIONS, OPERATIONS, SLOW, Operation, number_code, power


@dataclass(frozen=True)
class Node:
    """A place in the tree: a constant, the residual (no name, no number), or an operation on other nodes."""

    name: str = ""
    arguments: tuple["Node", ...] = ()
    number: float | None = None  # the constant, or a power's exponent
    has_r: bool = field(init=False)
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        inner = [a.depth for a in self.arguments]
        object.__setattr__(self, "depth", 1 + max(inner, default=-1))
        residual = not self.name and self.number is None
        object.__setattr__(self, "has_r", residual or any(a.has_r for a in self.arguments))

    @cached_property
    def operation(self) -> Operation:
        """Its operation; a constant and the residual have none."""
        return power(self.number) if self.name == "**" and self.number is not None else OPERATIONS[self.name]

    @property
    def cost(self) -> int:
        """What it takes for each residual, in passes over the data; its buffers are not reused."""
        own = 0 if not self.name else SLOW if self.name == "**" or self.name in FUNCTIONS else 2
        return own + sum(a.cost for a in self.arguments)

    @cached_property
    def ways(self) -> tuple[int, ...]:
        """The arguments through which autograd finds back to the residual: none of a comparison."""
        if self.name in COMPARISONS:
            return ()
        first = 1 if self.name == "where" else 0
        return tuple(i for i, a in enumerate(self.arguments) if i >= first and a.attached)

    @property
    def attached(self) -> bool:
        """Whether autograd finds a way from it back to the residual."""
        return bool(self.ways) if self.name else self.has_r

    def value(self, r: Tensor) -> Tensor:
        """Return the value at r; of a constant one number, else r's shape."""
        if self.name:
            return self.operation.value(*(a.value(r) for a in self.arguments))
        return r if self.number is None else r.new_tensor(self.number)

    def trace(self, r: Tensor) -> "Trace":
        """Return what an evaluation at r leaves for the way back."""
        if not self.attached or not self.name:
            return Trace(self, self.value(r))
        parts = tuple(a.trace(r) for a in self.arguments)
        return Trace(self, self.operation.value(*(p.value for p in parts)), parts)

    def code(self, top: bool = False) -> str:
        """Return it as PyTorch; a comparison is a number unless it stands at the top of `where`."""
        if not self.name:
            return "r" if self.number is None else number_code(self.number)
        return _code(self, top)


class Trace(NamedTuple):
    """A node, its value, and the traces of its arguments."""

    node: Node
    value: Tensor
    parts: tuple["Trace", ...] = ()

    def back(self, g: Tensor, reached: list[Tensor]) -> None:
        """Add to `reached` all that comes to r of g, the slope at this node.

        In the order of torch's autograd, later arguments first: sums that nearly cancel are then rounded alike.
        """
        slopes = self.node.operation.backward(g, self.value, *(p.value for p in self.parts))
        ways = self.node.ways
        reached += [slopes[i] for i in ways if not self.parts[i].node.name]
        for i in reversed(ways):
            if self.parts[i].node.name:
                self.parts[i].back(slopes[i], reached)


def _code(node: Node, condition: bool) -> str:
    arguments = node.arguments
    if node.name == "where":
        test, *branches = arguments
        asked = test.code(top=True) if test.name in COMPARISONS else f"{_bracketed(test, 2)} != 0"
        return node.operation.code.format(asked, *map(_as_tensor, branches))
    if node.name in ("maximum", "minimum"):
        return node.operation.code.format(*map(_as_tensor, arguments))
    if node.name in FUNCTIONS:
        return node.operation.code.format(*(a.code() for a in arguments))
    binds = node.operation.binds
    first = binds + 1 if binds in (1, 5) else binds
    parts = [_bracketed(a, first if i == 0 else binds + 1) for i, a in enumerate(arguments)]
    code = node.operation.code.format(*parts)
    return f"({code}).to(r)" if node.name in COMPARISONS and not condition else code


def _as_tensor(node: Node) -> str:
    return node.code() if node.has_r else f"r.new_tensor({node.code()})"


def _bracketed(node: Node, at_least: int) -> str:
    """Return the code in brackets unless it binds at least so tightly."""
    negative = node.number is not None and not node.name and node.number < 0
    binds = 4 if negative else 9 if not node.name or node.name in COMPARISONS else node.operation.binds
    return node.code() if binds >= at_least else f"({node.code()})"


@dataclass(frozen=True)
class Expression:
    """A loss of the residual; `core.expression.parser.parse` makes it from a text."""

    text: str
    tree: Node

    @cached_property
    def cost(self) -> int:
        """What it takes for each residual, in passes over the data."""
        return self.tree.cost

    def value(self, r: Tensor) -> Tensor:
        """Return the loss of every residual; autograd can follow it back to r."""
        value = self.tree.value(r)
        return value if self.tree.attached else value + 0 * r

    def slope(self, r: Tensor) -> Tensor:
        """Return the derivative of the loss at every residual, by the tree's own rules."""
        one = torch.ones_like(r)
        if not self.tree.name:
            return one
        reached: list[Tensor] = []
        if self.tree.attached:
            self.tree.trace(r).back(one, reached)
        return functools.reduce(torch.add, reached) if reached else torch.zeros_like(r)

    @property
    def code(self) -> str:
        """The value as PyTorch, of a tensor r."""
        return self.tree.code() + ("" if self.tree.attached else " + 0 * r")


class OwnLoss(nn.Module):
    """mean(expression(prediction − y))."""

    def __init__(self, expression: Expression):
        super().__init__()
        self.expression = expression

    def forward(self, prediction: Tensor, y: Tensor) -> Tensor:
        """Return the mean over all entries."""
        return self.expression.value(prediction - y).mean()
