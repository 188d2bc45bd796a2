"""The loss over two coefficients as a map: nested regions, the reader's tries, and optimizers' paths."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.fits import plane
from core.charts.formulas import KNOWN, TRIED
from core.charts.layers import Layer, Layered, keep, layer, make, stack
from core.charts.lines import colour_of, dash_of
from core.charts.rows import csv_rows, few, json_rows
from core.charts.style import ON_SHADING, OPTIMIZERS
from core.text import Text

#: Of one region; they lie on each other, so the deepest is the densest.
_OPACITY = 0.07


def still_map(
    regions: pd.DataFrame, tries: pd.DataFrame, symbols: tuple[str, str], ends: Domain, text: Text, height: int = 300
) -> Layered:
    """The map with the reader's tries.

    `regions`: columns loss, c1, c2, the corners of one polygon a row, outer ones first. `tries`: columns
    c1, c2, loss, number, the last row being the present one.
    """
    layers = [*_ground(regions, symbols, ends), *_tries(text)]
    return stack(layers, json_rows(tries, ["c1", "c2", "loss", "number"]), height)


def moving_map(
    regions: pd.DataFrame,
    tries: pd.DataFrame,
    paths: pd.DataFrame,
    symbols: tuple[str, str],
    ends: Domain,
    text: Text,
    *,
    step: int,
    height: int = 300,
) -> Layered:
    """The same map with the optimizers' paths up to the player's step; `paths`: columns step, name, c1, c2."""
    names = list(dict.fromkeys(paths["name"]))
    styles = [OPTIMIZERS[n] for n in names]
    place: dict[str, Any] = {"x": alt.X("c2:Q"), "y": alt.Y("c1:Q"), "color": colour_of(names, styles)}
    line = {"strokeWidth": 2.5, "clip": True}
    dot = {"filled": True, "size": 110, "opacity": 1, "clip": True, "stroke": ON_SHADING, "strokeWidth": 1.5}
    order = alt.Order("step:Q")
    seen, now = keep("datum.step <= step"), keep("datum.step === step")
    layers = [
        *_ground(regions, symbols, ends),
        *_tries(text, csv_rows(tries, ["c1", "c2", "loss", "number"], name=None)),
        layer("line", line, transform=[seen], order=order, strokeDash=dash_of(names, styles), **place),
        layer("point", dot, transform=[now], **place),
    ]
    near = paths.assign(**{c: paths[c].where(paths[c].abs() < 10 * ends[1]) for c in ("c1", "c2")})
    data = csv_rows(near, ["step", "c1", "c2"], ["name"])
    return stack(layers, data, height, [alt.VariableParameter(name="step", value=step)])


def _ground(regions: pd.DataFrame, symbols: tuple[str, str], ends: Domain) -> list[Layer]:
    """The axes and the nested regions, painted on each other."""

    def joined(corners: Sequence[float]) -> str:
        return " ".join(f"{c:.3g}" for c in corners)

    rows = [
        {"piece": i, "loss": f"{r['loss']:.3g}", "c1": joined(r["c1"]), "c2": joined(r["c2"])}
        for i, r in enumerate(regions.to_dict("records"))
    ]
    corners = [
        *make(word1="split(datum.c1, ' ')", word2="split(datum.c2, ' ')", i="sequence(length(datum.word1))"),
        {"flatten": ["word1", "word2", "i"]},
        *make(c1="toNumber(datum.word1)", c2="toNumber(datum.word2)"),
    ]
    look = {"filled": True, "interpolate": "linear-closed", "fill": KNOWN, "fillOpacity": _OPACITY, "clip": True}
    look |= {"stroke": KNOWN, "strokeOpacity": 0.4, "strokeWidth": 0.8}
    place: dict[str, Any] = {"x": alt.X("c2:Q"), "y": alt.Y("c1:Q"), "order": alt.Order("i:Q")}
    polygons = layer("line", look, data=few(rows), transform=corners, detail=alt.Detail("piece:N"), **place)
    return [plane(ends, ends, symbols[1], symbols[0]), polygons]


def _tries(text: Text, data: alt.InlineData | None = None) -> list[Layer]:
    """A dot for each try, and a ring around the last."""
    place: dict[str, Any] = {"x": alt.X("c2:Q"), "y": alt.Y("c1:Q")}
    dot = {"color": TRIED, "size": 36, "opacity": 0.75, "stroke": ON_SHADING, "strokeWidth": 0.7}
    ring = {"stroke": TRIED, "filled": False, "size": 190, "strokeWidth": 3, "opacity": 1}
    last: list[Any] = [{"joinaggregate": [{"op": "max", "field": "number", "as": "last"}]}]
    last.append(keep("datum.number === datum.last"))
    tips = [
        alt.Tooltip("number:Q", title=text("unknowns.axis.tries"), format="d"),
        alt.Tooltip("loss:Q", title=text("unknowns.axis.loss"), format=".3~g"),
    ]
    return [
        layer("circle", dot, data=data, tooltip=tips, **place),
        layer("point", ring, data=data, transform=last, **place),
    ]
