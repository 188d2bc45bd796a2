"""Loss against samples seen for several batch sizes; each named above the place where it crosses the target."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain, loss_axis, loss_scale, powers_of_ten, shown, target_rule
from core.charts.layers import LINE, Layer, Layered, keep, label, layer, make, pixels, stack
from core.charts.lines import colour_of, dash_of
from core.charts.rows import csv_rows, few
from core.charts.saved import Saved
from core.charts.style import NEUTRAL, Style
from core.text import Text
from core.text.numbers import sig


def samples_chart(
    frame: pd.DataFrame,
    walkers: pd.DataFrame,
    names: Sequence[str],
    styles: Sequence[Style],
    text: Text,
    *,
    domain: Domain,
    target: float,
    crossings: pd.DataFrame,
    step: int,
    height: int = 260,
) -> Layered:
    """`frame`: name, samples, loss, in the order of the lines, on log axes; `domain` is of the loss.

    `walkers`: step, name, samples, loss, a point for every step of the player. `crossings`: name, samples, words,
    where a line first gets below `target`, and what is written there.
    """
    seen = (1.0, _ROOM * float(frame["samples"].max()))
    colour, x = colour_of(names, styles), alt.X("samples:Q")
    x_axis = alt.Axis(
        title=text("small_steps.batches.samples"), values=powers_of_ten(seen), labelExpr=_PLAIN, grid=False
    )
    y_axis = loss_axis(text("small_steps.axis.full_loss"), "log", domain)
    ground = layer(
        "point",
        {"opacity": 0, "aria": False},
        data=few([{}]),
        x=alt.XDatum(1, type="quantitative", scale=loss_scale("log", seen), axis=x_axis),
        y=alt.YDatum(domain[0], type="quantitative", scale=loss_scale("log", domain), axis=y_axis),
    )
    kept = make(loss_shown=shown("datum.loss", "log", domain))
    at: dict[str, Any] = {"x": x, "y": alt.Y("loss_shown:Q"), "color": colour}
    dots = csv_rows(walkers, ["step", "samples", "loss"], ["name"], name=None)
    words = {"text": text("chart.target.label", value=sig(target)), "color": NEUTRAL, "align": "left"}
    layers = [
        ground,
        target_rule(target),
        label(words, data=few([{"target": target}]), x=pixels("width + 6"), y=alt.Y("target:Q")),
        layer(
            "line",
            {"strokeWidth": 1.5, "opacity": 0.6, "clip": True},
            transform=kept,
            strokeDash=dash_of(names, styles),
            **at,
        ),
        *_crossings(crossings, names, seen, target, colour, text),
        layer(
            "circle",
            {"size": 160, "opacity": 1, "clip": True},
            data=dots,
            transform=[keep("datum.step === step && datum.samples > 0"), *kept],
            **at,
        ),
    ]
    params = [alt.VariableParameter(name="step", value=step)]
    saved = Saved({"name": "batch", "samples": "samples", "loss": "full_loss"})
    return stack(layers, csv_rows(frame, ["samples", "loss"], ["name"]), height, params, saved=saved)


#: How much farther than its last line the axis goes: room for a dot there.
_ROOM = 1.6
#: 1, 10, 100, then 1k, 10k, 100k.
_PLAIN = "datum.value < 1000 ? datum.value : datum.value / 1000 + 'k'"


def _crossings(
    crossings: pd.DataFrame, names: Sequence[str], seen: Domain, target: float, colour: alt.Color, text: Text
) -> list[Layer]:
    """Words in rows under the top edge, each tied to the place where its line crosses the target; what for, above."""
    rows = [
        {**row, "row": 8 + LINE * (1 + names.index(row["name"])), "left": row["samples"] > seen[1] ** 0.6}
        for row in crossings.to_dict("records")
    ]
    if not rows:
        return []
    head = {"text": text("small_steps.batches.crossing", target=sig(target)), "color": NEUTRAL, "align": "left"}
    data, x = few(rows), alt.X("samples:Q")
    top = alt.Y("row:Q", scale=None, axis=None)
    layers = [
        layer("rule", {"opacity": 0.6}, data=data, x=x, y=top, y2=pixels("height"), color=colour),
        label(head, data=few([{}]), x=alt.value(4), y=alt.value(8)),
    ]
    for left, side in ((True, {"align": "right", "dx": -5}), (False, {"align": "left", "dx": 5})):
        if any(row["left"] == left for row in rows):
            here = [keep(f"datum.left === {str(left).lower()}")]
            layers.append(label(side, data=data, transform=here, x=x, y=top, color=colour, text=alt.Text("words:N")))
    return layers
