"""An activation beside its derivative."""

from core.charts.one_unit import ADDED, WRAPPED, activation_chart
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from pages.transformer.one_unit import MOST, UnitSpec, activation_frame, reach
from pages.transformer.unit.figure import unit_sentences

HEIGHT = 240
#: Activations whose formulas hold signs to explain.
NOTES = ("relu", "leaky_relu", "gelu")


def figure(_: None, specs: Specs, text: Text) -> Figure:
    """Return both over z, and where the inputs of the unit take them."""
    unit: UnitSpec = specs[0]
    frame, to = activation_frame(unit.activation), reach(unit)
    reached = (to.z_low, to.z_high)
    charts = {
        "activation": activation_chart(
            frame, "a", reached, colour=WRAPPED, title="a", y_domain=(-1.5, MOST), height=HEIGHT
        ),
        "slope": activation_chart(
            frame, "slope", reached, colour=ADDED, title="a′", y_domain=(-0.3, 1.3), height=HEIGHT
        ),
    }
    name = text(f"activation.{unit.activation}")
    drawn = tuple(
        Chart(
            chart.to_dict(validate=False),
            text(f"transformer.{part}_title"),
            text(f"transformer.{part}_alt", activation=name),
            columns=6,
            height=HEIGHT + 40,
            name=part,
        )
        for part, chart in charts.items()
    )
    notes = (text(f"transformer.{unit.activation}_note"),) if unit.activation in NOTES else ()
    return Figure(drawn, sentences=tuple(unit_sentences(unit, text)), notes=notes)
