"""The loss over two coefficients as a map: nested regions, the reader's tries, and optimizers' paths."""

from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.formulas import TRIED
from core.charts.layers import Layer, Layered, keep, layer, stack
from core.charts.lines import colour_of, dash_of
from core.charts.loss_map import PATHS_SAVED, ground, path_rows, ring
from core.charts.rows import csv_rows
from core.charts.saved import Saved
from core.charts.style import ON_SHADING, OPTIMIZERS
from core.text import Text


def map_chart(
    regions: pd.DataFrame,
    tries: pd.DataFrame,
    guess: dict[str, Any],
    symbols: tuple[str, str],
    ends: Domain,
    text: Text,
    *,
    paths: pd.DataFrame | None = None,
    step: int = 0,
    height: int = 300,
) -> Layered:
    """The map with the reader's tries, the guess in a ring, and the optimizers' paths up to the player's step.

    `regions`: columns level, loss, c1, c2, the corners of one polygon a row, outer ones first. `tries`: columns c1,
    c2, loss, number. `guess`: c1, c2 and `words`. `paths`: columns step, name, c1, c2.
    """
    tried = csv_rows(tries, ["c1", "c2", "loss", "number"], name="tries")
    below = ground(regions, symbols, ends)
    if paths is None:
        saved = Saved({"number": "try", "c1": "c1", "c2": "c2", "loss": "loss"})
        return stack([*below, _tries(text, None), ring(guess)], tried, height, saved=saved)
    names = list(dict.fromkeys(paths["name"]))
    styles = [OPTIMIZERS[n] for n in names]
    place: dict[str, Any] = {"x": alt.X("c2:Q"), "y": alt.Y("c1:Q"), "color": colour_of(names, styles)}
    line = {"strokeWidth": 2.5, "clip": True}
    dot = {"filled": True, "size": 110, "opacity": 1, "clip": True, "stroke": ON_SHADING, "strokeWidth": 1.5}
    order = alt.Order("step:Q")
    seen, now = keep("datum.step <= step"), keep("datum.step === step")
    layers = [
        *below,
        _tries(text, tried),
        layer("line", line, transform=[seen], order=order, strokeDash=dash_of(names, styles), **place),
        layer("point", dot, transform=[now], **place),
        ring(guess),
    ]
    params = [alt.VariableParameter(name="step", value=step)]
    return stack(layers, path_rows(paths, ends), height, params, saved=PATHS_SAVED)


def _tries(text: Text, tried: alt.InlineData | None) -> Layer:
    """A dot for each try."""
    dot = {"color": TRIED, "size": 36, "opacity": 0.75, "stroke": ON_SHADING, "strokeWidth": 0.7}
    tips = [
        alt.Tooltip("number:Q", title=text("unknowns.axis.tries"), format="d"),
        alt.Tooltip("loss:Q", title=text("unknowns.axis.loss"), format=".3~g"),
    ]
    return layer("circle", dot, data=tried, tooltip=tips, x=alt.X("c2:Q"), y=alt.Y("c1:Q"))
