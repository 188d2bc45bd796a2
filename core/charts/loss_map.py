"""The loss over two coefficients as a map: its axes, nested regions, and the point that is dragged."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.fits import plane
from core.charts.formulas import KNOWN, TRIED
from core.charts.layers import Layer, layer, make
from core.charts.rows import csv_rows, few
from core.charts.saved import Saved
from core.charts.style import NEUTRAL
from core.text.numbers import sig

#: So many times as far as the map reaches, paths are drawn.
REACH = 10
#: Of one region; they lie on each other, so the deepest is the densest.
_OPACITY = 0.07
#: What a reader saves of `path_rows`.
PATHS_SAVED = Saved({"step": "step", "name": "optimizer", "c1": "c1", "c2": "c2"})


def path_rows(paths: pd.DataFrame, ends: Domain) -> alt.InlineData:
    """Return paths (columns step, name, c1, c2) as data; what is too far off is no number."""
    near = paths.assign(**{c: paths[c].where(paths[c].abs() < REACH * ends[1]) for c in ("c1", "c2")})
    return csv_rows(near, ["step", "c1", "c2"], ["name"], name="paths")


def ground(regions: pd.DataFrame, symbols: tuple[str, str], ends: Domain) -> list[Layer]:
    """The axes and the nested regions, painted on each other.

    `regions`: columns level, loss, c1, c2, the corners of one polygon a row, outer ones first.
    """

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
    values = {"color": NEUTRAL, "fontSize": 11, "clip": True}
    words = layer(
        "text",
        values,
        data=few(_values(regions, ends)),
        x=alt.X("c2:Q"),
        y=alt.Y("c1:Q"),
        text=alt.Text("loss:N"),
    )
    return [plane(ends, ends, symbols[1], symbols[0]), polygons, words]


def _values(regions: pd.DataFrame, ends: Domain) -> list[dict[str, Any]]:
    """Return where contours say their loss: at the lowest corner of each that is well inside, none on another."""
    inside, apart = 0.94 * ends[1], 0.09 * (ends[1] - ends[0])
    found: list[dict[str, Any]] = []
    for r in regions.to_dict("records"):
        corners = [c for c in zip(r["c1"], r["c2"], strict=True) if max(map(abs, c)) < inside]
        if not corners:
            continue
        c1, c2 = min(corners)
        if all(max(abs(c1 - one["c1"]), abs(c2 - one["c2"]) / 2) > apart for one in found):
            found.append({"c1": round(c1, 3), "c2": round(c2, 3), "loss": sig(r["loss"], 2)})
    return found


def ring(guess: dict[str, Any]) -> Layer:
    """The point that is dragged: c1, c2 and `words`."""
    look = {"stroke": TRIED, "filled": False, "size": 190, "strokeWidth": 3, "opacity": 1}
    return layer("point", look, data=few([guess], "guess"), x=alt.X("c2:Q"), y=alt.Y("c1:Q"))
