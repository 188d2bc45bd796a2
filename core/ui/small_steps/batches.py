"""Full batch, mini-batch, single sample: loss against steps and against samples, and how noisy the gradient is."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.analysis.best_rates import choosing
from core.analysis.sentences import chosen_sentence
from core.charts.batches import samples_chart
from core.charts.domains import decades
from core.charts.series import Rule, series_chart
from core.charts.style import Style, rate_styles
from core.engine.history import History
from core.link import forms
from core.player import Chart
from core.small_steps import BATCHES, SmallSteps
from core.small_steps_frames import (
    first_frame,
    reached_frame,
    sample_frame,
    soonest_rate,
    walker_frame,
)
from core.text import Text
from core.text.numbers import sig
from core.ui import controls
from core.ui.kept import kept
from core.ui.results import trained
from core.ui.small_steps.shown import Shown, axes, read_out

#: Steps that every batch size takes: the full batch has no more.
FIRST = 200
LOSS_HEIGHT, STRAY_HEIGHT = 280, 220


def named(size: int | None, text: Text) -> str:
    """Return what a batch size is called."""
    if size is None:
        return text("small_steps.batches.full")
    return text("small_steps.batches.one" if size == 1 else "small_steps.batches.some", size=size)


def style_of(size: int | None) -> Style:
    """Return how a batch size looks, the same in all figures."""
    return rate_styles(len(BATCHES))[BATCHES.index(size)]


def batch_controls(text: Text) -> None:
    """Choose one rate for all batch sizes, or each its own best."""
    left, right = st.columns([2, 3], gap="medium")
    with left:
        kinds = ("same", "best")
        controls.either("rates", text("control.rates"), kinds, lambda v: text(f"small_steps.batches.rates_{v}"))
    with right:
        controls.ladder("batches.lr", text("control.lr"), disabled=st.session_state["rates"] == "best")


def histories(spec: SmallSteps, text: Text) -> dict[int | None, History] | None:
    """Return the training of every batch size at the chosen rates; None after a notice."""
    found = {}
    for size in BATCHES:
        asked = spec.batched(size)
        if spec.rates == "best":
            tried = trained(spec.choosing(size), text)
            if tried is None:
                return None
            asked = replace(asked, learning_rates=(soonest_rate(tried),))
        history = trained(asked, text)
        if history is None:
            return None
        found[size] = history
    return found


def chosen_note(spec: SmallSteps, text: Text) -> str:
    """Say how the rates were chosen, where each batch size has one of its own."""
    if spec.rates == "same":
        return ""
    asked, drawn = spec.choosing(None), spec.batched(None)
    seeds = {"first": asked.first_seed, "last": asked.first_seed + asked.seeds - 1, "seed": drawn.first_seed}
    return text("small_steps.batches.chosen", target=sig(asked.target), **seeds)


def batches(found: dict[int | None, History], text: Text) -> Shown:
    """Return both charts, kept for whoever asks for the same next."""
    key = "|".join(forms.canonical(h.experiment) for h in found.values())
    return _batches(key, text.language, found)


@kept
def _batches(key: str, language: str, _found: dict[int | None, History]) -> Shown:
    return build_batches(_found, Text(language))


def build_batches(found: dict[int | None, History], text: Text) -> Shown:
    """Make loss against steps and loss against samples seen."""
    by_name = {named(size, text): history for size, history in found.items()}
    names, styles = list(by_name), [style_of(size) for size in found]
    target = found[None].experiment.target
    everything, first, reached = sample_frame(by_name), first_frame(by_name, FIRST), reached_frame(by_name)
    losses = everything["loss"][everything["loss"] > 0]
    domain = decades([min(float(losses.min()), target), float(found[None].full_loss[0, 0])])
    by_step = series_chart(
        first,
        names,
        styles,
        text,
        axes(FIRST, domain, LOSS_HEIGHT),
        title=text("small_steps.axis.full_loss"),
        rules=[Rule(text("chart.target.label", value=sig(target)), target)],
    )
    by_samples = samples_chart(
        everything,
        walker_frame(by_name, first),
        names,
        styles,
        text,
        domain=domain,
        target=target,
        crossings=reached,
        step=FIRST,
        height=LOSS_HEIGHT,
    )
    charts = tuple(
        Chart(
            chart.to_dict(validate=False),
            text(f"small_steps.batches.by_{kind}", steps=FIRST),
            text(f"small_steps.batches.{kind}_alt"),
            columns=6,
            height=LOSS_HEIGHT + 60,
            name=kind,
            step_axis=kind == "step",
        )
        for kind, chart in (("step", by_step), ("samples", by_samples))
    )
    every = max(history.eval_every for history in found.values())
    notes = [text("small_steps.batches.every", k=every)] if every > 1 else []
    shown = found[None].experiment
    if any(o.lr is not None for o in shown.optimizers):
        notes.append(chosen_sentence(choosing(shown), text))
    return Shown(charts, read_out(names, styles, first), _sentences(found, reached, text), tuple(notes))


def _sentences(found: dict[int | None, History], reached: pd.DataFrame, text: Text) -> tuple[str, ...]:
    rows = {row["name"]: row for row in reached.to_dict("records")}
    rates = [history.runs[0].learning_rate for history in found.values()]
    parts = []
    for size, rate in zip(found, rates, strict=True):
        name = named(size, text)
        row = rows.get(name)
        counts = {"steps": f"{row['step'] if row else found[size].experiment.steps:,}"}
        if row:
            counts["samples"] = f"{row['samples']:,}"
        kind = "missed" if row is None else "reached" if found[size].exact(row["step"]) else "reached_by"
        part = text(f"small_steps.batches.{kind}", name=name, **counts)
        parts.append(part if len(set(rates)) == 1 else part + text("small_steps.batches.at_rate", rate=sig(rate)))
    target = sig(found[None].experiment.target)
    body = text("small_steps.semicolon").join(parts)
    if len(set(rates)) == 1:
        return (text("small_steps.batches.result_same", target=target, rate=sig(rates[0]), body=body),)
    return (text("small_steps.batches.result", target=target, body=body),)
