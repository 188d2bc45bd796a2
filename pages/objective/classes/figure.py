"""Losses of classes against the logit of one, and cross-entropy of three."""

from dataclasses import replace

from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from pages.objective.classes.tables import entropy_sentence, entropy_table
from pages.objective.pairs import logit_pair


def figure(_: None, specs: Specs, text: Text) -> Figure:
    """Return both charts, and what the three logits come to."""
    page, pair = specs[2], logit_pair(specs[2].logits, specs[2].right, text)
    return replace(
        pair, sentences=(entropy_sentence(page, text),), notes=pair.sentences, table=entropy_table(page, text)
    )
