"""The loss over both coefficients as a map: the reader's tries on it, and optimizers on their way."""

from dataclasses import replace

import pandas as pd

from core.engine.walks import loss_frame
from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from pages.unknowns.dragged import plane_of
from pages.unknowns.forms import loss_series
from pages.unknowns.formulas import tried_sentence
from pages.unknowns.search.loss_maps import charts, walk, walk_sentences


def figure(found: tuple[None, pd.DataFrame], specs: Specs, text: Text) -> Figure:
    """Return map, curve and losses; with optimizers, over their steps."""
    spec, tried = specs[0], found[1]
    note = text("unknowns.map_note")
    sought = Figure(
        tuple(charts(spec, tried, text)),
        sentences=(tried_sentence(spec, tried, text),),
        notes=(note,),
        plane=plane_of(spec, text),
        key="loss_vs_step",
    )
    if not spec.fit:
        return sought
    return replace(
        sought,
        steps=spec.steps,
        series=loss_series(loss_frame(walk(spec, text).way)),
        sentences=tuple(walk_sentences(spec, tried, text)),
        notes=(text("unknowns.leave"), note),
    )
