"""The Learning-rate page's figures: small multiples of loss against step, and final loss against rate."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.analysis import frames
from core.analysis.best_rates import choosing, reported, sweep_of
from core.analysis.frames import Line
from core.analysis.quantiles import most_by
from core.analysis.result_frames import sweep_frame
from core.analysis.sentences import cheap_constant, chosen_sentence, listed, sweep_sentences
from core.charts.domains import decades
from core.charts.panels import panel_chart
from core.charts.style import OPTIMIZERS, rate_styles
from core.charts.sweep import sweep_chart
from core.engine.history import History
from core.link import forms
from core.player import Chart
from core.spec.experiment import LADDER, Experiment, View
from core.text import Text
from core.ui.kept import kept
from core.ui.log_axis import left_out
from core.ui.race import loss_axes

PANEL_HEIGHT = 220
#: Height of the sweep's plot in pixels; strips come below it.
SWEEP_HEIGHT = 300


@dataclass(frozen=True)
class Sweep:
    """What the sweep shows: an Altair chart as its specification, its alt text, and sentences."""

    spec: dict
    alt: str
    sentences: tuple[str, ...]


#: What the page's links hold, and what they want trained.
FORM = replace(forms.EXPERIMENT, trains=lambda specs: trainings(specs[0]))


def trainings(experiment: Experiment) -> tuple[Experiment, ...]:
    """Return what the page trains: the ladder on the seeds it shows, and on those that best rates are chosen on."""
    ladder = whole_ladder(experiment)
    return ladder, choosing(ladder)


def whole_ladder(experiment: Experiment) -> Experiment:
    """Return the experiment over the ladder and the chosen rates, no optimizer with a rate of its own."""
    rates = tuple(sorted({*LADDER, *experiment.learning_rates}))
    return replace(sweep_of(experiment), learning_rates=rates)


@kept
def _panels(
    key: str, language: str, view: tuple[str, float, str], rates: tuple[float, ...], _history: History
) -> tuple[Chart, ...]:
    scale, smooth, by = view
    return build_panels(_history, rates, View(scale=scale, smooth=smooth, by=by), Text(language))


def panels(history: History, rates: tuple[float, ...], view: View, text: Text) -> tuple[Chart, ...]:
    """Return the small multiples, kept for whoever asks for the same ones next."""
    key = forms.canonical(history.experiment)
    return _panels(key, text.language, (view.scale, view.smooth, view.by), rates, history)


def build_panels(history: History, rates: Sequence[float], view: View, text: Text) -> tuple[Chart, ...]:
    """Make one chart an optimizer with a line a rate, or the reverse, all on the same scales."""
    chosen = [line for line in frames.lines(history) if line.rate in set(rates)]
    names = [o.name for o in history.experiment.optimizers]
    if view.by == "optimizer":
        groups = [(name, [line for line in chosen if line.name == name]) for name in names]
        labels = [f"{rate:g}" for rate in sorted(rates)]
        styles = rate_styles(len(labels))
    else:
        groups = [(text("rates.panel", rate=f"{r:g}"), [x for x in chosen if x.rate == r]) for r in sorted(rates)]
        labels, styles = names, [OPTIMIZERS[name] for name in names]
    everything = frames.panel_frame(history, chosen, view.smooth)
    all_columns = [f"c{i}" for i in range(len(chosen))]
    axes = loss_axes(history, everything, all_columns, view, text, PANEL_HEIGHT)
    charts = []
    for i, (title, lines) in enumerate(groups):
        frame = frames.panel_frame(history, lines, view.smooth)
        columns = [f"c{k}" for k in range(len(lines))]
        spec = panel_chart(
            frame,
            columns,
            labels,
            styles,
            text,
            axes,
            events=_events(history, lines),
        )
        alt = text("rates.panel_alt", title=title, lines=listed(labels, text))
        charts.append(
            Chart(
                spec.to_dict(validate=False),
                title,
                alt,
                columns=6,
                height=PANEL_HEIGHT + 90,
                name=f"panel-{i}",
                step_axis=True,
            )
        )
    return tuple(charts)


def notes(history: History, rates: Sequence[float], view: View, text: Text) -> list[str]:
    """Return what has to be said of the small multiples in small print."""
    chosen = [line for line in frames.lines(history) if line.rate in set(rates)]
    losses = frames.panel_frame(history, chosen, view.smooth).drop(columns="step") if view.scale == "log" else ()
    seeds = history.experiment.seeds
    kind = f"{'one' if seeds == 1 else 'many'}_{'smooth' if view.smooth else 'raw'}"
    lines = [] if kind == "one_raw" else [text(f"rates.lines.{kind}", seeds=seeds)]
    return [*lines, *left_out(losses, view.scale, text)]


def _events(history: History, lines: Sequence[Line]) -> pd.DataFrame:
    """Return column, step, kind for the lines most of whose seeds diverged."""
    rows = []
    for i, line in enumerate(lines):
        steps = [math.inf if (s := history.outcomes[c].diverged) is None else s for c in line.columns]
        if (step := most_by(np.array(steps))) < math.inf:
            rows.append((f"c{i}", int(step), "diverged"))
    return pd.DataFrame(rows, columns=["column", "step", "kind"])


@kept
def _sweep(key: str, language: str, _history: History, _best: pd.DataFrame) -> Sweep:
    return build_sweep(_history, _best, Text(language))


def sweep(history: History, best: pd.DataFrame, text: Text) -> Sweep:
    """Return final loss against rate, kept for whoever asks for the same next; `best` as `chosen_rates` has it."""
    return _sweep(f"{forms.canonical(history.experiment)}|{len(best)}", text.language, history, best)


def build_sweep(history: History, best: pd.DataFrame, text: Text) -> Sweep:
    """Make the chart of final loss against rate, and say where each optimizer works.

    `best`: name and rate, chosen on other seeds.
    """
    e = history.experiment
    frame = sweep_frame(history)
    found = reported(frame, best)
    names = [o.name for o in e.optimizers]
    constant = float(history.constant_loss.median())
    lowest = frame.groupby("name")["median"].min()
    domain = decades([*found["loss"].tolist(), *lowest.tolist(), e.target, constant, 10 * constant])
    chart = sweep_chart(
        frame,
        names,
        text,
        loss_name=text(f"loss.{e.loss.name}"),
        domain=domain,
        best=found,
        target=e.target,
        height=SWEEP_HEIGHT,
    )
    lost = left_out(frame["median"], "log", text, choice=False)
    sentences = sweep_sentences(frame, found, e.target, e.seeds, text)
    chosen = [chosen_sentence(choosing(e), text)] if len(found) else []
    return Sweep(
        chart.to_dict(validate=False),
        text("rates.sweep_alt", names=listed(names, text)),
        (*sentences, *cheap_constant(history, text), *chosen, *lost),
    )
