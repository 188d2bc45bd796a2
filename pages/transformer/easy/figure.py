"""An activation beside its derivative, and what the derivatives of all activations cost."""

import pandas as pd

from core.analysis.operation_counts import operations
from core.catalogue.activations import ACTIVATIONS
from core.charts.one_unit import ADDED, WRAPPED, activation_chart
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.spec.experiment import Experiment
from core.text import Text
from pages.transformer.one_unit import MOST, UnitSpec, activation_frame, reach
from pages.transformer.unit.figure import unit_sentences

HEIGHT = 240
#: Activations whose formulas hold signs to explain.
NOTES = ("relu", "leaky_relu", "gelu")


def figure(_: None, specs: Specs, text: Text) -> Figure:
    """Return both over z, where the inputs of the unit take them, and the operations counted."""
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
            main=True,
            name=part,
        )
        for part, chart in charts.items()
    )
    notes = (text(f"transformer.{unit.activation}_note"),) if unit.activation in NOTES else ()
    sentences = (operations_sentence(unit.activation, text), *unit_sentences(unit, text))
    return Figure(drawn, sentences=sentences, notes=(*notes, text("transformer.operations.how")), table=_table(text))


def operations_sentence(activation: str, text: Text) -> str:
    """Say how many operations the derivative takes beside the value, and how many in one classic run."""
    run, kind = Experiment(), ACTIVATIONS[activation]
    derivatives = run.width * run.points * run.epochs
    each = operations(kind.from_value).all
    said = {"name": text(f"activation.{activation}"), "each": each}
    return text(
        "transformer.operations.result", derivatives=f"{derivatives:,}", total=f"{each * derivatives:,}", **said
    )


def _table(text: Text) -> pd.DataFrame:
    """Return the operations of every derivative: from the value, and where the value is forgotten."""
    rows = []
    for name, kind in ACTIVATIONS.items():
        counts = [_count(code, text) for code in (kind.from_value, kind.from_input)]
        rows.append([text(f"activation.{name}"), f"`{kind.from_value}`", *counts])
    return pd.DataFrame(rows, columns=[text(f"transformer.operations.{c}") for c in ("name", "code", "value", "input")])


def _count(code: str, text: Text) -> str:
    found = operations(code)
    return text("transformer.operations.long", all=found.all, long=found.long) if found.long else str(found.all)
