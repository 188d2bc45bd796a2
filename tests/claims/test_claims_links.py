"""What a link and an own loss that cannot be used are told, checked on ones that have just that wrong with them."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qs

import pytest
import torch

from core.expression.operations import DEEPEST, FUNCTIONS, LONGEST
from core.expression.parser import Refused, parse
from core.link.decoding import decode
from core.link.forms import EXPERIMENT, MAX_VALUES, form
from core.link.values import Name, number
from core.spec.experiment import Experiment
from core.spec.view import View
from core.text import Text, entries

ENGLISH = Text("en")
PAGE = (Experiment(), View())


@dataclass(frozen=True)
class Ends:
    """A spec whose values have to fit each other, as those of no page do today."""

    low: float = 0.0
    high: float = 1.0

    def __post_init__(self):
        if not -9 <= self.low < self.high <= 9:
            raise ValueError(f"low={self.low} is not below high={self.high}")


ENDS = replace(form(Ends, {n: Name(number, n) for n in ("low", "high")}), roomy={"low": 0.0, "high": 9.0})
#: A text for each reason, and the character where it goes wrong.
REFUSED = {
    "empty": ("  ", 1),
    "long": ("r" + " + r" * 30, LONGEST + 1),
    "character": ("r + r@2", 6),
    "caret": ("r^2", 2),
    "name": ("abs(x)", 5),
    "call": ("abs r", 5),
    "arguments": ("r + maximum(r)", 5),
    "close": ("(r + 1", 7),
    "missing": ("r * (2 + )", 10),
    "after": ("2 r", 3),
    "chain": ("0 < r < 1", 7),
    "constant": ("r + 1/0", 6),
    "exponent": ("2**r", 4),
    "deep": ("(" * (DEEPEST + 1) + "r" + ")" * (DEEPEST + 1), DEEPEST + 1),
    "no_r": ("1 + 2", 1),
}
#: A link for each reason: its query, and what is said of it. Two are checked where pages are told apart.
PROBLEMS = {
    "unknown": ("foo=1", "foo=1: this page knows no such name"),
    "number": ("noise=0x1", "noise=0x1: not a plain number such as 0.01 or 1e-8"),
    "whole": ("n=10.5", "n=10.5: not a whole number"),
    "range": ("n=9000", "n=9000: outside [8, 5000]"),
    "choice": ("scale=x", "scale=x: not one of: linear, log"),
    "repeat": ("n=9&n=10", "n=9, 10: given more than once"),
    "long": ("n=" + "9" * 41, "n=" + "9" * 39 + "…: longer than 40 characters"),
    "too_many": (
        "&".join(f"lr={i / 100}" for i in range(1, MAX_VALUES + 2)),
        f"more than {MAX_VALUES} values; the first {MAX_VALUES} are read",
    ),
    "version": ("v=2", "v=2: not a version that is known here; read as version 1"),
    "together": ("low=3", "low=3: does not fit the other values"),
    "budget": ("seeds=400&n=5000&width=128&epochs=100", "more computing than one link may ask for"),
    "rest": ("&".join(f"x{i}=1" for i in range(60)), " more"),
}


def refused(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(text)
    return caught.value


def test_an_own_loss_is_refused_for_the_reason_named():
    keys = {k.removeprefix("link.reason.expression.") for k in entries("en") if k.startswith("link.reason.expression.")}
    assert keys == REFUSED.keys()
    for reason, (text, place) in REFUSED.items():
        bad = refused(text)
        assert (bad.reason, bad.place) == (reason, place)
        said = ENGLISH(f"link.reason.expression.{reason}", place=bad.place, allowed=bad.allowed)
        assert "{" not in said
        assert f"character {place}:" in said or reason in ("empty", "long", "no_r")
    assert set(refused("abs(x)").allowed.split(", ")) >= {"r", *FUNCTIONS} - {"r"}
    for text in ("abs(r)", "r**2", "maximum(r, 1)", "(r + 1)", "r * (2 + 3)", "2 * r", "(0 < r) * (r < 1)", "r**10"):
        parse(text)  # what the reasons ask for
    assert refused("maximum(r)").allowed == "2"
    limit = int(refused("2**r").allowed)
    parse(f"r**{limit}")
    assert refused(f"r**{limit + 1}").reason == "exponent"
    r = torch.linspace(-2, 2, 9, requires_grad=True)
    assert (torch.autograd.grad((3.0 + 0 * r).sum(), r)[0] == 0).all()  # without r there is nothing to learn from


def test_a_value_that_cannot_be_used_gives_way_for_the_reason_named():
    keys = {k.removeprefix("link.reason.") for k in entries("en") if k.startswith("link.reason.")}
    assert {k for k in keys if "." not in k} == PROBLEMS.keys() | {"single", "scene"}
    for reason, (query, said) in PROBLEMS.items():
        names, page = (ENDS, (Ends(),)) if reason == "together" else (EXPERIMENT, PAGE)
        found = decode(parse_qs(query, keep_blank_values=True), names, page)
        assert any(said in problem.line(ENGLISH) for problem in found.problems), reason
        if reason == "too_many":
            assert found.specs[0].learning_rates == tuple(i / 100 for i in range(1, MAX_VALUES + 1))
        elif reason != "budget":  # there only what is too much gives way
            assert found.specs == page, reason
    twice = decode({"lr": ["0.1", "0.1"]}, EXPERIMENT, PAGE)  # where the rest says otherwise
    assert twice.specs[0].learning_rates == (0.1,)
    assert "given more than once" in twice.problems[0].line(ENGLISH)
    heavy = decode(parse_qs(PROBLEMS["budget"][0]), EXPERIMENT, PAGE)
    usual, asked = EXPERIMENT.flatten(PAGE), EXPERIMENT.flatten(heavy.specs)
    assert all(asked[p.name] == usual[p.name] for p in heavy.problems)
