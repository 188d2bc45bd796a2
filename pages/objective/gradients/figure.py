"""The network and its gradient matrix: weights and gradients of both layers, laid out alike, along a training."""

import math

import pandas as pd

from core.analysis.coefficient_names import cell_label, cell_names, nearest_cell
from core.analysis.frames import coefficient_frame, largest
from core.analysis.gradients import Matrices, losses
from core.catalogue.data_sets import DATA_SETS
from core.charts.loss_curves import CURVE, TANGENT
from core.charts.network_drawing import network_chart
from core.charts.parameters import parameter_rows
from core.engine.history import end_steps
from core.link.forms import Specs
from core.player import Chart, Series
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.objective.gradients.chart import matrix_chart
from pages.objective.spec import Objective

_PARTS = ("W₁", "b₁", "W₂ᵀ", "b₂")
_ROW = 26  # px of a row of a matrix
_DRAWING = 250  # px of the drawing
_SAVED = {"weights": "value", "gradients": "gradient"}  # what one is called in a file


def figure(found: Matrices, specs: Specs, text: Text) -> Figure:
    """Return the network and both heat maps, the cell outlined in them, and how long the gradient is."""
    e, page = found.experiment, specs[2]
    charts = _charts(found, page, text)
    note = text(f"objective.matrix.note_{page.batch}", size=found.size, points=e.points)
    if page.batch == "all" and len(e.batch_sizes) > 1:
        note += text("result.space") + text("objective.matrix.note_training")
    optimizer = e.optimizers[0]
    rate = sig(optimizer.lr or e.learning_rates[0])
    kept = text(
        "objective.matrix.kept",
        data=text(f"data.{e.data}"),
        rate=rate,
        count=len(found.steps),
        steps=e.steps,
        optimizer=optimizer.name,
    )
    said = (length_sentence(found, text),)
    return Figure(charts, e.steps, _series(found, text), said, (note, kept), followed=True, picks="cell")


def _charts(found: Matrices, page: Objective, text: Text) -> tuple[Chart, ...]:
    """Return the drawing of the network, and both matrices; in each a press picks a cell."""
    e = found.experiment
    values = {"weights": found.weights, "gradients": found.gradients}
    snapshots = {kind: parameter_rows(coefficient_frame(found.steps, e.steps, v.T)) for kind, v in values.items()}
    most = {kind: largest(v) for kind, v in values.items()}
    names = cell_names(e)
    place = names.index(nearest_cell(page.cell, e))
    inputs, height = DATA_SETS[e.data].inputs, _ROW * max(e.width, 4)
    drawing = network_chart(
        snapshots[page.edges],
        inputs=inputs,
        names=names,
        labels=[cell_label(name) for name in names],
        value=_SAVED[page.edges],
        picked=place,
        most=most[page.edges],
        layers=[text(f"chart.network.{part}") for part in ("inputs", "hidden", "output")],
        step=e.steps,
        height=_DRAWING,
    )
    title, told = (text(f"objective.{group}.network_{page.edges}") for group in ("edges", "alt"))
    charts = [Chart(drawing.to_dict(validate=False), title, told, height=_DRAWING, name="network", picks=True)]
    for kind, sign in (("weights", ""), ("gradients", "∂L/∂")):
        matrix = matrix_chart(
            snapshots[kind],
            inputs=inputs,
            width=e.width,
            names=names,
            value=_SAVED[kind],
            most=most[kind],
            picked=place,
            titles=[sign + part for part in _PARTS],
            unit=text("objective.matrix.unit"),
            step=e.steps,
            height=height,
        )
        title, told = text(f"objective.matrix.{kind}"), text(f"objective.alt.{kind}", width=e.width)
        spec = matrix.to_dict(validate=False)
        charts.append(Chart(spec, title, told, 6, height + 70, kind, rigid=True, picks=True))
    return tuple(charts)


def _series(found: Matrices, text: Text) -> tuple[Series, ...]:
    """Return the loss and the length of the gradient as read at every step."""
    e = found.experiment
    values = {
        "loss": [float(losses(e, found.weights[:, k : k + 1], p)) for k, p in enumerate(found.points)],
        "length": found.gradients.norm(dim=0).tolist(),
    }
    lines = []
    for (name, numbers), colour in zip(values.items(), (CURVE, TANGENT), strict=True):
        every = pd.Series(numbers, index=list(found.steps)).reindex(range(e.steps + 1), method="ffill")
        read = [None if not math.isfinite(v) else v for v in every.tolist()]
        lines.append(Series(text(f"objective.matrix.{name}"), colour, (), read))
    return tuple(lines)


def length_sentence(found: Matrices, text: Text) -> str:
    """Say how long the gradient is at the start and at the end, the mean over the run's last steps, and at least."""
    e, lengths = found.experiment, found.gradients.norm(dim=0)
    wanted = end_steps(e.steps, len(e.batch_sizes))
    ends = [k for k, step in enumerate(found.steps) if step in wanted]
    values = {"start": lengths[0], "end": lengths[ends].mean(), "least": lengths.min()}
    return text("objective.matrix.result", **{name: sig(float(v)) for name, v in values.items()})
