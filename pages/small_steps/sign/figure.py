"""One gradient, two signs: losses and the fit of the chosen one."""

import math
from typing import Any

from core.analysis.frames import points_frame, truth_frame
from core.charts.domains import around, decades
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.series import series_chart
from core.charts.style import rate_styles
from core.engine.start import draw
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.spec.experiment import Experiment
from core.text import Text
from core.text.numbers import sig
from pages.small_steps.frames import curve_frame, step_frame, until_lost
from pages.small_steps.shown import Shown, axes, read_out
from pages.small_steps.shown import figure as as_figure
from pages.small_steps.sign.compute import Signs
from pages.small_steps.spec import SIGN_STEPS

SIGNS = ("subtract", "add")
LOSS_HEIGHT = 300


def figure(found: Signs, specs: Specs, text: Text) -> Figure:
    """Return the losses of both signs, and the fit of the chosen one."""
    return as_figure(build_signs(specs[0].network, found, specs[0].sign, text), SIGN_STEPS)


def build_signs(e: Experiment, found: Signs, chosen: str, text: Text) -> Shown:
    """Make the charts of full-batch SGD that subtracts the gradient, and of one that adds it."""
    trail, losses = found.trail, found.losses
    names, styles = [text(f"small_steps.sign.{s}_name") for s in SIGNS], rate_styles(2)
    frame = step_frame(until_lost(losses))
    start = float(losses[0, 0])
    low = losses[losses.isfinite()].min()
    grid = axes(SIGN_STEPS, decades([float(low), 100 * start]), LOSS_HEIGHT)
    column = SIGNS.index(chosen)
    title = text("small_steps.axis.full_loss")
    saved, other = ("sign", "full_loss"), [names[1 - column]]
    loss = series_chart(frame, names, styles, text, grid, saved=saved, title=title, faint=other)
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
                main=True,
                name="loss",
                step_axis=True,
            ),
            Chart(
                fit.to_dict(validate=False),
                text("race.fit_title"),
                text("small_steps.fit_alt", name=names[column], data=text(f"data_short.{e.data}")),
                columns=5,
                height=LOSS_HEIGHT + 60,
                main=True,
                name="fit",
            ),
        ),
        read_out(names, styles, frame),
        _sign_sentences(losses, text),
        event=_tenfold(losses),
    )


def _tenfold(losses: Any) -> int | None:
    """Return the first step at which adding the gradient has made the loss ten times that of the start."""
    over = (~(losses[:, 1] < 10 * losses[0, 0])).nonzero()  # true for nan as well
    return int(over[0]) if len(over) else None


def _sign_sentences(losses: Any, text: Text) -> tuple[str, ...]:
    start = float(losses[0, 0])
    ends = {s: sig(float(losses[-1, i].nan_to_num(math.inf))) for i, s in enumerate(SIGNS)}
    down = text("small_steps.sign.down", start=sig(start), end=ends["subtract"], steps=SIGN_STEPS)
    if (tenfold := _tenfold(losses)) is not None:
        return down, text("small_steps.sign.tenfold", step=tenfold)
    return down, text("small_steps.sign.up", end=ends["add"])
