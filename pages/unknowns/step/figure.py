"""Steps by hand on the map of the loss, in numbers, and as loss against step."""

from dataclasses import replace

import pandas as pd

from core.analysis.sentences import listed
from core.charts.descents import loss_chart
from core.engine.walks import loss_frame, path_frame, usual_row
from core.link.forms import Specs
from core.player import Chart, Hand
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.unknowns.dragged import guess_row, plane_of
from pages.unknowns.forms import loss_axes, loss_series
from pages.unknowns.formula_fit import MOST_STEPS, FormulaFit
from pages.unknowns.formulas import ENDS, ground
from pages.unknowns.step.chart import HandRows, hand_rows, map_chart, numbers_chart
from pages.unknowns.step.compute import BY_HAND, FLAT, Ending, Stepped, slope_scale

MAP_HEIGHT, NUMBERS_HEIGHT, LOSS_HEIGHT = 400, 170, 190
#: Steps whose lengths differ by no more than this share of themselves are called equally long.
SAME = 1e-3
#: Losses this many times the one at the start leave the picture.
_TOO_HIGH = 10
#: What the learning rate is dragged along.
RATES = (*(float(f"{m}e{e}") for e in (-3, -2, -1, 0) for m in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)), 10.0)


def figure(found: Stepped, specs: Specs, text: Text) -> Figure:
    """Return the map, the step in numbers, and the losses over the steps."""
    spec: FormulaFit = specs[0]
    losses, hand, scale = loss_frame(found.way), hand_rows(found.by_hand()), slope_scale(spec)
    return Figure(
        (_map(found, spec, hand, scale, text), _numbers(spec, hand, text), _losses(found, losses, text)),
        steps=found.way.steps,
        series=loss_series(losses),
        sentences=(_ending(found, spec, text), *_firsts(found, spec, text)),
        notes=(_drawn(found, scale, text),),
        opens=0,
        plane=replace(
            plane_of(replace(spec, optimizers=found.way.optimizers, steps=max(found.way.steps, 1)), text),
            hand=_hand(spec, text),
        ),
        holds=True,
        key="loss_vs_step",
    )


def _hand(spec: FormulaFit, text: Text) -> Hand:
    words = {name: text(f"unknowns.step.{name}") for name in ("rate", "one", "ten", "all")}
    words["until"] = text("unknowns.step.until", length=sig(FLAT), steps=MOST_STEPS)
    return Hand("lr", spec.rate, sorted({*RATES, spec.rate}), words)


def _map(found: Stepped, spec: FormulaFit, hand: HandRows, scale: float, text: Text) -> Chart:
    where = ground(spec)
    symbols = where.sample.formula.symbols
    drawn = map_chart(
        where.regions,
        path_frame(found.way, ("c1", "c2")),
        hand,
        guess_row(spec, text),
        symbols,
        ENDS,
        scale,
        step=0,
        height=MAP_HEIGHT,
    )
    first, second = symbols
    others = list(found.way.optimizers[1:])
    alt = text("unknowns.step.map_alt", c1=first, c2=second)
    if others:
        alt += text("result.space") + text("unknowns.step.rings_alt", names=listed(others, text))
    title = text("unknowns.step.map")
    return Chart(drawn.to_dict(validate=False), title, alt, 7, MAP_HEIGHT + 60, "map", main=True, plane=True, tall=True)


def _numbers(spec: FormulaFit, hand: HandRows, text: Text) -> Chart:
    symbols = ground(spec).sample.formula.symbols
    drawn = numbers_chart(hand, symbols, FLAT, text, step=0, height=NUMBERS_HEIGHT)
    alt = text("unknowns.step.numbers_alt", c1=symbols[0], c2=symbols[1])
    title = text("unknowns.step.numbers")
    return Chart(drawn.to_dict(validate=False), title, alt, 5, NUMBERS_HEIGHT, "numbers", rigid=True)


def _losses(found: Stepped, losses: pd.DataFrame, text: Text) -> Chart:
    values = losses.drop(columns="step").to_numpy().ravel().tolist()
    near = [v for v in values if v <= _TOO_HIGH * values[0]]
    axes = loss_axes(near, max(found.way.steps, 1), "log", LOSS_HEIGHT)
    drawn = loss_chart(losses, text("unknowns.axis.loss"), replace(axes, step=0), text)
    alt = text("unknowns.losses_alt", names=listed(list(found.way.optimizers), text), steps=found.way.steps)
    title = text("unknowns.step.losses")
    return Chart(drawn.to_dict(validate=False), title, alt, 5, LOSS_HEIGHT + 60, "loss", True)


def _ending(found: Stepped, spec: FormulaFit, text: Text) -> str:
    """Say where the steps by hand end, and why."""
    way = found.way
    if found.ending is Ending.DIVERGED:
        return text("unknowns.diverged", name=BY_HAND, step=way.diverged(BY_HAND))
    first, second = ground(spec).sample.formula.symbols
    c1, c2 = way.path[-1, :, 0].tolist()
    there = {"c1": first, "v1": sig(c1), "c2": second, "v2": sig(c2), "loss": sig(float(way.loss[-1, 0]))}
    length = sig(FLAT if found.ending is Ending.FLAT else float(found.slope[-1].norm()))
    return text(f"unknowns.step.ends_{found.ending.value}", steps=way.steps, length=length, **there)


def _drawn(found: Stepped, scale: float, text: Text) -> str:
    """Say how the arrows are drawn, and what the rings are where there are any."""
    rings = text("result.space") + text("unknowns.step.rings") if found.way.optimizers[1:] else ""
    return text("unknowns.step.drawn", times=sig(1 / scale)) + rings


def _firsts(found: Stepped, spec: FormulaFit, text: Text) -> list[str]:
    """Say where each ghost's first step leads, those that move alike together."""
    firsts = found.firsts()
    del firsts[BY_HAND]
    alike: dict[tuple[str, tuple], list[str]] = {}
    for name, moved in firsts.items():
        alike.setdefault(_kind(name, moved, spec), []).append(name)
    return [
        text(f"unknowns.step.{kind}", names=listed(names, text), **dict(more)) for (kind, more), names in alike.items()
    ]


def _kind(name: str, moved: tuple[float, float], spec: FormulaFit) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the text for a first step, and what to fill it with; in learning rates."""
    (a, b), row = moved, usual_row(name)
    if not row.a and not row.nu and not row.decoupled:
        return "with_it", (("name", BY_HAND),)
    if row.a and not row.decoupled and abs(abs(a) - abs(b)) <= SAME * abs(a):
        length = sig(abs(a))
        return "evenly", (("length", "η" if length == "1" else f"{length} η"),)
    first, second = ground(spec).sample.formula.symbols
    return "unevenly", (("c1", first), ("v1", sig(a)), ("c2", second), ("v2", sig(b)))
