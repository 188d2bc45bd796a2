"""The race as the player shows it: loss against step, and every optimizer's fit to the data beside it."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.analysis import frames, result_frames
from core.analysis.rounding import Twin, parted
from core.analysis.sentences import failure_sentences, listed, race_sentences, result_table
from core.catalogue.data_sets import DATA_SETS
from core.charts.axes import Axes, Domain
from core.charts.domains import around, decades, nice
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.race import race_chart
from core.charts.style import OPTIMIZERS
from core.charts.surfaces import surface_chart
from core.engine.history import History
from core.link import forms
from core.player import Chart, Series
from core.spec.experiment import Experiment, View
from core.text import Text
from core.text.numbers import percent
from core.ui.kept import kept
from core.ui.log_axis import left_out

#: Of the loss at least: it follows the screen, and labels keep apart on the lowest one.
LOSS_HEIGHT, FIT_HEIGHT = 240, 190


@dataclass(frozen=True)
class Race:
    """What the race shows: charts and read-out for the player, sentences, and the table under them."""

    charts: tuple[Chart, ...]
    series: tuple[Series, ...]
    sentences: tuple[str, ...]
    failures: tuple[str, ...]
    table: pd.DataFrame


@kept
def _race(key: str, language: str, scale: str, smooth: float, full: bool, _history: History) -> Race:
    # `key` is the experiment's canonical link; the rest of the view does not change the picture.
    return build_race(_history, View(scale=scale, smooth=smooth, full=full), Text(language))


def race(history: History, view: View, text: Text) -> Race:
    """Return the race of a history, kept for whoever asks for the same one next."""
    key = forms.canonical(history.experiment)
    return _race(key, text.language, view.scale, view.smooth, view.full, history)


def build_race(history: History, view: View, text: Text) -> Race:
    """Make charts, read-out, sentences and table from a history."""
    e = history.experiment
    names = [o.name for o in e.optimizers]
    frame = frames.race_frame(history, view.smooth)
    result, events = result_frames.result_frame(history), labelled_events(history, text)
    failures = failure_sentences(history, events, text)
    axes = loss_axes(history, frame, [f"smooth_{n}" for n in names], view, text, LOSS_HEIGHT)
    failures += left_out(frame[[f"smooth_{n}" for n in names]], view.scale, text)
    loss = Chart(
        race_chart(frame, names, text, axes, full=view.full, events=events).to_dict(validate=False),
        lines_title(e, view, text),
        text("race.alt", names=listed(names, text), steps=e.steps),
        height=LOSS_HEIGHT + 60,
        name="loss",
        step_axis=True,
        main=True,
    )
    return Race(
        charts=(loss, *_fits(history, names, text)),
        series=tuple(_series(frame, n, e.steps) for n in names),
        sentences=tuple(race_sentences(history, result, text)),
        failures=tuple(failures),
        table=result_table(history, result, text),
    )


def parted_sentences(history: History, twin: Twin, text: Text) -> list[str]:
    """Say which curves are one of many, if any is; kept for whoever asks for the same next."""
    return _parted_sentences(forms.canonical(history.experiment), text.language, history, twin)


@kept
def _parted_sentences(key: str, language: str, _history: History, _twin: Twin) -> list[str]:
    return build_parted_sentences(_history, _twin, Text(language))


def build_parted_sentences(history: History, twin: Twin, text: Text) -> list[str]:
    """Say which curves are one of many, if any is."""
    seeds = history.experiment.seeds
    key = "result.parted_one" if seeds == 1 else "result.parted_many"
    found = [text(key, name=p.name, share=percent(p.share), count=p.seeds, seeds=seeds) for p in parted(history, twin)]
    return [text("result.parted", body=text("result.comma").join(found))] if found else []


def lines_title(experiment: Experiment, view: View, text: Text) -> str:
    """Return what the lines of the race are: every mini-batch or smoothed, of one seed or medians over several."""
    count = "one" if experiment.seeds == 1 else "many"
    return text(f"race.title.{count}_{'smooth' if view.smooth else 'raw'}", seeds=experiment.seeds)


def labelled_events(history: History, text: Text) -> pd.DataFrame:
    """Return where runs diverged or collapsed, each with the words for it as `label`."""
    events = result_frames.events_frame(history)
    count = "one" if history.experiment.seeds == 1 else "many"
    events["label"] = [
        text(f"race.{row['kind']}_{count}", name=row["name"], step=row["step"]) for row in events.to_dict("records")
    ]
    return events


def loss_axes(history: History, frame: pd.DataFrame, columns: list[str], view: View, text: Text, height: int) -> Axes:
    """Return the axes of loss against step: 0 to twice the best constant's loss, or whole decades."""
    e = history.experiment
    constant = float(history.constant_loss.median())
    values = frame[columns].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    if view.scale == "log":
        domain = decades([*values.tolist(), e.target, constant, float(history.full_loss[0].max()), 2 * constant])
    elif 0 < 2 * constant < math.inf and (not len(values) or values.min() >= 0):
        domain = (0.0, nice(2 * constant))
    else:
        domain = _around(values)
    return Axes(
        loss_name=text(f"loss.{e.loss.name}"),
        steps=e.steps,
        step=e.steps,
        target=e.target,
        scale="log" if view.scale == "log" else "linear",
        domain=domain,
        height=height,
    )


def _around(values: np.ndarray) -> Domain:
    """Return a domain for the losses of an own loss, which may be negative or all alike."""
    if not len(values):
        return 0.0, 1.0
    low, high = np.quantile(values, (0.0, 0.99)).tolist()
    margin = 0.05 * (high - low) or abs(high) or 1.0
    return low - margin, high + margin


def _series(frame: pd.DataFrame, name: str, steps: int) -> Series:
    """Return the smoothed loss as read at every step; between the rows of a thinned frame, the last row's."""
    row_of_step = np.searchsorted(frame["step"].to_numpy(), np.arange(steps + 1), side="right") - 1
    values = frame[f"smooth_{name}"].to_numpy(dtype=float)[row_of_step]
    style = OPTIMIZERS[name]
    return Series(name, style.colour, style.dash, [v if math.isfinite(v) else None for v in values.tolist()])


@lru_cache(16)
def _points(*drawn: Any) -> tuple[list[Dots], Domain, alt.InlineData | None]:
    """Return the points, a domain for them and the true curve, made once for races on the same data."""
    names = ("data", "points", "noise", "outlier_share", "outlier_size", "first_seed")
    e = Experiment(batch_size=1, epochs=1, **dict(zip(names, drawn, strict=True)))
    points = frames.points_frame(e)
    truth = None if DATA_SETS[e.data].inputs == 2 else true_curve(frames.truth_frame(e))
    return [Dots(points)], around(points["y"]), truth


def _fits(history: History, names: list[str], text: Text) -> list[Chart]:
    """Return one chart an optimizer: its fit of seed 0, at the first of its rates."""
    e = history.experiment
    two = DATA_SETS[e.data].inputs == 2
    dots, domain, truth = _points(e.data, e.points, e.noise, e.outlier_share, e.outlier_size, e.first_seed)
    charts = []
    for name in names:
        column = next(i for i, run in enumerate(history.runs) if run.optimizer.name == name)
        fit = frames.fit_frame(history, column)
        if two:
            chart = surface_chart(fit, name, text, z_domain=domain, step=e.steps, height=FIT_HEIGHT, legend=True)
        else:
            chart = fit_chart(
                dots,
                fit,
                name,
                OPTIMIZERS[name],
                text,
                x_domain=(-1.0, 1.0),
                y_domain=domain,
                step=e.steps,
                height=FIT_HEIGHT,
                truth=truth,
            )
        charts.append(
            Chart(
                chart.to_dict(validate=False),
                text("race.fit_title") if name == names[0] else "",
                text("race.fit_alt", name=name, data=text(f"data_short.{e.data}")),
                columns=3,
                height=FIT_HEIGHT + (100 if two else 60),
                name=f"fit-{name}",
            )
        )
    return charts
