"""Losses beside their slopes, against the residual or the logit, and what they come to in words."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from core.analysis.loss_frames import LOGITS, REACH, cross_entropy, growth, lead, logit_frame, residual_frame
from core.analysis.sentences import listed
from core.analysis.verdict import FLAT, Span, judge
from core.charts.axes import Domain
from core.charts.loss_curves import curves_chart
from core.charts.style import LOSSES as STYLES
from core.charts.style import Style
from core.player import Chart
from core.player.figure import Figure
from core.spec.experiment import Loss
from core.text import Text
from core.text.numbers import percent, sig

#: Two residuals between which influences are compared.
NEAR, FAR = 0.5, 2.0
HEIGHT = 260
_SLOPES: Domain = (-3.0, 3.0)
_LOGIT_STYLES = {"bce": STYLES["mse"], "hinge": STYLES["l1"]}


def residual_pair(losses: Sequence[Loss], text: Text) -> Figure:
    """Return these losses against the residual."""
    lines = named(losses, text)
    drawn = [loss for loss in losses if loss.name in lines]
    frame = residual_frame(drawn)
    highest = max([REACH**2, *(1.1 * v for v in _highest(frame, "own"))])
    lowest = min([0.0, *_lowest(frame, drawn)])
    names = [lines[loss.name][0] for loss in drawn]
    styles = [lines[loss.name][1] for loss in drawn]
    times = [
        text("objective.curves.times", name=text(f"loss.{loss.name}"), times=sig(growth(loss, NEAR, FAR)))
        for loss in losses
        if math.isfinite(growth(loss, NEAR, FAR))
    ]
    said = text("objective.curves.result", near=sig(NEAR), far=sig(FAR), losses=listed(times, text)) if times else ""
    return _pair(frame, [loss.name for loss in drawn], names, styles, (lowest, min(highest, 6.0)), text, (said,))


def named(losses: Sequence[Loss], text: Text) -> dict[str, tuple[str, Style]]:
    """Return the label and style of each line; Huber is drawn with Smooth L1 where it is δ times it."""
    found = {loss.name: (text(f"loss.{loss.name}"), STYLES[loss.name]) for loss in losses}
    of = {loss.name: loss for loss in losses}
    if "huber" in of and "smooth_l1" in of and of["huber"].delta == of["smooth_l1"].beta:
        key = "same" if of["huber"].delta == 1 else "scaled"
        values = {"one": found["smooth_l1"][0], "other": found["huber"][0], "times": sig(of["huber"].delta)}
        found["smooth_l1"] = (text(f"objective.curves.{key}", **values), STYLES["smooth_l1"])
        del found["huber"]
    return found


def _highest(frame: pd.DataFrame, name: str) -> list[float]:
    return [float(frame[f"value_{name}"].quantile(0.98))] if f"value_{name}" in frame else []


def _lowest(frame: pd.DataFrame, losses: Sequence[Loss]) -> list[float]:
    least = [float(frame[f"value_{loss.name}"].quantile(0.02)) for loss in losses]
    return [max(v, -4.0) for v in least if v < 0]


def _pair(
    frame: pd.DataFrame,
    columns: Sequence[str],
    names: Sequence[str],
    styles: Sequence[Style],
    values: Domain,
    text: Text,
    sentences: tuple[str, ...],
    *,
    slopes: Domain = _SLOPES,
    of: str = "residual",
    here: Mapping[str, tuple[float, float, str]] = MappingProxyType({}),
) -> Figure:
    charts = []
    for part, domain in (("value", values), ("slope", slopes)):
        x_title = text(f"objective.axis.{of}")
        chart = curves_chart(
            frame,
            [f"{part}_{c}" for c in columns],
            names,
            styles,
            domain=domain,
            x_title=x_title,
            y_title=text(f"objective.axis.{part}"),
            saved=(of, "loss" if part == "value" else "slope"),
            here=here.get(part),
            height=HEIGHT,
        )
        charts.append(
            Chart(
                chart.to_dict(validate=False),
                text(f"objective.{'logit' if of == 'logit' else 'curves'}.{part}"),
                text(f"objective.alt.{part}", names=listed(list(names), text), x=x_title),
                columns=6,
                height=HEIGHT + 60,
                name=part,
                main=True,
            )
        )
    return Figure(tuple(charts), sentences=tuple(filter(None, sentences)))


def own_pair(loss: Loss, text: Text) -> Figure:
    """Return an own loss beside MSE, and what is to be said of it."""
    both = (Loss(), loss)  # MSE below
    frame = residual_frame(both)
    names, styles = [text(f"loss.{one.name}") for one in both], [STYLES[one.name] for one in both]
    domains = [_around(frame[f"{part}_own"], least) for part, least in (("value", (0.0, 1.0)), ("slope", (-1.0, 1.0)))]
    columns = [one.name for one in both]
    return _pair(frame, columns, names, styles, domains[0], text, _verdict(loss, text), slopes=domains[1])


def _around(values: pd.Series, least: Domain) -> Domain:
    """Return a domain for nearly all values, and at least this one."""
    finite = values.dropna()
    low, high = (finite.quantile(q) for q in (0.01, 0.99)) if len(finite) else least
    low, high = min(float(low), least[0]), max(float(high), least[1])
    margin = 0.06 * (high - low)
    return (low - margin if low < least[0] else low), high + margin


def _verdict(loss: Loss, text: Text) -> tuple[str, ...]:
    found = judge(loss)
    times = growth(loss, NEAR, FAR)
    said = []
    if found.falls is not None:
        said.append(text("objective.own.falls", at=sig(found.falls)))
    elif found.least and found.least != ((-REACH, REACH),):
        said.append(text("objective.own.least", where=_where(found.least, text)))
    if math.isfinite(times):
        said.append(text("objective.own.grows", near=sig(NEAR), far=sig(FAR), times=sig(times)))
    sentences = [text("result.space").join(said)] if said else []
    for part, places in (("value", found.no_value), ("slope", found.no_slope)):
        if places:
            sentences.append(text(f"objective.own.no_{part}", where=_where(places, text)))
    if found.flat >= FLAT:
        sentences.append(text("objective.own.flat", share=percent(found.flat)))
    return tuple(sentences)


def _where(places: Sequence[Span], text: Text) -> str:
    """Return "at r = 0 and from r = 1 to r = 2"."""
    parts = []
    for low, high in places:
        ends = {"at": sig(low)} if low == high else {"low": sig(low), "high": sig(high)}
        parts.append(text("objective.own.place" if low == high else "objective.own.between", **ends))
    return listed(parts, text)


def logit_pair(logits: Sequence[float], right: int, text: Text) -> Figure:
    """Return cross-entropy and hinge against the logit, and where these logits of several classes lie on it."""
    frame = logit_frame()
    at, all_three = lead(logits, right), cross_entropy(logits, right)
    found = {"value": -float(all_three["log_softmax"][right - 1]), "slope": float(all_three["slope"][right - 1])}
    here = {part: (at, v, text("objective.logit.yours")) for part, v in found.items()}
    names = [text(f"objective.logit.{name}") for name in _LOGIT_STYLES]
    lowest, highest = frame.iloc[0], frame.iloc[-1]
    values = {
        f"{name}_{side}": sig(abs(row[f"slope_{name}"]))
        for side, row in (("wrong", lowest), ("right", highest))
        for name in _LOGIT_STYLES
    }
    ahead = text("objective.logit.lead", lead=sig(at), right=right)
    sentence = text("objective.logit.result", wrong=sig(-LOGITS), right=sig(LOGITS), **values)
    styles = list(_LOGIT_STYLES.values())
    return _pair(
        frame,
        list(_LOGIT_STYLES),
        names,
        styles,
        (0.0, LOGITS + 1),
        text,
        (ahead, sentence),
        slopes=(-1.1, 0.1),
        of="logit",
        here=here,
    )
