"""The figure of fits under several losses: curves over the outliers, their distance to the truth, who pulls."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from core import loss_fits
from core.analysis.frames import truth_frame
from core.analysis.sentences import listed
from core.catalogue.data_sets import ONE_INPUT
from core.charts.axes import Axes
from core.charts.domains import around, nice
from core.charts.loss_fits import loss_fits_chart
from core.charts.series import series_chart
from core.charts.style import LOSSES as STYLES
from core.engine.history import History
from core.engine.network import ACTIVATIONS
from core.link import forms
from core.objective import Objective, fits_of
from core.player import Chart, Series
from core.spec.experiment import Experiment
from core.text import Text
from core.text.numbers import percent, percent_exactly, sig
from core.ui import controls, results
from core.ui.kept import kept

HEIGHT = 300


@dataclass(frozen=True)
class Fits:
    """What the figure shows: charts and read-out for the player, sentences, and the table under them."""

    charts: tuple[Chart, ...]
    series: tuple[Series, ...]
    sentences: tuple[str, ...]
    table: pd.DataFrame


def histories(experiment: Experiment, page: Objective, text: Text) -> tuple[History, ...] | None:
    """Return the experiment trained under each chosen loss; None after a notice."""
    found = [results.trained(e, text) for e in fits_of(experiment, page)]
    return None if any(h is None for h in found) else tuple(h for h in found if h is not None)


def fits(found: tuple[History, ...], text: Text) -> Fits:
    """Return the figure of these histories, kept for whoever asks for the same next."""
    key = " ".join(forms.canonical(h.experiment) for h in found)
    return _fits(key, text.language, found)


@kept
def _fits(key: str, language: str, _found: tuple[History, ...]) -> Fits:
    return build_fits(_found, Text(language))


def build_fits(found: Sequence[History], text: Text) -> Fits:
    """Make charts, read-out, sentences and table."""
    e = found[0].experiment
    names = [text(f"loss.{h.experiment.loss.name}") for h in found]
    styles = [STYLES[h.experiment.loss.name] for h in found]
    frame = loss_fits.curves_frame(found)
    points = loss_fits.points_frame(e)
    curves = loss_fits_chart(
        points, frame, truth_frame(e), styles, domain=around(points["y"]), step=e.steps, height=HEIGHT
    )
    off = frame.pivot_table(index="begin", columns="line", values="off", dropna=False).set_axis(
        [f"c{i}" for i in range(len(found))], axis="columns"
    )
    highest = float(off.where(off < math.inf).max().max())
    top = nice(highest) if highest > 0 else 1.0
    axes = Axes("", e.steps, e.steps, math.nan, domain=(0.0, max(top, highest)), height=HEIGHT)
    rows = off.rename_axis("step").reset_index()
    distance = series_chart(rows, names, styles, text, axes, title=text("objective.axis.off"))
    forgiven = loss_fits.forgiven_frame(found)
    charts = (
        Chart(
            curves.to_dict(validate=False),
            text("objective.fits.curves"),
            text("objective.alt.fits", names=listed(names, text)),
            columns=7,
            height=HEIGHT + 60,
            name="fits",
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
    return Fits(charts, _series(off, names, styles, e.steps), _sentences(e, forgiven, text), _table(forgiven, text))


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
    pulled = finite.dropna(subset=["pull"])
    shifted = int(loss_fits.outliers(e).sum())
    if shifted and len(pulled):
        shares = [
            text("objective.fits.pull", name=text(f"loss.{row['loss']}"), share=percent(row["pull"]))
            for row in pulled.sort_values("pull").to_dict("records")
        ]
        share = percent(shifted / e.points)
        sentences.append(text("objective.fits.pulls", share=share, losses=listed(shares, text)))
    return (*sentences, text(f"objective.fits.landmark{'' if shifted else '_plain'}"))


def _placed(place: str, group: pd.DataFrame, text: Text) -> str:
    names = [text(f"loss.{name}") for name in group["loss"]]
    key = f"objective.fits.{place}" if len(names) == 1 else f"objective.fits.{place}_tied"
    return text(key, name=listed(names, text), off=sig(group["off"].iloc[0], 2))


def _table(forgiven: pd.DataFrame, text: Text) -> pd.DataFrame:
    columns = {
        "loss": [text(f"loss.{name}") for name in forgiven["loss"]],
        "off": [sig(v) for v in forgiven["off"]],
        "pull": [percent(v) for v in forgiven["pull"]],
        "final": [sig(v) for v in forgiven["end"]],
        "truth": [sig(v) for v in forgiven["truth"]],
    }
    return pd.DataFrame({text(f"objective.fits.table.{name}"): values for name, values in columns.items()})


def data_controls(text: Text) -> None:
    """Show what the data and the network are."""
    controls.pick("data", text("control.data"), ONE_INPUT, lambda v: text(f"data.{v}"))
    controls.ladder("outliers.share", text("control.outliers_share"), show=percent_exactly)
    controls.ladder("noise", text("control.noise"))
    controls.ladder("n", text("control.n"))
    controls.ladder("width", text("control.width"))
    controls.pick("act", text("control.act"), tuple(ACTIVATIONS), lambda v: text(f"activation.{v}"))
