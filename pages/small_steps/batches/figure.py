"""Full batch, mini-batch, single sample: loss against steps and against samples, and how noisy the gradient is."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from core.analysis.best_rates import choosing
from core.analysis.sentences import chosen_sentence
from core.charts.domains import decades
from core.charts.series import Rule, series_chart
from core.engine.history import History
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.text import Text
from core.text.numbers import sig
from pages.small_steps.batch_sizes import named, style_of
from pages.small_steps.batches.chart import samples_chart
from pages.small_steps.frames import (
    first_frame,
    reached_frame,
    sample_frame,
    walker_frame,
)
from pages.small_steps.shown import Shown, axes, read_out
from pages.small_steps.shown import figure as as_figure
from pages.small_steps.spec import SmallSteps

#: Steps that every batch size takes: the full batch has no more.
FIRST = 200
LOSS_HEIGHT, STRAY_HEIGHT = 280, 220


def chosen_note(spec: SmallSteps, text: Text) -> str:
    """Say how the rates were chosen, where each batch size has one of its own."""
    if spec.rates == "same":
        return ""
    asked, drawn = spec.choosing(None), spec.batched(None)
    seeds = {"first": asked.first_seed, "last": asked.first_seed + asked.seeds - 1, "seed": drawn.first_seed}
    return text("small_steps.batches.chosen", target=sig(asked.target), **seeds)


def figure(found: dict[int | None, History], specs: Specs, text: Text) -> Figure:
    """Return both charts, over the steps that every batch size takes."""
    drawn, note = build_batches(found, text), chosen_note(specs[0], text)
    return as_figure(replace(drawn, notes=(*drawn.notes, note)) if note else drawn, FIRST)


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
        saved=("batch", "full_loss"),
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
        crossings=reached.assign(words=[_crossing(row, found, text) for row in reached.to_dict("records")]),
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
            main=True,
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
    event = min((step for h in found.values() if (step := h.event) is not None and step <= FIRST), default=None)
    return Shown(charts, read_out(names, styles, first), _sentences(found, reached, text), tuple(notes), event)


def _crossing(row: Mapping[Hashable, Any], found: dict[int | None, History], text: Text) -> str:
    """Return what is written where a line first gets below the target: whose it is, and the samples it has seen."""
    history = next(history for size, history in found.items() if named(size, text) == row["name"])
    kind = "crossed" if history.exact(row["step"]) else "crossed_by"
    return text(f"small_steps.batches.{kind}", name=row["name"], samples=f"{row['samples']:,}")


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
        missed = "missed" if found[size].eval_every == 1 else "missed_seen"
        kind = missed if row is None else "reached" if found[size].exact(row["step"]) else "reached_by"
        part = text(f"small_steps.batches.{kind}", name=name, **counts)
        parts.append(part if len(set(rates)) == 1 else part + text("small_steps.batches.at_rate", rate=sig(rate)))
    target = sig(found[None].experiment.target)
    body = text("small_steps.semicolon").join(parts)
    if len(set(rates)) == 1:
        return (text("small_steps.batches.result_same", target=target, rate=sig(rates[0]), body=body),)
    return (text("small_steps.batches.result", target=target, body=body),)
