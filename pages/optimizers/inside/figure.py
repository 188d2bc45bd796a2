"""The network, whose coefficients can be picked, and what the optimizers make of one of them over the steps."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.analysis import frames
from core.analysis.coefficient_names import cell_label, cell_names
from core.analysis.sentences import failure_sentences, listed
from core.catalogue.data_sets import DATA_SETS
from core.charts.axes import Axes, Domain
from core.charts.network_drawing import network_chart
from core.charts.parameters import parameter_rows
from core.charts.race import race_chart
from core.charts.series import series_chart
from core.charts.style import OPTIMIZERS, Style
from core.link.forms import Specs
from core.player import Chart, Series
from core.player.figure import Figure
from core.player.loss_axes import labelled_events, loss_axes
from core.spec.view import View
from core.text import Text
from core.text.numbers import sig
from pages.optimizers.inside.chart import QUANTITIES, numbers_chart
from pages.optimizers.inside.compute import RISE, Looked

_DRAWING, _SMALL, _NUMBERS = 400, 150, 135
#: Steps of all optimizers whose numbers are sent to the browser: more would be too much.
_CELLS = 12_000
#: Where the axis of all values would be `_FAR` times as long as that of this share of them, it holds no more.
_MOST, _FAR = 0.995, 20


def figure(found: Looked, specs: Specs, text: Text) -> Figure:
    """Return the drawing of the network, the small charts and the losses."""
    history, view = found.history, specs[1]
    frame, steps = found.frame(), history.experiment.steps
    events = labelled_events(history, text)
    small = _small(found, frame.iloc[frames.kept_steps(steps)], text)
    losses = _losses(found, view, events, small[-1].columns, text)
    numbers = [_numbers(found, frame, text)] if steps * len(found.names) <= _CELLS else []
    return Figure(
        (_network(found, text), *numbers, *small, losses),
        steps=steps,
        series=tuple(_series(found, i) for i in range(len(found.names))),
        sentences=tuple(_sentences(found, text)),
        notes=(*failure_sentences(history, events, text), text("optimizers.inside.kept")),
        event=history.event,
        opens=found.opens,
        followed=True,
        picks="cell",
        key="loss_vs_step",
    )


def _numbers(found: Looked, frame: pd.DataFrame, text: Text) -> Chart:
    """Return the numbers of the step as a table."""
    rows = [found.row(i) for i in range(len(found.names))]
    shown = [
        [f"{q}_{i}" for q in QUANTITIES if not (q == "m" and not row.beta1) and not (q == "r" and not row.a)]
        for i, row in enumerate(rows)
    ]
    drawn = numbers_chart(frame, found.names, shown, step=found.opens, height=_NUMBERS)
    title = text("optimizers.inside.numbers", cell=cell_label(found.cell))
    alt = text("optimizers.inside.numbers_alt", cell=cell_label(found.cell), names=listed(found.names, text))
    return Chart(drawn.to_dict(validate=False), title, alt, 7, _NUMBERS, "numbers", rigid=True)


def _network(found: Looked, text: Text) -> Chart:
    """Draw the weights of the first optimizer's network; a press picks one of them."""
    history = found.history
    e, weights = history.experiment, history.snapshots[:, :, 0]  # (snapshots, parameters)
    names = cell_names(e)
    drawn = network_chart(
        parameter_rows(frames.coefficient_frame(history.snapshot_steps, e.steps, weights)),
        inputs=DATA_SETS[e.data].inputs,
        names=names,
        labels=[cell_label(name) for name in names],
        value="value",
        picked=found.recorded.index,
        most=frames.largest(weights),
        layers=[text(f"chart.network.{part}") for part in ("inputs", "hidden", "output")],
        step=found.opens,
        height=_DRAWING,
    )
    title = text("optimizers.inside.network", name=found.names[0])
    alt = text("optimizers.inside.network_alt", name=found.names[0], cell=cell_label(found.cell))
    return Chart(drawn.to_dict(validate=False), title, alt, 5, _DRAWING, "network", main=True, tall=True, picks=True)


def _small(found: Looked, frame: pd.DataFrame, text: Text) -> list[Chart]:
    """Return the gradient with m, √v where somebody divides by it, the updates, and the coefficient."""
    names, runs = found.names, range(len(found.names))
    keeps = [i for i in runs if found.row(i).beta1]
    divides = [i for i in runs if found.row(i).a]
    lines = {"slopes": [("g", i) for i in runs] + [("m", i) for i in keeps]}
    if divides:
        lines["sizes"] = [("r", i) for i in divides]
    lines |= {"updates": [("u", i) for i in runs], "values": [("p", i) for i in runs]}
    last = 12 // len(lines)  # a row of them with the losses
    charts = []
    for place, (kind, drawn) in enumerate(lines.items()):
        called = [f"{names[i]} {what}" if kind == "slopes" else names[i] for what, i in drawn]
        styles = [OPTIMIZERS[names[i]] for _, i in drawn]
        columns = [f"{what}_{i}" for what, i in drawn]
        faint = [name for name, (what, _) in zip(called, drawn, strict=True) if what == "g" and keeps]
        charts.append(_lines(found, frame, kind, columns, called, styles, faint, 7 if place < 1 else last, text))
    return charts


def _lines(
    found: Looked,
    frame: pd.DataFrame,
    kind: str,
    columns: Sequence[str],
    names: Sequence[str],
    styles: Sequence[Style],
    faint: Sequence[str],
    width: int,
    text: Text,
) -> Chart:
    data = frame[["step", *columns]].set_axis(["step", *(f"c{i}" for i in range(len(columns)))], axis="columns")
    domain = _domain(frame[list(columns)].to_numpy(dtype=float), from_zero=kind == "sizes")
    axes = Axes("", found.history.experiment.steps, found.opens, math.nan, "linear", domain, _SMALL)
    cell = cell_label(found.cell)
    drawn = series_chart(data, names, styles, text, axes, saved=("line", "value"), faint=faint)
    only = "_only" if kind == "slopes" and not faint else ""
    title = text(f"optimizers.inside.{kind}{only}", cell=cell)
    alt = text(f"optimizers.inside.{kind}_alt", cell=cell, names=listed(list(dict.fromkeys(found.names)), text))
    return Chart(drawn.to_dict(validate=False), title, alt, width, _SMALL + 50, kind, True)


def _domain(values: np.ndarray, *, from_zero: bool) -> Domain:
    """Return the ends of an axis that all values lie on, but for the rarest where those are far off."""
    found = values[np.isfinite(values)]
    if not len(found):
        return 0.0, 1.0
    ends = [(float(np.quantile(found, 1 - q)), float(np.quantile(found, q))) for q in (_MOST, 1.0)]
    (low, high), (lowest, highest) = ends
    if highest - lowest <= _FAR * (high - low):
        low, high = lowest, highest
    margin = 0.1 * (high - low) or abs(high) or 1e-3
    return (0.0 if from_zero else low - margin), high + margin


def _losses(found: Looked, view: View, events: pd.DataFrame, width: int, text: Text) -> Chart:
    """Return the loss of each optimizer."""
    history = found.history
    names = list(dict.fromkeys(found.names))
    frame = frames.race_frame(history, view.smooth)
    axes = loss_axes(history, frame, [f"smooth_{n}" for n in names], view, text, _SMALL)
    drawn = race_chart(frame, names, text, axes, events=events)
    alt = text("race.alt", names=listed(names, text), steps=history.experiment.steps)
    return Chart(drawn.to_dict(validate=False), text("optimizers.inside.losses"), alt, width, _SMALL + 50, "loss", True)


def _series(found: Looked, column: int) -> Series:
    """Return the coefficient as read at every step."""
    name, style = found.names[column], OPTIMIZERS[found.names[column]]
    read = [v if math.isfinite(v) else None for v in found.recorded.parameter[:, column].tolist()]
    return Series(f"{name} {cell_label(found.cell)}", style.colour, style.dash, read)


def _sentences(found: Looked, text: Text) -> list[str]:
    """Say how far each optimizer moves the coefficient, whose loss leaps, and what bias correction does."""
    moved = [_moved(found, i, text) for i in range(len(found.names))]
    bare = [_bare(found, i, text) for i in range(len(found.names))]
    return [*moved, *filter(None, bare)]


def _moved(found: Looked, column: int, text: Text) -> str:
    if found.still(column):
        return text("optimizers.inside.still", name=found.names[column], cell=cell_label(found.cell))
    ends = {"start": found.recorded.parameter[0, column], "end": found.recorded.parameter[-1, column]}
    said = {name: sig(float(value)) for name, value in ends.items()}
    sentence = text("optimizers.inside.moved", name=found.names[column], cell=cell_label(found.cell), **said)
    if found.history.outcomes[column].diverged is not None or not (count := found.rises(column)):
        return sentence
    epochs = found.history.experiment.epochs
    rises = text("optimizers.inside.rises", count=count, epochs=epochs, times=sig(RISE))
    return sentence + text("result.space") + rises


def _bare(found: Looked, column: int, text: Text) -> str:
    first = found.uncorrected(column)
    if first is None or first["times"].isna().any():
        return ""
    low, high = (sig(float(v)) for v in (first["times"].min(), first["times"].max()))
    if low == high:
        return ""
    return text("optimizers.inside.bare", name=found.names[column], count=len(first), low=low, high=high)
