"""The loss as a map, the reader's tries, and optimizers on their way."""

import math
from dataclasses import dataclass

import pandas as pd

from core.analysis.sentences import listed
from core.charts.axes import Axes
from core.charts.descents import loss_chart, tries_chart
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.style import OPTIMIZERS
from core.engine.walks import Walk, loss_frame, path_frame
from core.player import Chart
from core.text import Text
from core.text.numbers import sig
from core.ui.kept import kept
from pages.unknowns import formula_fit
from pages.unknowns.forms import loss_axes
from pages.unknowns.formula_fit import FormulaFit
from pages.unknowns.formulas import ENDS, Ground, data_key, ground
from pages.unknowns.search.chart import moving_map, still_map

MAP_HEIGHT, FIT_HEIGHT = 300, 190


@dataclass(frozen=True)
class Walked:
    """What optimizers did from one guess: their paths, and the charts without the reader's tries."""

    way: Walk
    fits: tuple[Chart, ...]


@kept
def _walk(key: str, language: str, _spec: FormulaFit, _ground: Ground) -> Walked:
    return build_walk(_spec, _ground, Text(language))


def walk(spec: FormulaFit, text: Text) -> Walked:
    """Return what the chosen optimizers do from the reader's guess, kept likewise."""
    key = f"{data_key(spec)}&{spec.t1!r}&{spec.t2!r}&{spec.optimizers}&{spec.rate!r}&{spec.steps}"
    return _walk(key, text.language, spec, ground(spec))


def build_walk(spec: FormulaFit, ground: Ground, text: Text) -> Walked:
    """Let the optimizers walk, and draw their fits."""
    sample, formula = ground.sample, ground.sample.formula
    way = formula_fit.walk(spec, sample)
    points = pd.DataFrame({"x": sample.x.numpy(), "y": sample.y.numpy()})
    truth = formula_fit.curve_frame(formula, *sample.hidden)
    low, high = float(points["y"].min()), float(points["y"].max())
    margin = 0.2 * (high - low) or 1.0
    fits = []
    for name in spec.optimizers:
        chart = fit_chart(
            [Dots(points)],
            formula_fit.fit_frame(sample, way, name),
            name,
            OPTIMIZERS[name],
            text,
            x_domain=(-formula.reach, formula.reach),
            y_domain=(low - margin, high + margin),
            step=spec.steps,
            height=FIT_HEIGHT,
            truth=None if truth is None else true_curve(truth),
        )
        title = text("unknowns.fits") if name == spec.optimizers[0] else ""
        alt = text("unknowns.fit_alt", name=name)
        fits.append(Chart(chart.to_dict(validate=False), title, alt, 3, FIT_HEIGHT + 60, f"fit-{name}"))
    return Walked(way, tuple(fits))


def still_charts(spec: FormulaFit, tried: pd.DataFrame, text: Text) -> list[Chart]:
    """Return the map with the reader's tries, and loss against try."""
    where = ground(spec)
    first, second = symbols = where.sample.formula.symbols
    drawn = still_map(where.regions, tried, symbols, ENDS, text, MAP_HEIGHT)
    axes = _axes(spec, tried)
    by_try = tries_chart(tried, axes.scale, axes.domain, text, MAP_HEIGHT)
    alt = text("unknowns.still_map_alt", c1=first, c2=second)
    return [
        Chart(drawn.to_dict(validate=False), text("unknowns.still_map"), alt, 7, MAP_HEIGHT + 60, "map"),
        Chart(
            by_try.to_dict(validate=False),
            text("unknowns.by_try"),
            text("unknowns.by_try_alt"),
            5,
            MAP_HEIGHT + 60,
            "tries",
        ),
    ]


def walk_charts(spec: FormulaFit, tried: pd.DataFrame, text: Text) -> list[Chart]:
    """Return the player's charts: map, loss against step, the fits, loss against tries."""
    where, done = ground(spec), walk(spec, text)
    first, second = symbols = where.sample.formula.symbols
    paths = path_frame(done.way, ("c1", "c2"))
    drawn_map = moving_map(where.regions, tried, paths, symbols, ENDS, text, step=spec.steps, height=MAP_HEIGHT)
    frame = loss_frame(done.way)
    axes = _axes(spec, tried, float(done.way.loss.nan_to_num(math.inf).min()))
    losses = loss_chart(frame, text("unknowns.axis.loss"), axes, text)
    by_try = tries_chart(tried, axes.scale, axes.domain, text, FIT_HEIGHT)
    names = listed(list(spec.optimizers), text)
    alt = text("unknowns.map_alt", c1=first, c2=second)
    return [
        Chart(drawn_map.to_dict(validate=False), text("unknowns.map"), alt, 6, MAP_HEIGHT + 60, "map"),
        Chart(
            losses.to_dict(validate=False),
            text("unknowns.losses"),
            text("unknowns.losses_alt", names=names, steps=spec.steps),
            6,
            MAP_HEIGHT + 60,
            "loss",
            True,
        ),
        *done.fits,
        Chart(
            by_try.to_dict(validate=False),
            text("unknowns.by_try"),
            text("unknowns.by_try_alt"),
            12 - 3 * (len(done.fits) % 4),
            FIT_HEIGHT + 60,
            "tries",
        ),
    ]


def walk_sentences(spec: FormulaFit, tried: pd.DataFrame, text: Text) -> list[str]:
    """Say, optimizer by optimizer, where it ends and when it passes the reader's best try, then the truth."""
    where, way = ground(spec), walk(spec, text).way
    first, second = where.sample.formula.symbols
    best = float(tried["loss"].min())
    sentences = []
    for run, name in enumerate(spec.optimizers):
        if (step := way.diverged(name)) is not None:
            sentences.append(text("unknowns.diverged", name=name, step=step))
            continue
        c1, c2 = way.path[-1, :, run].tolist()
        end = {"name": name, "c1": first, "c2": second, "v1": sig(c1), "v2": sig(c2)}
        sentence = text("unknowns.ends", loss=sig(float(way.loss[-1, run])), **end)
        if step := way.within(name, best):
            sentence += text("result.space") + text("unknowns.passes", step=step, best=sig(best))
        sentences.append(sentence)
    h1, h2 = where.sample.hidden
    loss = sig(where.sample.loss_at(h1, h2))
    sentences.append(text("unknowns.truth", c1=first, c2=second, v1=sig(h1), v2=sig(h2), loss=loss))
    return sentences


def _axes(spec: FormulaFit, tried: pd.DataFrame, lowest: float = math.inf) -> Axes:
    """Return the axes of the loss: as far as it goes on the map, on the reader's tries, and down to `lowest`."""
    where = ground(spec)
    return loss_axes([where.least, where.most, *tried["loss"], lowest], spec.steps, "log", MAP_HEIGHT)
