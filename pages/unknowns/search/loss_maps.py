"""The loss as a map, the reader's tries, and optimizers on their way."""

import math
from dataclasses import dataclass

import pandas as pd

from core.analysis.sentences import listed
from core.charts.axes import Axes
from core.charts.descents import loss_chart, tries_chart
from core.charts.fits import Dots, fit_chart, true_curve
from core.charts.formulas import guess_chart
from core.charts.style import OPTIMIZERS
from core.engine.walks import Walk, loss_frame, path_frame
from core.player import Chart
from core.text import Text
from core.text.numbers import sig
from core.ui.kept import kept
from pages.unknowns import formula_fit
from pages.unknowns.dragged import guess_row
from pages.unknowns.forms import loss_axes
from pages.unknowns.formula_fit import FormulaFit
from pages.unknowns.formulas import ENDS, Ground, data_key, ground
from pages.unknowns.search.chart import map_chart

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


def charts(spec: FormulaFit, tried: pd.DataFrame, text: Text) -> list[Chart]:
    """Return map and curve, with optimizers also their losses and fits, and the loss of the reader's tries."""
    pair = [_map(spec, tried, text), _curve(spec, text)]
    if not spec.fit:
        return [*pair, _by_try(spec, tried, text, columns=12)]
    done = walk(spec, text)
    axes = _axes(spec, tried, float(done.way.loss.nan_to_num(math.inf).min()))
    losses = loss_chart(loss_frame(done.way), text("unknowns.axis.loss"), axes, text)
    alt = text("unknowns.losses_alt", names=listed(list(spec.optimizers), text), steps=spec.steps)
    height = MAP_HEIGHT + 60
    by_step = Chart(losses.to_dict(validate=False), text("unknowns.losses"), alt, 7, height, "loss", True)
    return [*pair, by_step, _by_try(spec, tried, text, columns=5), *done.fits]


def _map(spec: FormulaFit, tried: pd.DataFrame, text: Text) -> Chart:
    where = ground(spec)
    first, second = symbols = where.sample.formula.symbols
    paths = path_frame(walk(spec, text).way, ("c1", "c2")) if spec.fit else None
    guess = guess_row(spec, text)
    drawn = map_chart(where.regions, tried, guess, symbols, ENDS, text, paths=paths, step=spec.steps, height=MAP_HEIGHT)
    return Chart(
        drawn.to_dict(validate=False),
        text("unknowns.map" if spec.fit else "unknowns.still_map"),
        text("unknowns.map_alt" if spec.fit else "unknowns.still_map_alt", c1=first, c2=second),
        7,
        MAP_HEIGHT + 60,
        "map",
        main=True,
        plane=True,
    )


def _curve(spec: FormulaFit, text: Text) -> Chart:
    sample = ground(spec).sample
    formula = sample.formula
    points = formula_fit.points_frame(sample, spec.t1, spec.t2)
    curve = formula_fit.curve_frame(formula, spec.t1, spec.t2)
    reach, height = formula.reach, formula.height
    drawn = guess_chart(points, curve, (-reach, reach), (-height, height), MAP_HEIGHT, guess=guess_row(spec, text))
    alt = text("unknowns.asked_alt", points=spec.points)
    return Chart(drawn.to_dict(validate=False), text("unknowns.curve"), alt, 5, MAP_HEIGHT + 60, "guess", main=True)


def _by_try(spec: FormulaFit, tried: pd.DataFrame, text: Text, *, columns: int) -> Chart:
    axes = _axes(spec, tried)
    drawn = tries_chart(tried, axes.scale, axes.domain, text, FIT_HEIGHT)
    title, alt = text("unknowns.by_try"), text("unknowns.by_try_alt")
    return Chart(drawn.to_dict(validate=False), title, alt, columns, FIT_HEIGHT + 60, "tries")


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
