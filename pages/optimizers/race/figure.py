"""The race drawn: loss against step, every optimizer's fit beside it, and the result."""

from core.analysis.best_rates import choosing
from core.analysis.sentences import chosen_sentence
from core.engine.history import History
from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from core.ui.race import build_race


def figure(history: History, specs: Specs, text: Text) -> Figure:
    """Return charts, read-out, sentences and table of a race."""
    experiment, view = specs
    drawn = build_race(history, view, text)
    chosen = (chosen_sentence(choosing(experiment), text),) if view.rates == "best" else ()
    return Figure(
        drawn.charts,
        history.experiment.steps,
        drawn.series,
        drawn.sentences,
        drawn.failures + chosen + (trained_note(history, text),),
        drawn.table,
        event=history.event,
        key="loss_vs_step",
    )


def trained_note(history: History, text: Text) -> str:
    """Return how much was trained, and on what."""
    where, count = "gpu" if history.device == "cuda" else "cpu", len(history.runs)
    runs = text("result.runs_one") if count == 1 else text("result.runs_many", runs=f"{count:,}")
    return text(f"result.trained_on_{where}", runs=runs, steps=f"{history.experiment.steps:,}")
