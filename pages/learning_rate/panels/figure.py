"""Small multiples of loss against step: a panel an optimizer with a line a rate, or the reverse."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.analysis import frames
from core.analysis.frames import Line
from core.analysis.quantiles import most_by
from core.analysis.sentences import listed
from core.charts.style import OPTIMIZERS, rate_styles
from core.engine.history import History
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.player.log_axis import left_out
from core.player.loss_axes import loss_axes
from core.spec.view import View
from core.text import Text
from pages.learning_rate.panels.chart import panel_chart

PANEL_HEIGHT = 220


def figure(history: History, specs: Specs, text: Text) -> Figure:
    """Return the small multiples, and what has to be said of their lines."""
    experiment, view = specs
    rates = experiment.learning_rates
    charts = build_panels(history, rates, view, text)
    told = tuple(notes(history, rates, view, text))
    return Figure(charts, history.experiment.steps, notes=told, event=history.event, key="loss_vs_step")


def build_panels(history: History, rates: Sequence[float], view: View, text: Text) -> tuple[Chart, ...]:
    """Make one chart an optimizer with a line a rate, or the reverse, all on the same scales."""
    chosen = [line for line in frames.lines(history) if line.rate in set(rates)]
    names = [o.name for o in history.experiment.optimizers]
    if view.by == "optimizer":
        groups = [(name, [line for line in chosen if line.name == name]) for name in names]
        labels = [f"{rate:g}" for rate in sorted(rates)]
        styles = rate_styles(len(labels))
    else:
        groups = [
            (text("learning_rate.panels.title", rate=f"{r:g}"), [x for x in chosen if x.rate == r])
            for r in sorted(rates)
        ]
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
            told=[{"optimizer": line.name, "rate": line.rate} for line in lines],
            events=_events(history, lines),
        )
        alt = text("learning_rate.panels.alt", title=title, lines=listed(labels, text))
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
    lines = [] if kind == "one_raw" else [text(f"learning_rate.panels.lines.{kind}", seeds=seeds)]
    return [*lines, *left_out(losses, view.scale, text)]


def _events(history: History, lines: Sequence[Line]) -> pd.DataFrame:
    """Return column, step, kind for the lines most of whose seeds diverged."""
    rows = []
    for i, line in enumerate(lines):
        steps = [math.inf if (s := history.outcomes[c].diverged) is None else s for c in line.columns]
        if (step := most_by(np.array(steps))) < math.inf:
            rows.append((f"c{i}", int(step), "diverged"))
    return pd.DataFrame(rows, columns=["column", "step", "kind"])
