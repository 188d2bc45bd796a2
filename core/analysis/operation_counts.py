"""How many operations a formula takes: what a computer does for every number it is given."""

import ast
from dataclasses import dataclass

#: Operations that take a computer a series of the others.
_LONG = frozenset({"exp", "erf", "tanh", "log"})


@dataclass(frozen=True)
class Operations:
    """Operations on numbers that are not known beforehand; `long` are the exponentials and their like among them."""

    all: int
    long: int


def operations(code: str) -> Operations:
    """Return what Python code of assignments and a last expression takes; constants are worked out beforehand.

    A sign is no operation of its own: it comes with the one it stands in.
    """
    found = [node for node in ast.walk(ast.parse(code)) if _counts(node)]
    calls = [node.func.id for node in found if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return Operations(len(found), sum(name in _LONG for name in calls))


def _counts(node: ast.AST) -> bool:
    if not isinstance(node, (ast.BinOp, ast.Compare, ast.Call)):
        return False
    functions = {call.func for call in ast.walk(node) if isinstance(call, ast.Call)}
    return any(isinstance(n, ast.Name) and n not in functions and n.id != "pi" for n in ast.walk(node))
