"""Text -> expression: an own tokenizer and parser, which know a few signs and names and refuse all else.

Nothing is ever handed to Python. Precedence is Python's: comparison, sum, product, sign, power.
"""

import math
import re
from functools import lru_cache
from typing import NamedTuple

import torch

from core.expression.operations import COMPARISONS, DEEPEST, EXPONENT, FUNCTIONS, LARGEST, LONGEST, SMALLEST
from core.expression.tree import Expression, Node

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/<>(),])"
)


class Refused(ValueError):
    """Why a text is no loss: the reason, its place (the character, from 1), and what would be allowed."""

    def __init__(self, reason: str, place: int, allowed: str = "") -> None:
        super().__init__(f"expression refused at character {place}: {reason} {allowed}".rstrip())
        self.reason, self.place, self.allowed = reason, place, allowed


class Token(NamedTuple):
    """A number, a name, a sign, or the end, and where it stands."""

    kind: str
    text: str
    place: int


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, the end last; raise Refused at a sign that means nothing."""
    found, at = [], 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if text[at] == "^":
            raise Refused("caret", at + 1)
        if match is None:
            raise Refused("character", at + 1)
        found.append(Token(match.lastgroup or "", match.group(), at + 1))
        at = match.end()
    return [*found, Token("end", "", len(text) + 1)]


@lru_cache(maxsize=1024)
def parse(text: str) -> Expression:
    """Return the expression that a text writes; raise Refused with the place and the reason."""
    if len(text) > LONGEST:
        raise Refused("long", LONGEST + 1, str(LONGEST))
    if not text.strip():
        raise Refused("empty", 1)
    tree = _Parser(tokens(text)).whole()
    if not tree.has_r:
        raise Refused("no_r", 1)
    return Expression(text, tree)


def readable(text: str) -> bool:
    """Return whether a text writes an expression."""
    try:
        parse(text)
    except Refused:
        return False
    return True


class _Parser:
    """Reads tokens from left to right; one method for each level of precedence."""

    def __init__(self, found: list[Token]):
        self.tokens, self.at, self.open = found, 0, 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.now
        self.at += 1
        return token

    def whole(self) -> Node:
        tree = self.comparison()
        if self.now.kind != "end":
            raise Refused("after", self.now.place)
        return tree

    def comparison(self) -> Node:
        self.open += 1
        if self.open > DEEPEST:
            raise Refused("deep", self.now.place, str(DEEPEST))
        left = self.sum()
        if self.now.text in COMPARISONS:
            sign = self.take()
            left = self.node(sign, left, self.sum())
            if self.now.text in COMPARISONS:
                raise Refused("chain", self.now.place)
        self.open -= 1
        return left

    def sum(self) -> Node:
        left = self.product()
        while self.now.text in ("+", "-"):
            left = self.node(self.take(), left, self.product())
        return left

    def product(self) -> Node:
        left = self.signed()
        while self.now.text in ("*", "/"):
            left = self.node(self.take(), left, self.signed())
        return left

    def signed(self) -> Node:
        signs = []
        while self.now.text in ("+", "-"):
            signs.append(self.take())
        node = self.power()
        for sign in reversed(signs):
            if sign.text == "-":
                node = self.node(sign._replace(text="negative"), node)
        return node

    def power(self) -> Node:
        base = self.atom()
        if self.now.text != "**":
            return base
        sign = self.take()
        place = self.now.place
        exponent = self.signed()
        if exponent.number is None or exponent.name or abs(exponent.number) > EXPONENT:
            raise Refused("exponent", place, f"{EXPONENT:g}")
        return self.node(sign, base, exponent=exponent.number)

    def atom(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self.constant(float(token.text), token)
        if token.kind == "name":
            return self.name(token)
        if token.text == "(":
            inside = self.comparison()
            self.close()
            return inside
        raise Refused("missing", token.place)

    def name(self, token: Token) -> Node:
        if token.text == "r":
            return Node()
        wanted = FUNCTIONS.get(token.text)
        if wanted is None:
            raise Refused("name", token.place, ", ".join(["r", *FUNCTIONS]))
        if self.now.text != "(":
            raise Refused("call", self.now.place)
        self.take()
        given = [self.comparison()]
        while self.now.text == ",":
            self.take()
            given.append(self.comparison())
        if len(given) != wanted:
            raise Refused("arguments", token.place, str(wanted))
        self.close()
        return self.node(token, *given)

    def close(self) -> None:
        if self.now.text != ")":
            raise Refused("close", self.now.place)
        self.take()

    def node(self, token: Token, *arguments: Node, exponent: float | None = None) -> Node:
        """Return the operation, or what it comes to: a constant of constants, the branch of a fixed condition."""
        if token.text == "where" and not arguments[0].has_r:
            return arguments[1] if arguments[0].number else arguments[2]
        node = Node(token.text, arguments, exponent)
        if node.depth > DEEPEST:
            raise Refused("deep", token.place, str(DEEPEST))
        if node.has_r:
            return node
        return self.constant(float(node.value(torch.zeros((), dtype=torch.float64))), token)

    def constant(self, number: float, token: Token) -> Node:
        if not math.isfinite(number) or (number and not SMALLEST <= abs(number) <= LARGEST):
            raise Refused("constant", token.place, f"{SMALLEST:g} … {LARGEST:g}")
        return Node(number=number)
