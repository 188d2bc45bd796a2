"""One run in four panels that share the player's step."""

import math
from dataclasses import dataclass, replace

import pandas as pd

from core.analysis import frames
from core.analysis.four_steps import losses_frame, residuals_frame, stop_step, visits_frame
from core.analysis.noise_floor import floor_of
from core.analysis.sentences import kept_note
from core.analysis.unit_frames import unit_lines
from core.catalogue.data_sets import DATA_SETS
from core.charts.axes import Domain
from core.charts.domains import around
from core.charts.step_panels import BATCH, data_chart, model_chart, residuals_chart, training_chart
from core.charts.style import OPTIMIZERS, Style
from core.charts.surfaces import surface_chart
from core.engine.history import History
from core.link.forms import Specs
from core.player import Chart, Series
from core.player.figure import Figure
from core.player.log_axis import left_out
from core.player.loss_axes import loss_axes
from core.spec.view import View
from core.text import Text
from core.text.numbers import sig

#: Height of a panel's plot, and of what is around it, in pixels.
HEIGHT, AROUND = 125, 60
#: The run shown, of those an experiment may have.
COLUMN = 0


@dataclass(frozen=True)
class FourSteps:
    """Charts and read-out for the player, the step at which training may stop, and that in words."""

    charts: tuple[Chart, ...]
    series: tuple[Series, ...]
    stop: int | None
    sentences: tuple[str, ...]


def figure(history: History, specs: Specs, text: Text) -> Figure:
    """Return the panels of a run, opened where it may stop."""
    experiment, view = specs
    drawn = build_four_steps(history, experiment.target, view, text)
    return Figure(
        drawn.charts,
        history.experiment.steps,
        drawn.series,
        drawn.sentences[:1],
        (*drawn.sentences[1:], *kept_note(history, text)),
        event=drawn.stop,
        opens=drawn.stop,
        key="loss_vs_step",
    )


def build_four_steps(history: History, target: float, view: View, text: Text) -> FourSteps:
    """Make charts, read-out and sentences from a history and the target."""
    stop = stop_step(history, COLUMN, target)
    losses = losses_frame(history, COLUMN, also=stop)
    name = history.runs[COLUMN].optimizer.name
    return FourSteps(
        charts=_charts(history, target, losses, stop, view, text),
        series=tuple(
            Series(text(f"home.series.{part}"), style.colour, style.dash, values)
            for part, style in (("batch", BATCH), ("full", Style(OPTIMIZERS[name].colour)))
            for values in (_each_step(losses, part, history.experiment.steps),)
        ),
        stop=stop,
        sentences=(*_sentences(history, target, stop, text), *left_out(losses["full"], view.scale, text)),
    )


def _loss_name(history: History, text: Text) -> str:
    return text(f"loss.{history.experiment.loss.name}")


def _each_step(losses: pd.DataFrame, part: str, steps: int) -> list[float | None]:
    """Return a loss as read at every step; between the rows of a thinned frame, the last row's."""
    values = losses.set_index("step")[part].reindex(range(steps + 1), method="ffill")
    return [None if pd.isna(value) else value for value in values.tolist()]


def _charts(
    history: History, target: float, losses: pd.DataFrame, stop: int | None, view: View, text: Text
) -> tuple[Chart, ...]:
    e = replace(history.experiment, target=target)
    style = OPTIMIZERS[history.runs[COLUMN].optimizer.name]
    step = e.steps if stop is None else stop
    visits, residuals = visits_frame(e), residuals_frame(history, COLUMN)
    heights = around(visits["y"])
    loss_name = _loss_name(history, text)
    two = DATA_SETS[e.data].inputs == 2
    axes = replace(loss_axes(history, losses, ["batch", "full"], view, text, HEIGHT), step=step, target=target)
    values = {
        "data": text(f"data_short.{e.data}"),
        "points": f"{e.points:,}",
        "units": e.width,
        "drawn": f"{len(visits):,}",
    }
    values |= {"loss": loss_name, "count": len(residuals["x"].iloc[0]), "steps": e.steps, "target": sig(target)}
    common = {"step": step, "height": HEIGHT}
    specs = {
        "data": data_chart(visits, text, points=e.points, y_domain=heights, **common),
        "model": _model(history, style, heights, step, text),
        "loss": residuals_chart(
            residuals, losses, style, loss_name=loss_name, x_title="x₁" if two else "x", y_domain=heights, **common
        ),
        "train": training_chart(losses, style, text, axes, stop),
    }
    alts = {part: f"home.alt.{'surface' if two and part == 'model' else part}" for part in specs}
    return tuple(
        Chart(
            spec.to_dict(validate=False),
            text(f"home.step.{part}"),
            text(alts[part], **values),
            columns=3,
            height=HEIGHT + AROUND,
            name=part,
            step_axis=part == "train",
        )
        for part, spec in specs.items()
    )


def _model(history: History, style: Style, heights: Domain, step: int, text: Text):
    e = history.experiment
    if DATA_SETS[e.data].inputs == 2:
        name = history.runs[COLUMN].optimizer.name
        fit = frames.fit_frame(history, COLUMN)
        return surface_chart(fit, name, text, z_domain=heights, step=step, height=HEIGHT, legend=True)
    lines = unit_lines(history, COLUMN)
    parameters = len(history.parameters)
    return model_chart(lines, style, text, parameters=parameters, y_domain=heights, step=step, height=HEIGHT)


def _sentences(history: History, target: float, stop: int | None, text: Text) -> list[str]:
    e = history.experiment
    if stop is None:
        full = history.full_loss[:, COLUMN].nan_to_num(float("inf"))
        least = int(full.argmin())
        never = "home.never" if history.eval_every == 1 else "home.never_seen"
        sentence = text(never, steps=e.steps, least=sig(float(full[least])), at=history.full_steps[least])
    else:
        key = "stop_at_once" if stop == 0 else "stop" if history.exact(stop) else "stop_by"
        sentence = text(f"home.{key}", step=stop, target=sig(target))
    floor = floor_of(e)
    parts = [sentence]
    if 0 < target <= floor * (1 + 1e-6) < math.inf:
        parts.append(text("home.floor", floor=sig(floor)))
    if history.eval_every > 1:
        parts.append(text("result.every", k=history.eval_every))
    return parts
