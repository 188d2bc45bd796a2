"""What a page's links may hold: the ends of every range and ladder, and random values, as its form tells them."""

import math
import re
from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from core.link.decoding import decode
from core.link.forms import Form, Specs
from core.link.values import Unreadable, write
from core.ui.controls import ladder_of
from tests.strategies import EXPRESSIONS

#: A query: the texts under each name.
Query = dict[str, list[str]]

#: Own losses at the limits of what is read: flat, undefined, steep, negative, as deep and as dear as they come.
EDGES = (
    "0*r*r",
    "r",
    "0*r + 1",
    "log(r)",
    "1/r",
    "1/r**10",
    "r**9",
    "r**10",
    "-r**2",
    "sqrt(r)",
    "r > 0",
    "1000000*r**2",
    "0.000001*r**2",
    "exp(exp(10*abs(r)))",
    "log(-1 - r**2)",
    "where(r == 0, 1/r, r**2)",
    "abs(" * 19 + "r" + ")" * 19,
    "cosh(tanh(" * 9 + "r" + "))" * 9,
)
_RANGE = re.compile(r"([\[(])(\S+), (\S+)([\])])")


@dataclass(frozen=True)
class Range:
    """The numbers a name may have; for an end that is left out the nearest number beside it."""

    low: float
    high: float
    whole: bool

    @property
    def ends(self) -> list[float]:
        """Its least and its greatest; of rates also one too small for float32."""
        return [self.low, *([1e-39] if 0 < self.low < 1e-300 else []), self.high]

    def text(self, value: float) -> str:
        """Return a number as a link writes it."""
        return write(int(value) if self.whole else float(value))[0]

    def texts(self) -> st.SearchStrategy[str]:
        """Return any of its numbers, small ones as likely as large ones, as texts."""
        if self.whole:
            low, high = int(self.low), int(self.high)
            return (st.integers(low, high) | st.integers(low, min(high, low + 20))).map(self.text)
        anywhere = st.floats(self.low, self.high)
        if self.high > 0:
            anywhere |= st.floats(-12, 0).map(lambda power: self.high * 10**power).filter(lambda v: v >= self.low)
        return anywhere.map(self.text)


@cache
def allowed(form: Form, defaults: Specs, name: str) -> Range | tuple[str, ...]:
    """Return what a name may say, which is what a link is told that says something impossible."""
    known = form.names[name]
    impossible = "?" if known.read is str else "-99999999999"
    (problem,) = decode({name: [impossible]}, form, defaults).problems
    if not (found := _RANGE.fullmatch(problem.allowed)):
        return tuple(problem.allowed.split(", "))
    low, high = float(found[2]), float(found[3])
    low = math.nextafter(low, math.inf) if found[1] == "(" else low
    high = math.nextafter(high, -math.inf) if found[4] == ")" else high
    return Range(low, high, not _reads(form, name, "0.5"))


def _reads(form: Form, name: str, text: str) -> bool:
    try:
        form.names[name].read(text)
    except Unreadable:
        return False
    return True


def marks(form: Form, defaults: Specs, name: str) -> list[str]:
    """Return the texts worth trying under a name: all choices, both ends, the whole ladder, special ones."""
    known = form.names[name]
    if name.endswith(".expr"):
        return [*EDGES, *EXPRESSIONS]
    found = allowed(form, defaults, name)
    if isinstance(found, tuple):
        return [*found]
    ladder = ladder_of(name)
    numbers = [v for v in ladder if not isinstance(v, str) and found.low <= v <= found.high]
    return list(dict.fromkeys([*map(found.text, (*found.ends, *numbers)), *known.special]))


def texts(form: Form, defaults: Specs, name: str) -> st.SearchStrategy[str]:
    """Return any text that a name may have, marks as likely as all the rest."""
    tried = st.sampled_from(marks(form, defaults, name))
    found = () if name.endswith(".expr") else allowed(form, defaults, name)
    return tried | found.texts() if isinstance(found, Range) else tried


@st.composite
def queries(draw: st.DrawFn, form: Form, defaults: Specs, most: int = 12) -> Query:
    """Return a query of some names with valid values; how they go together is for the page to say."""
    names = draw(st.lists(st.sampled_from(sorted(form.names)), unique=True, max_size=most))
    return {
        name: draw(
            st.lists(texts(form, defaults, name), min_size=1, max_size=7, unique=True)
            if form.names[name].repeated
            else texts(form, defaults, name).map(lambda text: [text])
        )
        for name in names
    }
