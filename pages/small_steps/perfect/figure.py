"""What a straight line can fit exactly, what it cannot, and what nothing can."""

import pandas as pd

from core.charts.domains import around
from core.charts.fits import Dots, fit_chart
from core.charts.series import Rule, ground_layer, series_chart
from core.charts.style import rate_styles
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.small_steps.frames import line_frame
from pages.small_steps.line_fit import CASES, STEPS, LineFits
from pages.small_steps.shown import Shown, axes, read_out
from pages.small_steps.shown import figure as as_figure

LOSS_HEIGHT, FIT_HEIGHT = 300, 190
#: Below what float32 leaves of a residual that should be 0, squared.
_ROUNDING = 1e-16
_DOTS = 200  # held-out points that are drawn


def figure(fits: LineFits, specs: Specs, text: Text) -> Figure:
    """Return the losses of the three lines, and the lines over their points."""
    return as_figure(build_lines(fits, specs[0].line_noise, text), STEPS)


def build_lines(fits: LineFits, noise: float, text: Text) -> Shown:
    """Make the losses of the three lines with what bounds them, and the lines over their points."""
    names = [text(f"small_steps.line.{case}") for case in (*CASES, "held")]
    styles = rate_styles(len(names))
    losses = pd.DataFrame(fits.loss.numpy()).assign(held=fits.held_loss.numpy())
    frame = losses.set_axis([f"c{i}" for i in range(len(names))], axis="columns").rename_axis("step").reset_index()
    rules = [Rule(text("small_steps.line.best"), float(fits.best[1]))]
    if noise:
        rules.append(Rule(text("small_steps.sigma"), noise**2))
    grid = axes(STEPS, (_ROUNDING, 10.0), LOSS_HEIGHT)
    titles = (text("small_steps.axis.loss"), text("chart.axis.step"))
    ground = ground_layer(grid, *titles, y_ticks=(1e-16, 1e-12, 1e-8, 1e-4, 1))
    loss = series_chart(frame, names, styles, text, grid, saved=("points", "loss"), ground=ground, rules=rules)
    charts = [
        Chart(
            loss.to_dict(validate=False),
            text("small_steps.line.loss_title"),
            text("small_steps.line.loss_alt", steps=STEPS),
            height=LOSS_HEIGHT + 60,
            name="lines",
            step_axis=True,
        )
    ]
    held = pd.DataFrame({"x": fits.held_x.numpy(), "y": fits.held_y.numpy()})[:: len(fits.held_x) // _DOTS]
    for i, case in enumerate(CASES):
        own = Dots(pd.DataFrame({"x": fits.x.numpy(), "y": fits.y[:, i].numpy()}), size=26, opacity=0.9)
        beside = [Dots(held, size=10, opacity=0.6, colour=styles[3].colour)] if case == "noisy" else []
        seen = fits.held_y if case == "noisy" else fits.y[:, i]
        fit = fit_chart(
            [*beside, own],
            line_frame(fits, i),
            names[i],
            styles[i],
            text,
            x_domain=(-1.0, 1.0),
            y_domain=around(seen),
            step=STEPS,
            height=FIT_HEIGHT,
        )
        charts.append(
            Chart(
                fit.to_dict(validate=False),
                text("small_steps.line.fit_title") if i == 0 else "",
                text("small_steps.line.fit_alt", name=names[i]),
                columns=4,
                height=FIT_HEIGHT + 60,
                name=f"line-{case}",
            )
        )
    return Shown(tuple(charts), read_out(names, styles, frame), _line_sentences(fits, noise, text))


def _line_sentences(fits: LineFits, noise: float, text: Text) -> tuple[str, ...]:
    exact, bent, noisy = (sig(float(v)) for v in fits.loss[-1])
    return (
        text("small_steps.line.exact_end", loss=exact),
        text("small_steps.line.bent_end", loss=bent, best=sig(float(fits.best[1]))),
        text("small_steps.line.noisy_end", loss=noisy, held=sig(float(fits.held_loss[-1])), floor=sig(noise**2)),
    )
