"""The figure of fits under several losses: curves over the outliers, their distance to the truth, whose influence."""

import math
from collections.abc import Sequence

import pandas as pd

from core.analysis.frames import truth_frame
from core.analysis.sentences import listed
from core.charts.axes import Axes
from core.charts.domains import around, nice
from core.charts.series import series_chart
from core.charts.style import LOSSES as STYLES
from core.engine.history import History
from core.link.forms import Specs
from core.player import Chart, Series
from core.player.figure import Figure
from core.spec.experiment import Experiment
from core.text import Text
from core.text.numbers import percent, sig
from pages.objective.outliers.chart import loss_fits_chart
from pages.objective.outliers.compute import curves_frame, forgiven_frame, outliers, points_frame

HEIGHT = 300


def figure(found: Sequence[History], _: Specs, text: Text) -> Figure:
    """Make charts, read-out, sentences and table of trainings that differ in their loss."""
    e = found[0].experiment
    names = [text(f"loss.{h.experiment.loss.name}") for h in found]
    styles = [STYLES[h.experiment.loss.name] for h in found]
    frame = curves_frame(found)
    points = points_frame(e)
    curves = loss_fits_chart(
        points, frame, truth_frame(e), names, styles, domain=around(points["y"]), step=e.steps, height=HEIGHT
    )
    off = frame.pivot_table(index="begin", columns="line", values="off", dropna=False).set_axis(
        [f"c{i}" for i in range(len(found))], axis="columns"
    )
    highest = float(off.where(off < math.inf).max().max())
    top = nice(highest) if highest > 0 else 1.0
    axes = Axes("", e.steps, e.steps, math.nan, domain=(0.0, max(top, highest)), height=HEIGHT)
    rows = off.rename_axis("step").reset_index()
    saved, title = ("loss_function", "distance"), text("objective.axis.off")
    distance = series_chart(rows, names, styles, text, axes, saved=saved, title=title)
    forgiven = forgiven_frame(found)
    charts = (
        Chart(
            curves.to_dict(validate=False),
            text("objective.fits.curves"),
            text("objective.alt.fits", names=listed(names, text)),
            columns=7,
            height=HEIGHT + 60,
            name="fits",
            main=True,
        ),
        Chart(
            distance.to_dict(validate=False),
            text("objective.fits.off"),
            text("objective.alt.off", names=listed(names, text)),
            columns=5,
            height=HEIGHT + 60,
            name="distance",
            step_axis=True,
        ),
    )
    return Figure(
        charts,
        e.steps,
        _series(off, names, styles, e.steps),
        _sentences(e, forgiven, text),
        (text("result.end_mean"),),
        table=_table(forgiven, text),
    )


def _series(off: pd.DataFrame, names: Sequence[str], styles: Sequence, steps: int) -> tuple[Series, ...]:
    """Return the distances as read at every step: those of the last snapshot before it."""
    every = off.reindex(range(steps + 1), method="ffill")
    values = [[None if math.isnan(v) else v for v in every[c].tolist()] for c in every]
    return tuple(Series(n, s.colour, s.dash, v) for n, s, v in zip(names, styles, values, strict=True))


def _sentences(e: Experiment, forgiven: pd.DataFrame, text: Text) -> tuple[str, ...]:
    finite = forgiven[forgiven["off"] < math.inf].sort_values("off")
    if finite.empty:
        return (text("objective.fits.lost"),)
    # what is equal to the digits shown is a tie: rounding decides between losses that are the same
    groups = [group for _, group in finite.groupby(finite["off"].map(lambda v: sig(v, 2)), sort=False)]
    sentences = [_placed("nearest", groups[0], text)]
    if len(groups) > 1:
        sentences[0] += text("result.space") + _placed("farthest", groups[-1], text)
    if len(finite) < len(forgiven):
        lost = [text(f"loss.{name}") for name in forgiven.loc[forgiven["off"] == math.inf, "loss"]]
        sentences.append(text("objective.fits.diverged", names=listed(lost, text)))
    influential = finite.dropna(subset=["influence"])
    shifted = int(outliers(e).sum())
    if shifted and len(influential):
        shares = [
            text("objective.fits.share", name=text(f"loss.{row['loss']}"), share=percent(row["influence"]))
            for row in influential.sort_values("influence").to_dict("records")
        ]
        share = percent(shifted / e.points)
        sentences.append(text("objective.fits.shares", share=share, losses=listed(shares, text)))
    return (*sentences, text(f"objective.fits.landmark{'' if shifted else '_plain'}"))


def _placed(place: str, group: pd.DataFrame, text: Text) -> str:
    names = [text(f"loss.{name}") for name in group["loss"]]
    key = f"objective.fits.{place}" if len(names) == 1 else f"objective.fits.{place}_tied"
    return text(key, name=listed(names, text), off=sig(group["off"].iloc[0], 2))


def _table(forgiven: pd.DataFrame, text: Text) -> pd.DataFrame:
    columns = {
        "loss": [text(f"loss.{name}") for name in forgiven["loss"]],
        "off": [sig(v) for v in forgiven["off"]],
        "influence": [percent(v) for v in forgiven["influence"]],
        "final": [sig(v) for v in forgiven["end"]],
        "truth": [sig(v) for v in forgiven["truth"]],
    }
    return pd.DataFrame({text(f"objective.fits.table.{name}"): values for name, values in columns.items()})
