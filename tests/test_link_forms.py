"""Forms of a page's own specs: alone, and joined with the experiment's."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.link.decoding import decode
from core.link.forms import EXPERIMENT, form, join
from core.link.values import Name, flag
from core.link.values import number as read_number
from core.link.values import whole as read_whole
from core.spec.checks import choice, number, whole
from core.spec.experiment import Experiment
from core.spec.view import View


@dataclass(frozen=True)
class Own:
    slope: float = 1.0
    low: int = 0
    high: int = 9
    kind: str = "line"
    open: bool = False
    shown: tuple[str, ...] = ("line",)

    def __post_init__(self) -> None:
        object.__setattr__(self, "slope", number("slope", self.slope, -2, 2))
        whole("low", self.low, 0, 9)
        whole("high", self.high, 0, 9)
        for kind in (self.kind, *self.shown):
            choice("kind", kind, ("line", "sine"))
        if self.low > self.high:
            raise ValueError(f"low={self.low} is above high={self.high}")


OWN = form(
    Own,
    {
        "own.w": Name(read_number, "slope"),
        "low": Name(read_whole, "low"),
        "high": Name(read_whole, "high"),
        "kind": Name(str, "kind"),
        "open": flag("open"),
        "shown": Name(str, "shown", repeated=True),
    },
)
BOTH = join(EXPERIMENT, OWN)


@st.composite
def owns(draw):
    low, high = sorted(draw(st.tuples(st.integers(0, 9), st.integers(0, 9))))
    kinds = st.sampled_from(["line", "sine"])
    shown = tuple(draw(st.lists(kinds, min_size=1, unique=True)))
    return Own(draw(st.floats(-2, 2)), low, high, draw(kinds), draw(st.booleans()), shown)


def problems(found):
    return [(p.name, p.value, p.reason.rpartition(".")[2], p.allowed) for p in found.problems]


@given(owns(), owns())
def test_a_link_gives_back_the_specs_alone_and_joined(own, usual):
    from urllib.parse import parse_qs

    for kind, specs, defaults in (
        (OWN, (own,), (usual,)),
        (BOTH, (Experiment(width=7), View(step=3), own), (Experiment(), View(), usual)),
    ):
        text = kind.encode(specs, "en")
        found = decode(parse_qs(text, keep_blank_values=True), kind, defaults)
        assert (found.specs, found.problems) == (specs, ())
        assert decode(kind.short(specs, defaults), kind, defaults).specs == specs
        assert kind.build(kind.flatten(specs)) == specs


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"own.w": ["3"]}, [("own.w", "3", "range", "[-2, 2]")]),
        ({"own.w": ["nan"]}, [("own.w", "nan", "number", "")]),
        ({"kind": ["<b>"]}, [("kind", "<b>", "choice", "line, sine")]),
        ({"open": ["2"]}, [("open", "2", "choice", "0, 1")]),
        ({"shown": ["sine", "x"]}, [("shown", "x", "choice", "line, sine")]),
        ({"low": ["7"], "high": ["3"]}, [("low", "7", "together", "")]),
        ({"width": ["5"]}, [("width", "5", "unknown", "")]),
    ],
)
def test_what_is_bad_is_named_and_the_rest_is_kept(asked, told):
    found = decode(asked, OWN, (Own(),))
    assert problems(found) == told
    (own,) = found.specs
    assert own.shown == (("sine",) if "shown" in asked else ("line",))
    assert (own.low, own.high) == ((0, 3) if "low" in asked else (0, 9))


def test_an_experiment_that_asks_too_much_gives_way_beside_a_pages_own_values():
    asked = {"seeds": ["400"], "epochs": ["200"], "kind": ["sine"]}
    found = decode(asked, BOTH, (Experiment(), View(), Own()))
    assert problems(found) == [("seeds", "400", "budget", "")]
    assert found.specs == (Experiment(epochs=200), View(), Own(kind="sine"))


def test_a_name_has_one_meaning():
    with pytest.raises(ValueError, match="both forms have width"):
        join(EXPERIMENT, form(Own, {"width": Name(read_whole, "low")}))
