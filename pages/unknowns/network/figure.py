"""The swap drawn for a network: given coefficients make a curve, given points ask for coefficients."""

import numpy as np
import pandas as pd

from core.analysis import frames
from core.charts.axes import Domain
from core.charts.domains import around
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.formulas import KNOWN, TRIED
from core.charts.style import Style
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.unknowns.network.chart import bars_chart, family_chart
from pages.unknowns.network.compute import Sought, found_frame
from pages.unknowns.network.spec import MEMBERS, Network

CURVE_HEIGHT, BARS_HEIGHT = 250, 150


def figure(sought: Sought, specs: Specs, text: Text) -> Figure:
    """Return family and fit, and under each the coefficients behind it."""
    spec: Network = specs[0]
    e = sought.history.experiment
    points = frames.points_frame(e)
    seen = around(np.quantile(sought.family.drop(columns="x"), (0.03, 0.97)).tolist())
    found = found_frame(sought.history)
    charts = (
        _family(sought, spec, seen, text),
        _fit(sought, points, text),
        _bars(pd.DataFrame({"number": range(1, len(sought.given) + 1), "value": sought.given}), "given", None, text),
        _bars(found, "found", e.steps, text),
    )
    count = len(sought.given)
    sentences = [text("unknowns.network.one", count=count, members=MEMBERS)]
    end = sig(float(sought.history.end[0]))
    sentences.append(text("unknowns.network.found", count=count, moved=sought.moved, steps=e.steps, loss=end))
    if sought.moved < count:
        sentences.append(text("unknowns.network.still", still=count - sought.moved))
    return Figure(charts, e.steps, sentences=tuple(sentences), key="loss_vs_step")


def _family(sought: Sought, spec: Network, seen: Domain, text: Text) -> Chart:
    drawn = family_chart(sought.family, f"c{spec.member}", KNOWN, seen, CURVE_HEIGHT)
    title = text("unknowns.network.family")
    alt = text("unknowns.network.family_alt", members=MEMBERS, member=spec.member)
    return Chart(drawn.to_dict(validate=False), title, alt, 6, CURVE_HEIGHT + 60, "family", main=True)


def _fit(sought: Sought, points: pd.DataFrame, text: Text) -> Chart:
    e = sought.history.experiment
    drawn = fit_chart(
        [Dots(points)],
        frames.fit_frame(sought.history, 0),
        "",
        Style(TRIED),
        text,
        x_domain=(-1.0, 1.0),
        y_domain=around(points["y"]),
        step=e.steps,
        height=CURVE_HEIGHT,
        truth=true_curve(frames.truth_frame(e)),
    )
    title = text("unknowns.network.fit")
    alt = text("unknowns.network.fit_alt", data=text(f"data_short.{e.data}"))
    return Chart(drawn.to_dict(validate=False), title, alt, 6, CURVE_HEIGHT + 60, "fit", main=True)


def _bars(values: pd.DataFrame, kind: str, step: int | None, text: Text) -> Chart:
    titles = (text("unknowns.network.number"), "")
    ends = around([*values["value"], 0.0])
    drawn = bars_chart(values, KNOWN if kind == "given" else TRIED, titles, ends, BARS_HEIGHT, step)
    count = int(values["number"].max())
    title = text(f"unknowns.network.{kind}_bars", count=count)
    alt = text(f"unknowns.network.{kind}_alt", count=count)
    return Chart(drawn.to_dict(validate=False), title, alt, 6, BARS_HEIGHT + 60, kind)
