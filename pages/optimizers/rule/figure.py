"""The race with the reader's own row in it, whose numbers that row has, and the forms of momentum."""

import math

from core.analysis.frames import kept_steps
from core.analysis.one_rule import Namesake, end, namesakes, place, row_of
from core.analysis.sentences import listed
from core.charts.axes import Axes
from core.charts.series import series_chart
from core.charts.style import NEUTRAL, OPTIMIZERS, Style
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.player.loss_axes import loss_axes
from core.text import Text
from core.text.numbers import percent_exactly, sig
from pages.optimizers.race.figure import build_race, trained_note
from pages.optimizers.rule.compute import CUT, FORMS, Ruled, rest

_SMALL = 170
_DIGITS = 6  # of numbers that make a method: three would make 1 of 0.9999
_LOOKS = dict(
    zip(
        FORMS,
        (OPTIMIZERS["Momentum"], Style(NEUTRAL, (6, 3)), Style(OPTIMIZERS["Nesterov"].colour, (2, 3))),
        strict=True,
    )
)


def figure(found: Ruled, specs: Specs, text: Text) -> Figure:
    """Return the race, what the reader's own row comes to, and momentum in its forms."""
    _, view, page = specs
    history = found.history
    race = build_race(history, view, text, fits=False)
    forms = _forms(found, specs, text)
    return Figure(
        (*race.charts, forms),
        history.experiment.steps,
        race.series,
        (*_own(found, page.one, page.other, text), *race.sentences, forms_sentence(found, view.smooth, text)),
        (*race.failures, trained_note(history, text)),
        event=history.event,
        key="loss_vs_step",
    )


def _own(found: Ruled, one: str, other: str, text: Text) -> list[str]:
    """Say where the reader's own row stands, and whose numbers it has."""
    given = {o.name: o for o in found.history.experiment.optimizers}
    at = place(found.own.hyperparameters, end(one, given), end(other, given))
    alike = namesakes(row_of(found.own))
    said = []
    if at is not None and 0 < at < 1:
        share = percent_exactly(at)
        said.append(text("optimizers.rule.way", name=found.own.name, share=share, one=one, other=other))
    names = listed([_namesake(one, text) for one in alike], text)
    key = "named" if alike else "nameless"
    return [*said, text(f"optimizers.rule.{key}", name=found.own.name, names=names)]


def _namesake(one: Namesake, text: Text) -> str:
    often_0 = ("weight_decay", "initial_accumulator_value")
    shown = {name: value for name, value in one.hyperparameters.items() if value or name not in often_0}
    numbers = text("result.listing").join(f"{name} {sig(value, _DIGITS)}" for name, value in shown.items())
    named = text("optimizers.rule.with", name=one.name, numbers=numbers) if numbers else one.name
    if math.isclose(one.times, 1, rel_tol=1e-5):
        return named
    return text("optimizers.rule.times", named=named, times=sig(one.times))


def _forms(found: Ruled, specs: Specs, text: Text) -> Chart:
    """Return the losses of momentum's forms."""
    history, view = found.history, specs[1]
    steps = history.experiment.steps
    frame = found.smooth(view.smooth).reindex(kept_steps(steps))
    frame.columns = [f"c{i}" for i in range(len(FORMS))]
    frame = frame.rename_axis("step").reset_index()
    names = [text(f"optimizers.rule.form.{form}") for form in FORMS]
    axes: Axes = loss_axes(history, frame, list(frame.columns[1:]), view, text, _SMALL)
    drawn = series_chart(frame, names, [_LOOKS[form] for form in FORMS], text, axes, saved=("form", "smoothed_loss"))
    kind = "constant" if found.cut is None else "cut"
    told = {"step": found.cut or 0, "share": percent_exactly(CUT), "names": listed(names, text)}
    title = text(f"optimizers.rule.forms_{kind}", **told)
    return Chart(
        drawn.to_dict(validate=False), title, text("optimizers.rule.forms_alt", **told), 12, 230, "forms", True
    )


def forms_sentence(found: Ruled, smoothing: float, text: Text) -> str:
    """Say how far apart the first and the last form ever are, and how far the middle one goes."""
    if lost := [text(f"optimizers.rule.form.{form}") for form in found.diverged]:
        return text("optimizers.rule.forms_lost", names=listed(lost, text))
    smooth = found.smooth(smoothing).loc[(found.cut or 0) + 1 :]
    key = "forms_result" if found.cut is None else "forms_result_cut"
    apart = sig(float((smooth["torch"] - smooth["rate_inside"]).abs().max()))
    share = percent_exactly(rest(found.momentum))
    return text(f"optimizers.rule.{key}", apart=apart, share=share)
