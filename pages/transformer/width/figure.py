"""The end of training against width, and with how many units it gets there."""

from dataclasses import dataclass

import numpy as np

from core.analysis.sentences import listed
from core.charts.style import rate_styles
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.transformer.width.chart import widths_chart
from pages.transformer.width.widths import ACTIVATIONS, BASE, ENOUGH, Widths

HEIGHT = 300
STYLES = dict(zip(ACTIVATIONS, rate_styles(len(ACTIVATIONS)), strict=True))


@dataclass(frozen=True)
class Shown:
    """An Altair chart as its specification, its alt text, and the result in words."""

    spec: dict
    alt: str
    sentence: str


def figure(found: Widths, _: Specs, text: Text) -> Figure:
    """Return the ends of training against the width."""
    drawn = build(found, text)
    chart = Chart(drawn.spec, text("transformer.widths_title"), drawn.alt, height=HEIGHT + 60, name="widths", main=True)
    return Figure((chart,), sentences=(drawn.sentence,), notes=(note(text),))


def build(found: Widths, text: Text) -> Shown:
    """Make the chart, and say with how many units each activation gets there."""
    names = {a: text(f"activation.{a}") for a in ACTIVATIONS}
    values = found.frame[["low", "median", "high"]].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    low, high = min(float(values.min()), found.floor), float(values.max())
    chart = widths_chart(
        found.frame,
        names,
        STYLES,
        text,
        loss_name=text(f"loss.{BASE.loss.name}"),
        domain=(0.7 * low, 1.4 * high),
        floor=found.floor,
        height=HEIGHT,
    )
    needs = [_need(found, activation, names[activation], text) for activation in ACTIVATIONS]
    said = {"enough": sig(ENOUGH), "floor": sig(found.floor), "names": text("result.comma").join(needs)}
    return Shown(
        chart.to_dict(validate=False),
        text("transformer.widths_alt", names=listed(list(names.values()), text)),
        text("transformer.widths_needs", **said),
    )


def _need(found: Widths, activation: str, name: str, text: Text) -> str:
    width = found.needed(activation)
    if width is None:
        return text("transformer.widths_never", name=name, most=int(found.frame["width"].max()))
    return text("transformer.widths_need", name=name, width=width)


def note(text: Text) -> str:
    """Return what stands behind every point."""
    values = {"seeds": BASE.seeds, "points": BASE.points, "noise": BASE.noise, "steps": f"{BASE.steps:,}"}
    return text("transformer.widths_note", rate=f"{BASE.learning_rates[0]:g}", **values)
