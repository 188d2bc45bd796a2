"""Where training works: loss at the end against learning rate."""

from core.analysis.best_rates import choosing, reported
from core.analysis.result_frames import sweep_frame
from core.analysis.sentences import cheap_constant, chosen_sentence, listed, sweep_sentences
from core.charts.domains import decades
from core.link.forms import Specs
from core.player import Chart
from core.player.figure import Figure
from core.player.log_axis import left_out
from core.text import Text
from pages.learning_rate.range.chart import sweep_chart
from pages.learning_rate.range.compute import Swept
from pages.learning_rate.range.strips import HEAD, ROW

#: Height of the plot in pixels; strips come below it.
HEIGHT = 300


def figure(result: Swept, _: Specs, text: Text) -> Figure:
    """Return the chart of the ends against the rates, and say where each optimizer works."""
    history = result.history
    e = history.experiment
    frame = sweep_frame(history)
    found = reported(frame, result.best)
    names = [o.name for o in e.optimizers]
    constant = float(history.constant_loss.median())
    lowest = frame.groupby("name")["median"].min()
    domain = decades([*found["loss"].tolist(), *lowest.tolist(), e.target, constant, 10 * constant])
    chart = sweep_chart(
        frame,
        names,
        text,
        loss_name=text(f"loss.{e.loss.name}"),
        domain=domain,
        best=found,
        target=e.target,
        height=HEIGHT,
    )
    drawn = Chart(
        chart.to_dict(validate=False),
        text("learning_rate.range.title"),
        text("learning_rate.range.alt", names=listed(names, text)),
        height=HEIGHT + HEAD + ROW * len(names) + 30,
        name="range",
        rigid=True,
    )
    chosen = [chosen_sentence(choosing(e), text)] if len(found) else []
    return Figure(
        (drawn,),
        sentences=tuple(sweep_sentences(frame, found, e.target, e.seeds, text)),
        notes=(*cheap_constant(history, text), *chosen, *left_out(frame["median"], "log", text, choice=False)),
    )
