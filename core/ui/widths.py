"""The Transformer page's last figure: the end of training against width, and with how many units it gets there."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.analysis.sentences import listed
from core.charts.style import rate_styles
from core.charts.widths import widths_chart
from core.engine.training import Progress
from core.text import Text
from core.text.numbers import sig
from core.ui import results
from core.ui.kept import kept
from core.widths import ACTIVATIONS, BASE, ENOUGH, WIDTHS, Widths, experiments, widths

HEIGHT = 300
STYLES = dict(zip(ACTIVATIONS, rate_styles(len(ACTIVATIONS)), strict=True))


@dataclass(frozen=True)
class Shown:
    """An Altair chart as its specification, its alt text, and the result in words."""

    spec: dict
    alt: str
    sentence: str


def _job(data: str) -> tuple[str, Callable[[Progress], Widths], float]:
    units = sum(e.effort for e in experiments(data).values())
    return f"widths?{data}", lambda progress: widths(data, device=results.DEVICE, on_progress=progress), units


def keep(data: str) -> Widths:
    """Train the networks of every width on a data set and keep the result: for the warm-up."""
    return results.keep_computed(*_job(data))


def computed(data: str, text: Text) -> Widths | None:
    """Return the fitted losses on a data set, training if need be; None after a notice."""
    all_ = experiments(data)
    what = text("transformer.widths_working", runs=sum(e.columns for e in all_.values()), count=len(WIDTHS))
    key, work, units = _job(data)
    return results.computed(key, work, units, text, what)


@kept
def _figure(data: str, language: str, _found: Widths) -> Shown:
    return build(_found, Text(language))


def figure(data: str, found: Widths, text: Text) -> Shown:
    """Return the figure of a data set, kept for whoever asks for the same one next."""
    return _figure(data, text.language, found)


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
