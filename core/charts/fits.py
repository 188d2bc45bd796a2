"""A fitted curve over data with one input, moving with the player's step."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.charts.axes import Domain
from core.charts.layers import TICKS, Layer, Layered, keep, label, layer, make, pixels, stack
from core.charts.rows import csv_rows, few
from core.charts.saved import Grid, Saved
from core.charts.style import NEUTRAL, Style
from core.text import Text

NOW = "datum.begin <= step && step < datum.end"  # the snapshot that stands for the player's step


@dataclass(frozen=True)
class Dots:
    """Points with columns x, y, and how they look; the size is an area in square pixels."""

    points: pd.DataFrame
    size: int = 12
    opacity: float = 0.45
    colour: str = NEUTRAL

    @cached_property
    def rows(self) -> alt.InlineData:
        """The points as data of a layer, made once for all charts that show them."""
        return csv_rows(self.points, ["x", "y"], name=None)


def true_curve(frame: pd.DataFrame) -> alt.InlineData:
    """Return the true curve, columns x and y, as data of a layer, made once for all charts that show it."""
    return csv_rows(frame, ["x", "y"], name=None)


def fit_chart(
    dots: Sequence[Dots],
    frames: pd.DataFrame,
    name: str,
    style: Style,
    text: Text,
    *,
    x_domain: Domain,
    y_domain: Domain,
    step: int,
    height: int = 220,
    truth: alt.InlineData | None = None,
) -> Layered:
    """The fitted curve at the player's step over the data points, its name above in its colour.

    `frames`: a row per snapshot, which stands for the steps from `begin` to before `end`; `y` is a list of
    heights on an even grid over `x_domain`, its ends included. `truth`: as `true_curve` makes it.
    """
    x, y = alt.X("x:Q"), alt.Y("y:Q")
    layers = [plane(x_domain, y_domain, "x", "y")]
    for kind in dots:
        look = {"color": kind.colour, "size": kind.size, "opacity": kind.opacity, "clip": True}
        layers.append(layer("circle", look, data=kind.rows, x=x, y=y))
    if truth is not None:
        thin = {"color": NEUTRAL, "strokeDash": [2, 2], "clip": True}
        layers.append(layer("line", thin, data=truth, x=x, y=y))
    low, high = x_domain
    places = Grid(low, high, len(frames["y"].iloc[0]))
    curve = [
        keep(NOW),
        *make(x=f"sequence({low}, {high + places.gap / 2}, {places.gap})", word="split(datum.heights, ' ')"),
        {"flatten": ["x", "word"]},
        *make(y="datum.word === '?' ? null : toNumber(datum.word)"),
    ]
    strong = {"color": style.colour, "strokeDash": list(style.dash or (1, 0)), "strokeWidth": 3, "clip": True}
    layers += [layer("line", strong, transform=curve, x=x, y=y), missing()]
    rows = snapshots(frames, "y", y_domain, text, parts=1000)
    return moving(layers, rows, name, style, step, height, heights_saved({"x": places}))


def snapshots(frames: pd.DataFrame, field: str, domain: Domain, text: Text, *, parts: int) -> alt.InlineData:
    """The data set "rows": begin, end, `heights` to a `parts`-th of the domain, `note` if none is in it.

    Heights are one text, apart by spaces, "?" for none: Altair walks every number of a list, slowly.
    """
    low, high = domain
    span = high - low
    digits = max(0, math.ceil(math.log10(parts / span)))
    values = np.array(list(frames[field]), dtype=float)  # (snapshots, places)
    near = np.clip(values, low - 10 * span, high + 10 * span)
    heights = _texts(near, digits)
    lost = ~np.isfinite(values).any(1)
    unseen = (values > high).all(1) | (values < low).all(1)
    words = {(True, False): "× " + text("chart.fit.diverged"), (False, True): text("chart.fit.outside")}
    notes = [words.get((bool(a), bool(b)), "") for a, b in zip(lost, unseen & ~lost, strict=True)]
    shown = {"begin": frames["begin"], "end": frames["end"], "heights": heights, "note": notes}
    return csv_rows(shown, ["begin", "end"], ["heights", "note"])


def heights_saved(places: Mapping[str, Grid]) -> Saved:
    """Return the table of `snapshots`, of what is predicted at these places."""
    names = {name: name for name in places}
    return Saved({"begin": "step", **names, "heights": "prediction"}, lists=["heights"], places=places)


def _texts(values: np.ndarray, digits: int) -> list[str]:
    """Return each row as one text, its numbers rounded to these digits, apart by spaces, "?" for no number.

    Every number lies on a grid, and each that occurs is written once: one by one they took half of a race's time.
    """
    scale, none = 10.0**digits, np.iinfo(np.int64).min
    known = ~np.isnan(values)
    rows = np.where(known, np.rint(np.where(known, values, 0.0) * scale), none).astype(np.int64).tolist()
    words = {place: "?" if place == none else str(place / scale) for place in set().union(*rows)}
    return [" ".join([words[place] for place in row]) for row in rows]


def missing() -> Layer:
    """Words at the top of the plot at steps where nothing can be drawn."""
    here = keep(f"{NOW} && isValid(datum.note)")
    middle = pixels("width / 2")
    return label({"color": NEUTRAL}, transform=[here], x=middle, y=alt.value(16), text=alt.Text("note:N"))


def plane(x_domain: Domain, y_domain: Domain, x_title: str, y_title: str, *, x_ticks: Sequence[float] = ()) -> Layer:
    """An empty layer that carries both fixed scales and axes; the other layers follow them."""
    ticks: dict[str, Any] = {"values": list(x_ticks)} if x_ticks else {"tickCount": alt.expr(TICKS)}
    x_axis = alt.Axis(title=x_title, grid=False, format="~r", **ticks)
    upright: dict[str, Any] = {"titleAngle": 0, "titleBaseline": "middle", "titlePadding": 8}
    y_axis = alt.Axis(title=y_title, tickCount=4, grid=True, format="~r", **upright)
    x, y = (alt.Scale(domain=list(d), nice=False, zero=False) for d in (x_domain, y_domain))
    return layer(
        "point",
        {"opacity": 0, "aria": False},
        data=few([{}]),
        x=alt.XDatum(x_domain[0], type="quantitative", scale=x, axis=x_axis),
        y=alt.YDatum(y_domain[0], type="quantitative", scale=y, axis=y_axis),
    )


def moving(
    layers: list[Layer],
    data: alt.InlineData,
    name: str,
    style: Style,
    step: int,
    height: int,
    saved: Saved | None = None,
) -> Layered:
    """The layers over the snapshots, named in the style's colour, with the player's `step`; `saved` as in `stack`."""
    title = alt.TitleParams(name, anchor="start", frame="group", fontSize=14, color=style.colour, offset=4)
    return stack(layers, data, height, [alt.VariableParameter(name="step", value=step)], title, saved)
