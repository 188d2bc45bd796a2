"""Why a logarithmic axis shows less than there is."""

import numpy as np
import numpy.typing as npt

from core.text import Text


def left_out(losses: npt.ArrayLike, scale: str, text: Text, *, choice: bool = True) -> list[str]:
    """Say, once or not at all, that an axis of this scale has no place for some or all of these losses.

    `choice`: the reader may take the linear axis instead.
    """
    found = np.asarray(losses, dtype=float)
    missing = found[np.isfinite(found)] <= 0
    if scale != "log" or not missing.any():
        return []
    sentence = text("chart.log.all" if missing.all() else "chart.log.some")
    return [sentence + text("result.space") + text("chart.log.linear") if choice else sentence]
