"""The four panels of the home page: data and its batch, the model, the residuals, the training curve."""

from typing import Any

import altair as alt
import pandas as pd

from core.charts.axes import Axes, Domain, cursor_rule, target_rule
from core.charts.curves import curves, curves_saved, headline, packed_rows, unpacked
from core.charts.fits import plane
from core.charts.layers import Layer, Layered, keep, label, layer, make, stack
from core.charts.rows import csv_rows, few
from core.charts.saved import Saved
from core.charts.style import NEUTRAL, Style
from core.text import Text
from core.text.numbers import sig

#: Of what is the mini-batch's, its points and its loss: no optimizer has it.
BATCH = Style(NEUTRAL)
_X: Domain = (-1.0, 1.0)
_IN_BATCH = "indexof(' ' + datum.visits + ' ', ' ' + step + ' ') >= 0"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "\\'") + "'"


def _params(step: int) -> list[Any]:
    return [alt.VariableParameter(name="step", value=step)]


def data_chart(visits: pd.DataFrame, text: Text, *, points: int, y_domain: Domain, step: int, height: int) -> Layered:
    """All points, and strong those in the mini-batch of the player's step.

    `visits`: columns x and y, or x1, x2 and y, which is then the colour; `visits`, lists of steps.
    """
    two = "x1" in visits
    names = ["x1", "x2", "y"] if two else ["x", "y"]
    shown = visits.assign(visits=[" ".join(map(str, steps)) for steps in visits["visits"]])
    x, y = (alt.X("x1:Q"), alt.Y("x2:Q")) if two else (alt.X("x:Q"), alt.Y("y:Q"))
    heights = alt.Scale(domain=list(y_domain), clamp=True, scheme="viridis")
    colour: dict[str, Any] = {"color": alt.Color("y:Q", scale=heights, legend=None)} if two else {}
    faint = {"size": 14, "opacity": 0.85} if two else {"size": 7, "opacity": 0.4, "color": NEUTRAL}
    strong = {"size": 44, "opacity": 1, "color": BATCH.colour} | (
        {"stroke": "white", "strokeWidth": 1.5} if two else {}
    )
    words = [_quoted(text("home.chart.no_batch", points=f"{points:,}")), _quoted(text("home.chart.batch"))]
    return stack(
        [
            plane(_X, _X, "x₁", "x₂") if two else plane(_X, y_domain, "x", "y"),
            layer("circle", {"clip": True} | faint, x=x, y=y, **colour),
            layer("circle", {"clip": True} | strong, transform=[keep(_IN_BATCH)], x=x, y=y),
            headline("step === 0 ? {} : replace({}, '#', step)".format(*words)),
        ],
        csv_rows(shown, names, ["visits"]),
        height,
        _params(step),
        saved=Saved({name: name for name in names} | {"visits": "step"}, lists=["visits"]),
    )


def model_chart(
    lines: pd.DataFrame, style: Style, text: Text, *, parameters: int, y_domain: Domain, step: int, height: int
) -> Layered:
    """The network's curve at the player's step, and faint the contribution of each unit.

    `lines`: begin, end, line (0 the whole, 1, 2, … the units), and lists x and y.
    """
    strong = {"color": style.colour, "strokeWidth": 3}
    words = text("home.chart.model", parameters=parameters)
    return stack(
        [
            plane(_X, y_domain, "x", "y"),
            curves({"color": NEUTRAL, "strokeWidth": 1, "opacity": 0.55}, where="datum.line > 0"),
            curves(strong, where="datum.line === 0"),
            headline(_quoted(words)),
        ],
        packed_rows(lines, ["begin", "end", "line"], {"x": _X, "y": y_domain}),
        height,
        _params(step),
        saved=curves_saved("unit", [None]),
    )


def residuals_chart(
    residuals: pd.DataFrame,
    losses: pd.DataFrame,
    style: Style,
    *,
    loss_name: str,
    x_title: str,
    y_domain: Domain,
    step: int,
    height: int,
) -> Layered:
    """Some points, each tied to what the network says at the player's step, under the loss of that step.

    `residuals`: begin, end, and lists x, y and fit. `losses`: a row a step, step and full, the loss on all data.
    """
    rows = unpacked("x", "y", "fit")
    x, y = alt.X("x:Q"), alt.Y("y:Q")
    residual = {"color": style.colour, "strokeWidth": 1.5, "clip": True}
    line = {"color": NEUTRAL, "strokeWidth": 1.5, "clip": True}
    dots = {"color": NEUTRAL, "size": 16, "opacity": 0.9, "clip": True}
    table = csv_rows(losses, ["step", "full"], name=None)
    number = f"{_quoted(loss_name)} + ' ' + (isValid(datum.full) ? format(datum.full, '.3~g') : '∞')"
    now = headline(number, {"fontSize": 17}, data=table)
    now.transform = [keep("datum.step === step"), *now.transform]
    return stack(
        [
            plane(_X, y_domain, x_title, "y"),
            *([layer("line", line, transform=rows, x=x, y=alt.Y("fit:Q"))] if x_title == "x" else []),
            layer("rule", residual, transform=rows, x=x, y=y, y2=alt.Y2("fit:Q")),
            layer("circle", dots, transform=rows, x=x, y=y),
            now,
        ],
        packed_rows(residuals, ["begin", "end"], {"x": _X, "y": y_domain, "fit": y_domain}),
        height,
        _params(step),
        saved=Saved(
            {"begin": "step", "x": "x" if x_title == "x" else "x1", "y": "y", "fit": "prediction"},
            lists=["x", "y", "fit"],
        ),
    )


def training_chart(losses: pd.DataFrame, style: Style, text: Text, axes: Axes, stop: int | None) -> Layered:
    """Loss against step: faint on each mini-batch, strong on all data; the target, and where training may stop.

    `losses`: a row a step, columns step, batch and full.
    """
    x = alt.X("step:Q")
    shown = make(batch_shown=axes.shown("datum.batch"), full_shown=axes.shown("datum.full"))
    faint = {"color": BATCH.colour, "strokeWidth": 1, "opacity": 0.5, "clip": True}
    strong = {"color": style.colour, "strokeWidth": 2.5, "clip": True}
    dot = {"color": style.colour, "filled": True, "size": 60, "opacity": 1, "clip": True}
    return stack(
        [
            axes.frame(text, ""),
            layer("line", faint, transform=shown, x=x, y=alt.Y("batch_shown:Q")),
            layer("line", strong, transform=shown, x=x, y=alt.Y("full_shown:Q")),
            cursor_rule(),
            *_target(axes, text),
            layer("point", dot, transform=[keep("datum.step === step"), *shown], x=x, y=alt.Y("full_shown:Q")),
            *([] if stop is None else _stop(losses, stop, style, text, axes)),
            headline(_quoted(text("home.chart.loss", loss=axes.loss_name))),
        ],
        csv_rows(losses, ["step", "batch", "full"]),
        axes.height,
        _params(axes.step),
        saved=Saved({"step": "step", "batch": "batch_loss", "full": "full_loss"}),
    )


def _target(axes: Axes, text: Text) -> list[Layer]:
    if not axes.domain[0] <= axes.target <= axes.domain[1]:
        return []
    words = text("chart.target.label", value=sig(axes.target))
    high = axes.moved(axes.target, 26) >= axes.domain[1]  # no room above the rule
    look = {"align": "right", "dy": 12 if high else -16, "color": NEUTRAL}
    rows = few([{"target": axes.target, "words": words}])
    name = label(look, data=rows, x=alt.value(alt.expr("width - 2")), y=alt.Y("target:Q"), text=alt.Text("words:N"))
    return [target_rule(axes.target), name]


def _stop(losses: pd.DataFrame, stop: int, style: Style, text: Text, axes: Axes) -> list[Layer]:
    """A ring where the loss is first below the target, under a flag that names the step."""
    at = axes.moved(float(losses.loc[losses["step"] == stop, "full"].iloc[0]), 0)
    flag = axes.moved(float("nan"), -0.3 * axes.height)
    left = stop > axes.steps / 2
    rows = few([{"step": stop, "full": at, "flag": flag, "words": text("home.chart.stop", step=stop)}])
    x = alt.X("step:Q")
    pole = {"color": style.colour, "strokeWidth": 1.5}
    ring = {"color": style.colour, "filled": False, "size": 140, "strokeWidth": 2, "opacity": 1}
    words = {"align": "right" if left else "left", "dx": -5 if left else 5, "baseline": "top"}
    name = label(words, data=rows, x=x, y=alt.Y("flag:Q"), text=alt.Text("words:N"))
    return [
        layer("rule", pole, data=rows, x=x, y=alt.Y("full:Q"), y2=alt.Y2("flag:Q")),
        layer("point", ring, data=rows, x=x, y=alt.Y("full:Q")),
        name,
    ]
