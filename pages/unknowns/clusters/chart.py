"""Points coloured by their nearest centre, and the centres' way, at the player's step."""

from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Domain
from core.charts.descents import OTHER
from core.charts.fits import plane
from core.charts.layers import Layered, keep, label, layer, make, stack
from core.charts.rows import csv_rows
from core.charts.saved import Saved
from core.charts.style import ON_SHADING, OPTIMIZERS, rate_styles

#: The marks of up to six centres' points; with the colours they tell the groups apart.
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")


def clusters_chart(
    points: pd.DataFrame,
    centres: pd.DataFrame,
    name: str,
    title: str,
    domains: tuple[Domain, Domain],
    *,
    step: int,
    height: int = 260,
) -> Layered:
    """The points in the colours of their nearest centres, and the centres with their way so far.

    `points`: columns x1, x2 and `way`, a digit a step: the nearest centre. `centres`: columns step, centre,
    x1, x2. Where the player's step is beyond the last, the last counts.
    """
    k, last = int(centres["centre"].max()) + 1, int(centres["step"].max())
    at = f"min(step, {last})"
    styles = rate_styles(k)
    kinds = [str(i) for i in range(k)]
    colour = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[s.colour for s in styles]), legend=None)
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=list(SHAPES[:k])), legend=None)
    place: dict[str, Any] = {"x": alt.X("x1:Q"), "y": alt.Y("x2:Q"), "color": colour}
    digit = make(kind=f"substring(datum.way, {at}, {at} + 1)")
    dots = {"size": 30, "opacity": 0.6, "filled": True, "clip": True}
    trail = {"strokeWidth": 2, "clip": True}
    big = {"size": 330, "opacity": 1, "filled": True, "stroke": ON_SHADING, "strokeWidth": 2, "clip": True}
    now, kind = keep(f"datum.step === {at}"), make(kind="toString(datum.centre)")
    rows = csv_rows(points, ["x1", "x2"], ["way"], name=None)
    layers = [
        plane(*domains, "x₁", "x₂"),
        layer("point", dots, data=rows, transform=digit, shape=shape, **place),
        layer("line", trail, transform=[keep(f"datum.step <= {at}"), *kind], order=alt.Order("step:Q"), **place),
        layer("point", big, transform=[now, *kind], **place),
        label(
            {"color": ON_SHADING, "clip": True},
            transform=[now, *make(called="datum.centre + 1")],
            x=alt.X("x1:Q"),
            y=alt.Y("x2:Q"),
            text=alt.Text("called:N"),
        ),
    ]
    far = 10 * max(abs(end) for domain in domains for end in domain)
    near = centres.assign(**{c: centres[c].where(centres[c].abs() < far) for c in ("x1", "x2")})
    head = alt.TitleParams(
        title, anchor="start", frame="group", fontSize=14, color=OPTIMIZERS.get(name, OTHER).colour, offset=4
    )
    columns = ["step", "centre", "x1", "x2"]
    saved = Saved({name: name for name in columns}, words={"centre": list(range(1, k + 1))})  # as on the marks
    params = [alt.VariableParameter(name="step", value=step)]
    return stack(layers, csv_rows(near, columns), height, params, head, saved)
