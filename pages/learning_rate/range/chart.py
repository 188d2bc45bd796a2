"""Final loss against learning rate, over one strip per optimizer that shows where training fails."""

import math
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain, loss_axis, loss_scale, powers_of_ten, shown, target_rule
from core.charts.layers import Layer, Layered, label, layer, make, pixels, stack
from core.charts.lines import colour_of, dash_of
from core.charts.rows import ENDLESS, few, json_rows
from core.charts.saved import Saved
from core.charts.style import KINDS, NEUTRAL, OPTIMIZERS
from core.text import Text
from core.text.numbers import sig
from pages.learning_rate.range.strips import AXIS, HEAD, ROW, shares, strips, tooltip, words

_LOSSES = ("median", "low", "high")


def sweep_chart(
    frame: pd.DataFrame,
    series: list[str],
    text: Text,
    *,
    loss_name: str,
    domain: Domain,
    best: pd.DataFrame,
    target: float,
    height: int = 280,
) -> Layered:
    """Final full-data loss against learning rate, both log: median, band over seeds, best rate ringed.

    `frame`: a row per optimizer and rate: name, rate, median, low, high (inf where they fall among seeds that
    diverged: the line leaves the picture), and for each of `KINDS` the share of the seeds in [0, 1]. `best`: name,
    rate, loss; an optimizer may be missing. `height`: px of the plot; under it come the strips and their key.
    """
    styles = [OPTIMIZERS[n] for n in series]
    colour, dash = colour_of(series, styles), dash_of(series, styles)
    half = _half_cell(frame["rate"].unique().tolist())
    limits = (frame["rate"].min() / half, frame["rate"].max() * half)
    fields = make(**{f"{f}_shown": shown(f"datum.{f}", "log", domain) for f in _LOSSES})
    x = alt.X("rate:Q")
    common: dict[str, Any] = {"x": x, "color": colour}
    middle = alt.Y("median_shown:Q")
    ringed = best.loc[(best["loss"] > 0) & (best["loss"] < math.inf), ["name", "rate", "loss"]]
    rings = few(ringed.to_dict("records"))
    layers = [
        _frame(limits, domain, height, text("chart.axis.final_loss", loss=loss_name)),
        *_rates(limits, height, text),
        layer(
            "area",
            {"opacity": 0.16, "clip": True},
            transform=fields,
            y=alt.Y("low_shown:Q"),
            y2=alt.Y2("high_shown:Q"),
            **common,
        ),
        *(_target(target, text) if domain[0] <= target <= domain[1] else []),
        layer("line", {"strokeWidth": 2.5, "clip": True}, transform=fields, y=middle, strokeDash=dash, **common),
        layer("point", {"size": 170, "strokeWidth": 2.5, "opacity": 1}, data=rings, y=alt.Y("loss:Q"), **common),
        layer(
            "point",
            {"filled": True, "size": 45, "opacity": 1, "clip": True},
            transform=[*fields, *words()],
            y=middle,
            tooltip=tooltip(text),
            **common,
        ),
        *strips(series, best, text, half=half, colour=colour, dash=dash, top=height),
    ]
    cells = shares(frame.assign(**{loss: frame[loss].clip(upper=ENDLESS) for loss in _LOSSES}))
    data = json_rows(cells, ["rate", *_LOSSES, *KINDS], ["name", *(f"{kind}_said" for kind in KINDS)])
    named = {loss: f"{loss}_loss" for loss in _LOSSES} | {kind: kind for kind in KINDS}
    saved = Saved({"name": "optimizer", "rate": "rate", **named})
    return stack(layers, data, height + HEAD + ROW * len(series), saved=saved)


def _half_cell(rates: list[float]) -> float:
    """The factor from a rate to the edge of its cell: cells of neighbours on the ladder just touch."""
    gaps = [math.log10(b / a) for a, b in pairwise(sorted(rates))]
    return 10 ** (min(gaps, default=0.5) * 1.05 / 2)


def _frame(limits: Domain, domain: Domain, height: int, loss: str) -> Layer:
    """An empty layer that carries both scales and the axis of the loss, which takes the upper `height` pixels."""
    scale = loss_scale("log", domain, range=[height, 0])
    x = alt.XDatum(limits[0], type="quantitative", scale=loss_scale("log", limits), axis=None)
    y = alt.YDatum(domain[0], type="quantitative", scale=scale, axis=loss_axis(loss, "log", domain))
    return layer("point", {"opacity": 0, "aria": False}, data=few([{}]), x=x, y=y)


def _rates(limits: Domain, height: int, text: Text) -> list[Layer]:
    """The axis of the rates: right under the plot, where an axis of the whole would be below the strips."""
    ticks = few([{"rate": rate, "label": f"{rate:g}"} for rate in powers_of_ten(limits)])
    plain, y = {"fontWeight": "normal"}, alt.value(height + AXIS - 6)
    name = {"text": text("chart.axis.rate"), "align": "left"}
    return [
        label(plain, data=ticks, x=alt.X("rate:Q"), y=y, text=alt.Text("label:N")),
        label(name, data=few([{}]), x=pixels("width + 6"), y=y),
    ]


def _target(target: float, text: Text) -> list[Layer]:
    words = text("chart.target.label", value=sig(target))
    look = {"text": words, "color": NEUTRAL, "align": "left"}
    return [
        target_rule(target),
        label(look, data=few([{"target": target}]), x=pixels("width + 6"), y=alt.Y("target:Q")),
    ]
