"""The race drawn: loss against step, every optimizer's fit beside it, and the result."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from core.analysis import frames, result_frames
from core.analysis.best_rates import choosing
from core.analysis.sentences import chosen_sentence, failure_sentences, listed, race_sentences, result_table
from core.catalogue.data_sets import DATA_SETS
from core.charts.axes import Domain
from core.charts.domains import around
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.race import race_chart
from core.charts.style import OPTIMIZERS
from core.charts.surfaces import surface_chart
from core.engine.history import History
from core.link.forms import Specs
from core.player import Chart, Series
from core.player.figure import Figure
from core.player.log_axis import left_out
from core.player.loss_axes import labelled_events, loss_axes
from core.spec.experiment import Experiment
from core.spec.view import View
from core.text import Text
from core.text.numbers import sig

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


def figure(history: History, specs: Specs, text: Text) -> Figure:
    """Return charts, read-out, sentences and table of a race."""
    experiment, view = specs
    drawn = build_race(history, view, text)
    chosen = (chosen_sentence(choosing(experiment), text),) if view.rates == "best" else ()
    return Figure(
        drawn.charts,
        history.experiment.steps,
        drawn.series,
        drawn.sentences,
        drawn.failures + chosen + (trained_note(history, text),),
        drawn.table,
        event=history.event,
        key="loss_vs_step",
    )


def trained_note(history: History, text: Text) -> str:
    """Return how much was trained, and on what."""
    where, count = "gpu" if history.device == "cuda" else "cpu", len(history.runs)
    runs = text(
        f"result.runs_{'one' if count == 1 else 'many'}", runs=f"{count:,}", steps=f"{history.experiment.steps:,}"
    )
    return text(f"result.trained_on_{where}", runs=runs)


def build_race(history: History, view: View, text: Text, *, fits: bool = True) -> Race:
    """Make charts, if `fits` those of the curves too, read-out, sentences and table from a history."""
    e = history.experiment
    names = [o.name for o in e.optimizers]
    frame = frames.race_frame(history, view.smooth)
    result, events = result_frames.result_frame(history), labelled_events(history, text)
    failures = failure_sentences(history, events, text)
    axes = loss_axes(history, frame, [f"smooth_{n}" for n in names], view, text, LOSS_HEIGHT)
    failures += left_out(frame[[f"smooth_{n}" for n in names]], view.scale, text)
    low, high = axes.domain
    in_sight = low <= e.target <= high
    reached = {n: s for n, s in zip(result["name"], result["reached"], strict=True) if s < math.inf and in_sight}
    drawn = race_chart(
        frame,
        names,
        text,
        axes,
        full=view.full,
        events=events,
        rates=[line.rate for line in frames.lines(history)],
        reached=reached,
    )
    loss = Chart(
        drawn.to_dict(validate=False),
        lines_title(history, view, text, rings=bool(reached)),
        text("race.alt", names=listed(names, text), steps=e.steps),
        height=LOSS_HEIGHT + 60,
        name="loss",
        step_axis=True,
        main=True,
    )
    return Race(
        charts=(loss, *(_fits(history, names, text) if fits else ())),
        series=tuple(_series(frame, n, e.steps) for n in names),
        sentences=tuple(race_sentences(history, result, text)),
        failures=tuple(failures),
        table=result_table(history, result, text),
    )


def lines_title(history: History, view: View, text: Text, *, rings: bool) -> str:
    """Return what the lines of the race are: every mini-batch or smoothed, of one seed or medians over several."""
    e = history.experiment
    count = "one" if e.seeds == 1 else "many"
    title = text(f"race.title.{count}_{'smooth' if view.smooth else 'raw'}", seeds=e.seeds)
    seen = "" if history.eval_every == 1 else "_seen"
    return title + text(f"race.title.ring_{count}{seen}", target=sig(e.target)) if rings else title


def _series(frame: pd.DataFrame, name: str, steps: int) -> Series:
    """Return the smoothed loss as read at every step; between the rows of a thinned frame, the last row's."""
    row_of_step = np.searchsorted(frame["step"].to_numpy(), np.arange(steps + 1), side="right") - 1
    values = frame[f"smooth_{name}"].to_numpy(dtype=float)[row_of_step]
    style = OPTIMIZERS[name]
    return Series(name, style.colour, style.dash, [v if math.isfinite(v) else None for v in values.tolist()])


@lru_cache(16)
def _points(*drawn: Any) -> tuple[list[Dots], Domain, Any]:
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
    kind = "surface" if two else "fit"
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
                text(f"race.{kind}_title") if name == names[0] else "",
                text(f"race.{kind}_alt", name=name, data=text(f"data_short.{e.data}")),
                columns=3,
                height=FIT_HEIGHT + (100 if two else 60),
                name=f"fit-{name}",
            )
        )
    return charts
