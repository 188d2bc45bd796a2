"""One unit set by hand: the line, the line wrapped, and that times v."""

from typing import Any

from core.charts.one_unit import unit_chart
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import percent, sig
from pages.transformer.one_unit import IDLE, MOST, Reach, UnitSpec, reach, unit_frame

HEIGHT = 240


def figure(_: None, specs: Specs, text: Text) -> Figure:
    """Return the unit over all inputs, and where they take it."""
    unit: UnitSpec = specs[0]
    chart = unit_chart(unit_frame(unit), y_domain=(-MOST, MOST), height=HEIGHT)
    values = {"w": sig(unit.weight), "b": sig(unit.bias), "v": sig(unit.output)}
    alt = text("transformer.unit_alt", activation=text(f"activation.{unit.activation}"), **values)
    drawn = Chart(
        chart.to_dict(validate=False), text("transformer.unit_title"), alt, height=HEIGHT + 40, name="unit", main=True
    )
    return Figure((drawn,), sentences=tuple(unit_sentences(unit, text)))


def unit_sentences(unit: UnitSpec, text: Text) -> list[str]:
    """Say where the inputs take the unit, and for how many of them it has a slope to learn from."""
    to: Reach = reach(unit)
    ends = {n: sig(getattr(to, n)) for n in ("z_low", "z_high", "slope_low", "slope_high")}
    key = "awake" if to.idle == 0 else "idle" if to.idle < 1 else "asleep" if to.slope_low or to.slope_high else "dead"
    values: dict[str, Any] = {"idle": sig(IDLE)} if key != "dead" else {}
    if key == "idle":
        values["share"] = percent(to.idle)
    return [text("transformer.unit_says", **ends), text(f"transformer.unit_{key}", **values)]
