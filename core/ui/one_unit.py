"""The Transformer page's first figure: one unit set by hand, its activation and the derivative."""

from typing import Any

import streamlit as st

from core.charts.one_unit import ADDED, WRAPPED, activation_chart, unit_chart
from core.engine.network import ACTIVATIONS
from core.link.forms import Name, form, number
from core.one_unit import IDLE, MOST, Reach, UnitSpec, activation_frame, reach, unit_frame
from core.text import Text
from core.text.numbers import percent, sig
from core.ui import controls

#: What the page's link holds beside an experiment.
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
HEIGHT = 230
#: Activations whose formulas hold signs to explain.
NOTES = ("relu", "leaky_relu", "gelu")


def unit_controls(text: Text) -> None:
    """Show the activation and the three coefficients of the unit."""
    with st.grid(4, min_column_width=160) as grid:
        with grid.cell():
            controls.pick("unit.act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))
        for name, label in (("unit.w", "weight"), ("unit.b", "bias"), ("unit.v", "output")):
            with grid.cell():
                controls.ladder(name, text(f"transformer.{label}"))


def unit_charts(unit: UnitSpec, text: Text) -> None:
    """Draw the unit, its activation, and the derivative, each under its formula."""
    kind, frame, to = ACTIVATIONS[unit.activation], activation_frame(unit.activation), reach(unit)
    name = text(f"activation.{unit.activation}")
    coefficients = {"w": sig(unit.weight), "b": sig(unit.bias), "v": sig(unit.output)}
    reached = (to.z_low, to.z_high)
    shown = {
        "unit": (r"v\cdot a(w\,x+b)", unit_chart(unit_frame(unit), y_domain=(-MOST, MOST), height=HEIGHT)),
        "activation": (
            rf"a={kind.formula}",
            activation_chart(frame, "a", reached, colour=WRAPPED, title="a", y_domain=(-1.5, MOST), height=HEIGHT),
        ),
        "slope": (
            rf"a'={kind.slope}",
            activation_chart(frame, "slope", reached, colour=ADDED, title="a′", y_domain=(-0.3, 1.3), height=HEIGHT),
        ),
    }
    for column, (part, (formula, chart)) in zip(st.columns([4, 3, 3]), shown.items(), strict=True):
        with column:
            st.markdown(f"**{text(f'transformer.{part}_title')}**  \n${formula}$")
            alt = text(f"transformer.{part}_alt", activation=name, **(coefficients if part == "unit" else {}))
            st.vega_lite_chart(spec=chart.to_dict(validate=False), alt=alt)
    if unit.activation in NOTES:
        st.caption(text(f"transformer.{unit.activation}_note"))


def unit_sentences(unit: UnitSpec, text: Text) -> list[str]:
    """Say where the inputs take the unit, and for how many of them it has a slope to learn from."""
    to: Reach = reach(unit)
    ends = {n: sig(getattr(to, n)) for n in ("z_low", "z_high", "slope_low", "slope_high")}
    key = "awake" if to.idle == 0 else "idle" if to.idle < 1 else "asleep" if to.slope_low or to.slope_high else "dead"
    values: dict[str, Any] = {"idle": sig(IDLE)} if key != "dead" else {}
    if key == "idle":
        values["share"] = percent(to.idle)
    return [text("transformer.unit_says", **ends), text(f"transformer.unit_{key}", **values)]
