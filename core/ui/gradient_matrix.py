"""The figure of the gradient matrix: weights and gradients in the player, and one cell checked by hand."""

import math
from dataclasses import dataclass

import pandas as pd

from core.analysis.gradients import Matrices, cells, losses, matrices
from core.catalogue.data_sets import DATA_SETS
from core.charts.loss_curves import CURVE, TANGENT
from core.charts.matrices import matrix_chart
from core.engine.history import History, end_steps
from core.link import forms
from core.objective import Objective
from core.player import Chart, Series
from core.spec.experiment import Experiment
from core.text import Text
from core.text.numbers import sig
from core.ui.kept import kept

_PARTS = ("W₁", "b₁", "W₂ᵀ", "b₂")
_ROW = 26  # px of a row of a matrix


@dataclass(frozen=True)
class Shown:
    """Two heat maps and the read-out for the player."""

    charts: tuple[Chart, ...]
    series: tuple[Series, ...]


def found_matrices(history: History, page: Objective) -> Matrices:
    """Return the gradients at every snapshot, kept for whoever asks for the same next."""
    return _matrices(forms.canonical(history.experiment), page.batch == "all", history)


@kept
def _matrices(key: str, of_all: bool, _history: History) -> Matrices:
    return matrices(_history, of_all)


def cell_names(e: Experiment) -> list[str]:
    """Return the cells of the experiment's network."""
    return cells(DATA_SETS[e.data].inputs, e.width)


def nearest_cell(cell: str, e: Experiment) -> str:
    """Return the cell, or the first one of its matrix where the network has no such cell."""
    names = cell_names(e)
    return cell if cell in names else next(n for n in names if n.split(".")[0] == cell.split(".")[0])


def cell_label(cell: str) -> str:
    """Return the cell as PyTorch counts it, from 1: W₁[3, 2], W₂[1, 3]."""
    part, *place = cell.split(".")
    name = {"w1": "W₁", "b1": "b₁", "w2": "W₂", "b2": "b₂"}[part]
    return f"{name}[{', '.join({'w2': ['1'], 'b2': ['1']}.get(part, []) + place)}]"


def shown(found: Matrices, cell: str, text: Text) -> Shown:
    """Return both heat maps with this cell outlined, kept for whoever asks for the same next."""
    e = found.experiment
    return _shown(f"{forms.canonical(e)} {found.size}", cell, text.language, found)


@kept
def _shown(key: str, cell: str, language: str, _found: Matrices) -> Shown:
    return build_shown(_found, cell, Text(language))


def build_shown(found: Matrices, cell: str, text: Text) -> Shown:
    """Make both heat maps and the read-out."""
    e = found.experiment
    picked = cell_names(e).index(cell)
    begin = list(found.steps)
    ends = [*begin[1:], e.steps + 1]
    charts = []
    for kind, sign, values in (("weights", "", found.weights), ("gradients", "∂L/∂", found.gradients)):
        finite = values[values.isfinite()].abs()
        frame = pd.DataFrame({"begin": begin, "end": ends, "cells": values.T.tolist()})
        chart = matrix_chart(
            frame,
            inputs=DATA_SETS[e.data].inputs,
            width=e.width,
            most=float(finite.max()) if len(finite) and finite.max() > 0 else 1.0,
            picked=picked,
            titles=[sign + part for part in _PARTS],
            unit=text("objective.matrix.unit"),
            step=e.steps,
            height=_ROW * max(e.width, 4),
        )
        charts.append(
            Chart(
                chart.to_dict(validate=False),
                text(f"objective.matrix.{kind}"),
                text(f"objective.alt.{kind}", width=e.width),
                columns=6,
                height=_ROW * max(e.width, 4) + 70,
                name=kind,
            )
        )
    return Shown(tuple(charts), _series(found, text))


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
