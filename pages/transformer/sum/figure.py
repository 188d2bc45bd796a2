"""A network in training: its units, their sums or kinks, the fit, the loss."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.analysis import frames
from core.analysis.four_steps import visits_frame
from core.analysis.sentences import kept_note, listed
from core.analysis.unit_frames import kink_lines, kinks_inside, straight, sum_counts, sum_lines, unit_lines
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.charts.domains import around
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.race import race_chart
from core.charts.step_panels import data_chart
from core.charts.style import OPTIMIZERS
from core.engine.history import History
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.player.log_axis import left_out
from core.player.loss_axes import labelled_events, loss_axes
from core.spec.view import View
from core.text import Text
from core.text.numbers import sig
from pages.transformer.sum.chart import kinks_chart, sums_chart, units_chart

HEIGHT, AROUND, LOSS_HEIGHT = 220, 66, 190
#: The run shown, of those an experiment may have.
COLUMN = 0


@dataclass(frozen=True)
class Network:
    """Charts for the player, and the result in words."""

    charts: tuple[Chart, ...]
    sentences: tuple[str, ...]


def figure(history: History, specs: Specs, text: Text) -> Figure:
    """Return the panels of a network in training."""
    drawn = build_network(history, specs[1], text)
    return Figure(
        drawn.charts,
        history.experiment.steps,
        sentences=drawn.sentences,
        notes=kept_note(history, text),
        event=history.event,
        key="loss_vs_step",
    )


def build_network(history: History, view: View, text: Text) -> Network:
    """Make charts and sentences from a history."""
    charts = _plane(history, text) if _two(history) else _curves(history, text)
    smooth = frames.race_frame(history, view.smooth)[f"smooth_{history.runs[COLUMN].optimizer.name}"]
    sentences = [*_sentences(history, text), *left_out(smooth, view.scale, text)]
    return Network((*charts, _loss(history, view, text)), tuple(sentences))


def _two(history: History) -> bool:
    return DATA_SETS[history.experiment.data].inputs == 2


def _panel(spec: dict, part: str, text: Text, columns: int, more: int = 0, **values: object) -> Chart:
    title, alt = text(f"transformer.{part}_title"), text(f"transformer.{part}_alt", **values)
    return Chart(spec, title, alt, columns=columns, height=HEIGHT + AROUND + more, name=part)


def _curves(history: History, text: Text) -> list[Chart]:
    """Return what the units add, their sums, and the fit, for one input."""
    e = history.experiment
    name = history.runs[COLUMN].optimizer.name
    lines, sums = unit_lines(history, COLUMN), sum_lines(history, COLUMN)
    points = frames.points_frame(e)
    heights, sizes = around(points["y"]), _sizes(lines, sums)
    common = {"step": e.steps, "height": HEIGHT}
    units = units_chart(lines, y_domain=sizes, **common)
    added = sums_chart(sums, OPTIMIZERS[name].colour, text, y_domain=sizes, **common)
    fit = fit_chart(
        [Dots(points)],
        frames.fit_frame(history, COLUMN),
        name,
        OPTIMIZERS[name],
        text,
        x_domain=(-1.0, 1.0),
        y_domain=heights,
        truth=true_curve(frames.truth_frame(e)),
        **common,
    )
    counts = listed([str(n) for n in sum_counts(e.width)], text)
    fit_alt = text("race.fit_alt", name=name, data=text(f"data_short.{e.data}"))
    return [
        _panel(units.to_dict(validate=False), "units", text, 4, count=e.width),
        _panel(added.to_dict(validate=False), "sums", text, 4, counts=counts),
        Chart(
            fit.to_dict(validate=False),
            text("transformer.fit_title"),
            fit_alt,
            columns=4,
            height=HEIGHT + AROUND,
            name="fit",
        ),
    ]


def _sizes(*lines: pd.DataFrame) -> tuple[float, float]:
    """Return one domain for contributions and sums: all but the farthest of the last snapshot, and 0 to 1."""
    values = pd.Series([v for frame in lines for y in _last(frame)["y"] for v in y], dtype=float)
    values = values[values.abs() < math.inf].clip(-100, 100)
    return around(pd.concat([values[values.between(*values.quantile([0.02, 0.98]))], pd.Series([0.0, 1.0])]))


def _last(lines: pd.DataFrame) -> pd.DataFrame:
    return lines[lines["begin"] == lines["begin"].max()]


def _plane(history: History, text: Text) -> list[Chart]:
    """Return the data, and the surface with its kinks, for two inputs."""
    e = history.experiment
    name = history.runs[COLUMN].optimizer.name
    visits = visits_frame(e)
    heights = around(visits["y"])
    common = {"step": e.steps, "height": HEIGHT + 60}
    points = data_chart(visits, text, points=e.points, y_domain=heights, **common)
    fits = frames.fit_frame(history, COLUMN)
    kinks = kinks_chart(kink_lines(history, COLUMN), fits, name, text, z_domain=heights, **common)
    drawn = {"drawn": f"{len(visits):,}", "data": text(f"data_short.{e.data}")}
    return [
        _panel(points.to_dict(validate=False), "points", text, 6, 110, points=f"{e.points:,}", **drawn),
        _panel(kinks.to_dict(validate=False), "kinks", text, 6, 110, count=e.width),
    ]


def _loss(history: History, view: View, text: Text) -> Chart:
    e = history.experiment
    name = history.runs[COLUMN].optimizer.name
    frame = frames.race_frame(history, view.smooth)
    axes = loss_axes(history, frame, [f"smooth_{name}"], view, text, LOSS_HEIGHT)
    chart = race_chart(frame, [name], text, axes, full=True, events=labelled_events(history, text))
    alt = text("transformer.loss_alt", loss=text(f"loss.{e.loss.name}"), steps=e.steps)
    return Chart(
        chart.to_dict(validate=False),
        text("transformer.loss_title"),
        alt,
        height=LOSS_HEIGHT + 60,
        name="loss",
        step_axis=True,
    )


def _sentences(history: History, text: Text) -> list[str]:
    """Say how well the network fits, how far from straight it is, and how many units kink."""
    e = history.experiment
    values: dict[str, Any] = {
        "count": text("transformer.units", count=e.width),
        "activation": text(f"activation.{e.activation}"),
    }
    values["data"] = text(f"data_short.{e.data}")
    outcome = history.outcomes[COLUMN]
    if outcome.diverged is not None:
        return [text("transformer.failed", **values, step=outcome.diverged)]
    values |= {"loss": sig(outcome.end), "steps": e.steps, "target": sig(e.target)}
    if outcome.reached is None:
        sentences = [text("transformer.missed", **values)]
    else:
        key = "reached" if history.exact(outcome.reached) else "reached_by"
        sentences = [text(f"transformer.{key}", **values, step=outcome.reached)]
    line = straight(history, COLUMN)
    deviation, two = sig(line.deviation, 2), _two(history)
    if not _must_be_straight(history):
        sentences.append(text(f"transformer.deviation{'_plane' if two else ''}", deviation=deviation))
    elif two:
        sentences.append(text("transformer.flat", deviation=deviation))
    else:
        ends = {"slope": sig(round(line.slope, 6)), "sign": "−" if line.constant < 0 else "+"}
        ends["constant"] = sig(round(abs(line.constant), 6))
        sentences.append(text("transformer.straight", deviation=deviation, **ends))
    if ACTIVATIONS[e.activation].homogeneous and e.activation != "identity":
        inside = kinks_inside(history, COLUMN)
        sentences.append(text(f"transformer.{'inside' if inside else 'outside'}", inside=inside, count=e.width))
    return sentences


def _must_be_straight(history: History) -> bool:
    """Whether no unit bends where the data lie, so that any deviation is rounding."""
    activation = history.experiment.activation
    homogeneous = ACTIVATIONS[activation].homogeneous
    return activation == "identity" or (homogeneous and not kinks_inside(history, COLUMN))
