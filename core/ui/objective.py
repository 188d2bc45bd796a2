"""The Objective page's state, and its figures that do not train: losses against residual and logit, three numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.analysis.loss_frames import LOGITS, REACH, growth, logit_frame, residual_frame
from core.analysis.sentences import listed
from core.analysis.verdict import FLAT, Span, judge
from core.charts.axes import Domain
from core.charts.loss_curves import curves_chart
from core.charts.style import LOSSES as STYLES
from core.charts.style import Style
from core.objective import FORM, Objective
from core.spec.experiment import Experiment, Loss, Optimizer, View
from core.text import Text
from core.text.numbers import percent, sig
from core.ui.kept import kept
from core.ui.page_situation import Situation, arrive

PAGE = "objective"
DEFAULTS = (
    Experiment(outlier_share=0.1, outlier_size=2.0, optimizers=(Optimizer("Adam"),)),
    View(),
    Objective(),
)
#: Two residuals between which pulls are compared.
NEAR, FAR = 0.5, 2.0
_SLOPES: Domain = (-3.0, 3.0)
_LOGIT_STYLES = {"bce": STYLES["mse"], "hinge": STYLES["l1"]}


@dataclass(frozen=True)
class Pair:
    """A chart of values, one of slopes, what they show for those who do not see them, and in words."""

    value: dict
    slope: dict
    alts: tuple[str, str]
    sentences: tuple[str, ...]


def situation() -> Situation:
    """Return the page's situation for this run."""
    return arrive(PAGE, FORM, DEFAULTS, single=frozenset({"opt", "lr"}))


def show(pair: Pair) -> None:
    """Show both charts side by side, and the sentences under them."""
    left, right = st.columns(2, gap="large")
    with left:
        st.vega_lite_chart(spec=pair.value, alt=pair.alts[0])
    with right:
        st.vega_lite_chart(spec=pair.slope, alt=pair.alts[1])
    for sentence in filter(None, pair.sentences):
        st.markdown(f"**{sentence}**")


def residual_pair(losses: Sequence[Loss], text: Text) -> Pair:
    """Return these losses against the residual, kept for whoever asks for the same next."""
    return _residual_pair(repr(losses), text.language, tuple(losses))


@kept
def _residual_pair(key: str, language: str, _losses: tuple[Loss, ...]) -> Pair:
    text = Text(language)
    lines = named(_losses, text)
    drawn = [loss for loss in _losses if loss.name in lines]
    frame = residual_frame(drawn)
    highest = max([REACH**2, *(1.1 * v for v in _highest(frame, "own"))])
    lowest = min([0.0, *_lowest(frame, drawn)])
    names = [lines[loss.name][0] for loss in drawn]
    styles = [lines[loss.name][1] for loss in drawn]
    times = [
        text("objective.curves.times", name=text(f"loss.{loss.name}"), times=sig(growth(loss, NEAR, FAR)))
        for loss in _losses
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
) -> Pair:
    charts, alts = [], []
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
        )
        charts.append(chart.to_dict(validate=False))
        alts.append(text(f"objective.alt.{part}", names=listed(list(names), text), x=x_title))
    return Pair(charts[0], charts[1], (alts[0], alts[1]), sentences)


def own_pair(loss: Loss, text: Text) -> Pair:
    """Return an own loss beside MSE, and what is to be said of it."""
    return _own_pair(str(loss.expression), text.language)


@kept
def _own_pair(expression: str, language: str) -> Pair:
    text, loss = Text(language), Loss("own", expression=expression)
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
    pulls = growth(loss, NEAR, FAR)
    said = []
    if found.falls is not None:
        said.append(text("objective.own.falls", at=sig(found.falls)))
    elif found.least and found.least != ((-REACH, REACH),):
        said.append(text("objective.own.least", where=_where(found.least, text)))
    if math.isfinite(pulls):
        said.append(text("objective.own.grows", near=sig(NEAR), far=sig(FAR), times=sig(pulls)))
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


@kept
def logit_pair(language: str) -> Pair:
    """Return cross-entropy and hinge against the logit."""
    text, frame = Text(language), logit_frame()
    names = [text(f"objective.logit.{name}") for name in _LOGIT_STYLES]
    wrong, right = frame.iloc[0], frame.iloc[-1]
    values = {
        f"{name}_{side}": sig(abs(row[f"slope_{name}"]))
        for side, row in (("wrong", wrong), ("right", right))
        for name in _LOGIT_STYLES
    }
    sentence = text("objective.logit.result", wrong=sig(-LOGITS), right=sig(LOGITS), **values)
    styles = list(_LOGIT_STYLES.values())
    return _pair(
        frame,
        list(_LOGIT_STYLES),
        names,
        styles,
        (0.0, LOGITS + 1),
        text,
        (sentence,),
        slopes=(-1.1, 0.1),
        of="logit",
    )
