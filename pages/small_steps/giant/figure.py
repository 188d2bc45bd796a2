"""One way, walked in one step or in many: losses along it, and the fits at the same place."""

import math

from core.analysis.frames import points_frame, truth_frame
from core.charts.domains import around, decades
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.series import ground_layer, series_chart
from core.charts.style import rate_styles
from core.engine.descent import COUNTS, KEPT, Walks
from core.engine.start import draw
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.spec.experiment import Experiment
from core.text import Text
from core.text.numbers import sig
from pages.small_steps.frames import curve_frame, step_frame, until_lost, way_frame
from pages.small_steps.shown import Shown, axes, read_out
from pages.small_steps.shown import figure as as_figure

WAY = max(COUNTS)
LOSS_HEIGHT, FIT_HEIGHT = 300, 180
_TICKS = (0, 1, 3, 10, 30, 100, 384)


def figure(found: Walks, specs: Specs, text: Text) -> Figure:
    """Return the losses along the way, and the fit of each walker."""
    return as_figure(build_giant(specs[0].network, found, text), WAY)


def build_giant(e: Experiment, found: Walks, text: Text) -> Shown:
    """Make the charts of the walks: loss along the way, and the fit of each at the same place of the way."""
    names = [_named(count, text) for count in COUNTS]
    styles = rate_styles(len(COUNTS))
    drawn = until_lost(found.loss)
    frame = step_frame(drawn)
    gone = drawn.isnan().any(1).nonzero()
    start = float(found.loss[0, 0])
    low = found.loss[found.loss.isfinite()].min()
    grid = axes(WAY, decades([float(low), 100 * start]), LOSS_HEIGHT)
    titles = (text("small_steps.axis.full_loss"), text("small_steps.giant.way"))
    saved, ground = ("walker", "full_loss"), ground_layer(grid, *titles, bent=True, x_ticks=_TICKS)
    looks = [[WAY * look / count for look in range(count)] for count in COUNTS]
    loss = series_chart(way_frame(found), names, styles, text, grid, saved=saved, ground=ground, dots=looks)
    charts = [
        Chart(
            loss.to_dict(validate=False),
            text("small_steps.giant.loss_title"),
            text("small_steps.giant.loss_alt"),
            height=LOSS_HEIGHT + 60,
            name="way",
            step_axis=True,
            main=True,
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
    event = int(gone[0]) if len(gone) else None
    return Shown(tuple(charts), read_out(names, styles, frame), _giant_sentences(found, text), event=event)


def _named(count: int, text: Text) -> str:
    return text("small_steps.giant.one" if count == 1 else "small_steps.giant.many", count=count)


def _giant_sentences(found: Walks, text: Text) -> tuple[str, ...]:
    ends = found.loss[-1].nan_to_num(math.inf).tolist()
    drawn = until_lost(found.loss)[-1].isfinite().tolist()
    parts = []
    for count, end, kept in zip(COUNTS, ends, drawn, strict=True):
        values = {"name": _named(count, text), "rate": sig(found.rate * WAY / count), "loss": sig(end)}
        parts.append(text(f"small_steps.giant.{'end' if kept else 'end_lost'}", **values))
    way_said = text("small_steps.giant.length", way=sig(found.rate * WAY), start=sig(float(found.loss[0, 0])))
    return way_said, text("small_steps.giant.ends", body=text("result.comma").join(parts))
