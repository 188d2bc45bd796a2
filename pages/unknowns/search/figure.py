"""The loss over both coefficients as a map: the reader's tries on it, and optimizers on their way."""

import pandas as pd

from core.engine.walks import loss_frame
from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from pages.unknowns.forms import loss_series
from pages.unknowns.formulas import tried_sentence
from pages.unknowns.search.loss_maps import still_charts, walk, walk_charts, walk_sentences


def figure(found: tuple[None, pd.DataFrame], specs: Specs, text: Text) -> Figure:
    """Return the map and the losses; with optimizers on it, over their steps."""
    spec, tried = specs[0], found[1]
    notes = (text("unknowns.map_note"),)
    if not spec.fit:
        charts = still_charts(spec, tried, text)
        return Figure(tuple(charts), sentences=(tried_sentence(spec, tried, text),), notes=notes)
    return Figure(
        tuple(walk_charts(spec, tried, text)),
        spec.steps,
        loss_series(loss_frame(walk(spec, text).way)),
        tuple(walk_sentences(spec, tried, text)),
        notes,
        key="loss_vs_step",
    )
