"""One gradient, two signs; one way, walked in one step or in many."""

import math
from collections.abc import Callable

import streamlit as st
import torch

from core.analysis.frames import points_frame, truth_frame
from core.charts.domains import around, decades
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.series import ground_layer, series_chart
from core.charts.style import rate_styles
from core.engine.descent import COUNTS, KEPT, Walks, descend, full_losses, walks
from core.engine.start import draw
from core.engine.training import Progress
from core.link import forms
from core.player import Chart
from core.small_steps import SmallSteps
from core.small_steps_frames import curve_frame, step_frame, until_lost
from core.spec.experiment import Experiment
from core.text import Text
from core.text.numbers import sig
from core.ui import controls
from core.ui.kept import kept
from core.ui.results import computed
from core.ui.small_steps.shown import Shown, axes, read_out

#: Steps with each sign.
SIGN_STEPS = 100
SIGNS = ("subtract", "add")
WAY = max(COUNTS)
LOSS_HEIGHT, FIT_HEIGHT = 300, 180
_TICKS = (0, 1, 3, 10, 30, 100, 384)


def sign_controls(text: Text) -> None:
    """Choose the sign and the rate."""
    left, right = st.columns([2, 3], gap="medium")
    with left:
        controls.either("sign", text("small_steps.sign.control"), SIGNS, lambda v: text(f"small_steps.sign.{v}"))
    with right:
        controls.ladder("sign.lr", text("control.lr"))


@kept
def _signs(key: str, language: str, chosen: str, rate: float, _experiment: Experiment) -> Shown:
    return build_signs(_experiment, rate, chosen, Text(language))


def signs(spec: SmallSteps, text: Text) -> Shown:
    """Return loss and fit of both signs, kept for whoever asks for the same next."""
    return _signs(forms.canonical(spec.network), text.language, spec.sign, spec.sign_rate, spec.network)


def build_signs(e: Experiment, rate: float, chosen: str, text: Text) -> Shown:
    """Make the charts of full-batch SGD that subtracts the gradient, and of one that adds it."""
    trail = descend(e, [rate, -rate], SIGN_STEPS)  # (steps + 1, parameters, signs)
    losses = torch.stack([full_losses(e, trail[:, :, i].T) for i in range(2)], 1)
    names, styles = [text(f"small_steps.sign.{s}_name") for s in SIGNS], rate_styles(2)
    frame = step_frame(until_lost(losses))
    start = float(losses[0, 0])
    low = losses[losses.isfinite()].min()
    grid = axes(SIGN_STEPS, decades([float(low), 100 * start]), LOSS_HEIGHT)
    column = SIGNS.index(chosen)
    title = text("small_steps.axis.full_loss")
    other = [names[1 - column]]
    loss = series_chart(frame, names, styles, text, grid, title=title, faint=other)
    curves = curve_frame(trail[:, :, column].T, range(SIGN_STEPS + 1), SIGN_STEPS, e)
    fit = fit_chart(
        [Dots(points_frame(e))],
        curves,
        names[column],
        styles[column],
        text,
        x_domain=(-1.0, 1.0),
        y_domain=around(draw(e).y, 0.6),  # room for a curve that leaves
        step=SIGN_STEPS,
        height=LOSS_HEIGHT,
        truth=true_curve(truth_frame(e)),
    )
    return Shown(
        (
            Chart(
                loss.to_dict(validate=False),
                text("small_steps.sign.loss_title"),
                text("small_steps.sign.loss_alt", steps=SIGN_STEPS),
                columns=7,
                height=LOSS_HEIGHT + 60,
                name="loss",
                step_axis=True,
            ),
            Chart(
                fit.to_dict(validate=False),
                text("race.fit_title"),
                text("small_steps.fit_alt", name=names[column], data=text(f"data_short.{e.data}")),
                columns=5,
                height=LOSS_HEIGHT + 60,
                name="fit",
            ),
        ),
        read_out(names, styles, frame),
        _sign_sentences(losses, text),
    )


def _sign_sentences(losses: torch.Tensor, text: Text) -> tuple[str, ...]:
    start = float(losses[0, 0])
    ends = {s: sig(float(losses[-1, i].nan_to_num(math.inf))) for i, s in enumerate(SIGNS)}
    tenfold = (~(losses[:, 1] < 10 * start)).nonzero()
    down = text("small_steps.sign.down", start=sig(start), end=ends["subtract"], steps=SIGN_STEPS)
    if len(tenfold):
        return down, text("small_steps.sign.tenfold", step=int(tenfold[0]))
    return down, text("small_steps.sign.up", end=ends["add"])


def giant(spec: SmallSteps, text: Text) -> Shown | None:
    """Return one giant step beside many small ones, kept for whoever asks for the same next."""
    key, work, units = walk_job(spec)
    found = computed(key, work, units, text)
    return _giant(key, text.language, spec.network, found) if found else None


def walk_job(spec: SmallSteps) -> tuple[str, Callable[[Progress], Walks], float]:
    """Return the key that the walks are kept under, the work behind them, and what it costs."""
    e, rate = spec.network, spec.walk_rate
    units = 2 * WAY * len(COUNTS) * e.points * e.width
    return f"walks?{forms.canonical(e)}&rate={rate!r}", lambda _: walks(e, rate), units


@kept
def _giant(key: str, language: str, _experiment: Experiment, _walks: Walks) -> Shown:
    return build_giant(_experiment, _walks, Text(language))


def build_giant(e: Experiment, found: Walks, text: Text) -> Shown:
    """Make the charts of the walks: loss along the way, and the fit of each at the same place of the way."""
    names = [_named(count, text) for count in COUNTS]
    styles = rate_styles(len(COUNTS))
    frame = step_frame(until_lost(found.loss))
    start = float(found.loss[0, 0])
    low = found.loss[found.loss.isfinite()].min()
    grid = axes(WAY, decades([float(low), 100 * start]), LOSS_HEIGHT)
    titles = (text("small_steps.axis.full_loss"), text("small_steps.giant.way"))
    loss = series_chart(frame, names, styles, text, grid, ground=ground_layer(grid, *titles, bent=True, x_ticks=_TICKS))
    charts = [
        Chart(
            loss.to_dict(validate=False),
            text("small_steps.giant.loss_title"),
            text("small_steps.giant.loss_alt"),
            height=LOSS_HEIGHT + 60,
            name="way",
            step_axis=True,
        )
    ]
    heights, truth, points = around(draw(e).y), true_curve(truth_frame(e)), Dots(points_frame(e, 150))
    for i, name in enumerate(names):
        fit = fit_chart(
            [points],
            curve_frame(found.parameters[:, :, i].T, KEPT, WAY, e),
            name,
            styles[i],
            text,
            x_domain=(-1.0, 1.0),
            y_domain=heights,
            step=WAY,
            height=FIT_HEIGHT,
            truth=truth,
        )
        charts.append(
            Chart(
                fit.to_dict(validate=False),
                text("small_steps.giant.fit_title") if i == 0 else "",
                text("small_steps.fit_alt", name=name, data=text(f"data_short.{e.data}")),
                columns=3,
                height=FIT_HEIGHT + 60,
                name=f"fit-{COUNTS[i]}",
            )
        )
    return Shown(tuple(charts), read_out(names, styles, frame), _giant_sentences(found, text))


def _named(count: int, text: Text) -> str:
    return text("small_steps.giant.one" if count == 1 else "small_steps.giant.many", count=count)


def _giant_sentences(found: Walks, text: Text) -> tuple[str, ...]:
    ends = found.loss[-1].nan_to_num(math.inf).tolist()
    parts = [
        text("small_steps.giant.end", name=_named(count, text), rate=sig(found.rate * WAY / count), loss=sig(end))
        for count, end in zip(COUNTS, ends, strict=True)
    ]
    way_said = text("small_steps.giant.length", way=sig(found.rate * WAY), start=sig(float(found.loss[0, 0])))
    return way_said, text("small_steps.giant.ends", body=text("result.comma").join(parts))
