"""Three models over their points, and their losses under the same loop."""

import math

import pandas as pd

from core.charts.axes import Axes, Domain
from core.charts.domains import around
from core.charts.fits import Dots, fit_chart
from core.charts.series import series_chart
from core.charts.style import Style, rate_styles
from core.engine.history import DIVERGED
from core.link.forms import Specs
from core.player import Chart, Series
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.home.same.compute import MODELS, POINTS, STEPS, WIDTH, Fit

LOSS_HEIGHT, FIT_HEIGHT = 200, 240
EVERY = 2  # steps between two curves that are drawn
#: The highest loss on the axis.
HIGHEST = 1e3


def figure(fits: tuple[Fit, ...], specs: Specs, text: Text) -> Figure:
    """Return the three fits, their losses, and where each ends."""
    names = [text(f"home.same.{model}") for model in MODELS]
    styles = rate_styles(len(MODELS))
    frame = loss_frame(fits)
    drawn = [_fit(*one, text) for one in zip(fits, MODELS, names, styles, strict=True)]
    read = [frame[f"c{i}"].tolist() for i in range(len(MODELS))]
    return Figure(
        (*drawn, _losses(frame, names, styles, text)),
        STEPS,
        tuple(Series(n, s.colour, s.dash, values) for n, s, values in zip(names, styles, read, strict=True)),
        tuple(_sentence(fit, name, text) for fit, name in zip(fits, names, strict=True)),
        event=min((step for step in map(diverged, fits) if step is not None), default=None),
        key="loss_vs_step",
    )


def loss_frame(fits: tuple[Fit, ...]) -> pd.DataFrame:
    """Return a row a step: `step`, and c0, c1, … the loss of each model, missing from where it is lost."""
    losses = {f"c{i}": fit.loss.double()[: diverged(fit)].tolist() for i, fit in enumerate(fits)}
    frame = pd.DataFrame({name: pd.Series(kept, dtype=float) for name, kept in losses.items()}, index=range(STEPS + 1))
    return frame.rename_axis("step").reset_index()


def diverged(fit: Fit) -> int | None:
    """Return the first step at which the loss is no number or `DIVERGED` times its start."""
    most = DIVERGED * float(fit.loss[0])
    return next((step for step, loss in enumerate(fit.loss.tolist()) if not loss <= most), None)


def _fit(fit: Fit, model: str, name: str, style: Style, text: Text) -> Chart:
    begin = list(range(0, STEPS + 1, EVERY))
    curves = fit.curve[begin].double().tolist()
    frames = pd.DataFrame({"begin": begin, "end": [*begin[1:], STEPS + 1], "y": curves})
    points = pd.DataFrame({"x": fit.x[:, 0].numpy(), "y": fit.y[:, 0].numpy()})
    drawn = fit_chart(
        [Dots(points, size=26, opacity=0.8)],
        frames,
        name,
        style,
        text,
        x_domain=(-1.0, 1.0),
        y_domain=around(points["y"]),
        step=STEPS,
        height=FIT_HEIGHT,
    )
    title, alt = text(f"home.same.{model}_title", units=WIDTH), text(f"home.same.{model}_alt", points=POINTS)
    return Chart(drawn.to_dict(validate=False), title, alt, 4, FIT_HEIGHT + 60, f"fit-{model}", main=True)


def _losses(frame: pd.DataFrame, names: list[str], styles: list[Style], text: Text) -> Chart:
    values = [v for c in range(len(names)) for v in frame[f"c{c}"].dropna().tolist() if v > 0]
    domain: Domain = (max(min(values) / 1.5, 1e-6), min(max(values) * 1.5, HIGHEST))
    axes = Axes("", STEPS, STEPS, math.nan, "log", domain, LOSS_HEIGHT)
    saved, axis = ("model", "loss"), text("home.same.axis")
    drawn = series_chart(frame, names, styles, text, axes, saved=saved, title=axis)
    title, alt = text("home.same.losses"), text("home.same.losses_alt", steps=STEPS)
    return Chart(drawn.to_dict(validate=False), title, alt, 12, LOSS_HEIGHT + 60, "loss", step_axis=True)


def _sentence(fit: Fit, name: str, text: Text) -> str:
    first = sig(float(fit.loss[0]))
    if (step := diverged(fit)) is not None:
        return text("home.same.lost", name=name, first=first, step=step)
    return text("home.same.ends", name=name, first=first, last=sig(float(fit.loss[-1])), steps=STEPS)
