"""The names under which links hold one unit, and the shape for the widths."""

from core.link.forms import Form, Name, form, number, only
from pages.transformer.one_unit import UnitSpec

UNIT = form(
    UnitSpec,
    {
        "unit.w": Name(number, "weight"),
        "unit.b": Name(number, "bias"),
        "unit.v": Name(number, "output"),
        "unit.act": Name(str, "activation"),
        "shape": Name(str, "shape"),
    },
)
DEFAULTS = (UnitSpec(),)


def form_of(*names: str) -> Form:
    """Return the form of some of these names."""
    return only(UNIT, [name for name in UNIT.names if name not in names], DEFAULTS)
