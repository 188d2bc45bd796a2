"""One formula twice: its curve where the coefficients are known, and beside the data where they are sought."""

import pandas as pd

from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from pages.unknowns.formulas import guess, known_chart, tried_sentence


def figure(found: tuple[None, pd.DataFrame], specs: Specs, text: Text) -> Figure:
    """Return both, what comes out, and what the guess costs."""
    known, values = known_chart(specs[0], text)
    return Figure(
        (known, guess(specs[0], text)), sentences=(tried_sentence(specs[0], found[1], text),), notes=(values,)
    )
