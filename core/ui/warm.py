"""What the first visitor should not wait for: the chart library, and the defaults of every page."""

from core.spec import Experiment, View
from core.text import LANGUAGES, Text
from core.ui import practice, race, rates, results
from core.ui.player.bundle import build

#: What the Learning-rate page opens with.
LEARNING_RATE = Experiment(learning_rates=(0.0001, 0.001, 0.01, 0.1, 0.3, 1.0), seeds=8)


def warm() -> None:
    """Make them all, and keep them where the pages look."""
    build()
    classic = results.keep(Experiment())
    ladder = results.keep(rates.whole_ladder(LEARNING_RATE))
    for language in LANGUAGES:
        text = Text(language)
        race.race(classic, View(), text)
        rates.panels(ladder, LEARNING_RATE.learning_rates, View(), text)
        rates.sweep(ladder, text)
    for experiment in practice.experiments().values():
        results.keep(experiment)
