"""What few noisy points teach a wide network: their loss, and the loss on new points."""

import math
from statistics import median

import pandas as pd

from core.analysis.frames import truth_frame
from core.analysis.held_out import HeldOut, held_out_points
from core.analysis.noise_floor import floor_of
from core.charts.domains import around, decades
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.series import Moment, Rule, series_chart
from core.charts.style import rate_styles
from core.engine.history import History
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.small_steps.frames import curve_frame, step_frame
from pages.small_steps.memorise.compute import Memorised
from pages.small_steps.shown import Shown, axes, read_out
from pages.small_steps.shown import figure as as_figure
from pages.small_steps.spec import DRAWS

LOSS_HEIGHT = 300
_DOTS = 200  # new points that are drawn


def figure(found: Memorised, specs: Specs, text: Text) -> Figure:
    """Return both losses of the chosen set of points, and the fit among them."""
    drawn = build_few(found.history, found.held_out, specs[0].draw - 1, text)
    return as_figure(drawn, found.history.experiment.steps)


def build_few(history: History, found: HeldOut, run: int, text: Text) -> Shown:
    """Make both losses of one run against the step, the best moment to stop, and its fit over both kinds of points."""
    e = history.experiment
    names, styles = [text(f"small_steps.few.{kind}") for kind in ("trained", "held")], rate_styles(2)
    losses = found.both(run)
    frame = step_frame(losses, found.steps)
    floor = floor_of(e)
    best = found.best(run)
    known = losses[losses.isfinite() & (losses > 0)]
    lows = [float(known.min()) if len(known) else 1.0, *([floor] if floor else [])]
    highs = [float(known[0]) if len(known) else 1.0, 2 * floor]
    words = text("small_steps.few.stop", step=found.steps[best])
    moment = Moment(found.steps[best], float(found.held[best, run]), words, styles[1].colour)
    loss = series_chart(
        frame,
        names,
        styles,
        text,
        axes(e.steps, decades([min(lows), max(highs)]), LOSS_HEIGHT),
        saved=("points", "loss"),
        title=text("small_steps.axis.loss"),
        rules=[Rule(text("small_steps.sigma"), floor)] if floor else [],
        moments=[moment],
    )
    held_x, held_y = held_out_points(e, run)
    points = pd.DataFrame({"x": history.x[:, 0].numpy(), "y": history.targets(run).numpy()})
    new = pd.DataFrame({"x": held_x[:, 0].numpy(), "y": held_y.numpy()})[:: len(held_x) // _DOTS]
    fit = fit_chart(
        [Dots(new, size=10, opacity=0.6, colour=styles[1].colour), Dots(points, size=40, opacity=1)],
        curve_frame(history.snapshots[:, :, run].T, history.snapshot_steps, e.steps, e),
        text("small_steps.few.fit"),
        styles[0],
        text,
        x_domain=(-1.0, 1.0),
        y_domain=around(held_y),
        step=e.steps,
        height=LOSS_HEIGHT,
        truth=true_curve(truth_frame(e)),
    )
    return Shown(
        (
            Chart(
                loss.to_dict(validate=False),
                text("small_steps.few.loss_title"),
                text("small_steps.few.loss_alt"),
                columns=7,
                height=LOSS_HEIGHT + 60,
                main=True,
                name="held-out",
                step_axis=True,
            ),
            Chart(
                fit.to_dict(validate=False),
                text("small_steps.few.fit_title"),
                text("small_steps.few.fit_alt", points=e.points),
                columns=5,
                height=LOSS_HEIGHT + 60,
                main=True,
                name="held-out-fit",
            ),
        ),
        read_out(names, styles, frame),
        _few_sentences(history, found, run, floor, text),
        (text("small_steps.few.looked", looks=len(found.steps), steps=e.steps), text("result.end_mean")),
        event=found.steps[best],
    )


def _few_sentences(history: History, found: HeldOut, run: int, floor: float, text: Text) -> tuple[str, ...]:
    best, (trained, held) = found.best(run), found.ends
    one = {
        "draw": run + 1,
        "draws": DRAWS,
        "points": history.experiment.points,
        "trained": sig(float(trained[run])),
        "step": found.steps[best],
        "lowest": sig(float(found.held[best, run])),
        "held": sig(float(held[run])),
    }
    medians = {
        "draws": DRAWS,
        "trained": sig(median(trained.nan_to_num(math.inf, math.inf).tolist())),
        "held": sig(median(held.nan_to_num(math.inf, math.inf).tolist())),
        "floor": sig(floor),
    }
    return text("small_steps.few.one", **one), text("small_steps.few.all", **medians)
