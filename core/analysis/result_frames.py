"""What became of runs, as pandas frames: failures, results, and ends against the rate, over seeds."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.analysis.frames import BAND, Line, lines
from core.analysis.quantiles import most_by, quantile
from core.engine.history import History, Kind, Outcome


def outcomes_of(history: History, line: Line) -> list[Outcome]:
    """Return the outcomes of a line's seeds."""
    return [history.outcomes[c] for c in line.columns]


def _steps(steps: Sequence[int | None]) -> np.ndarray:
    return np.array([math.inf if s is None else s for s in steps])


def events_frame(history: History) -> pd.DataFrame:
    """Return name, step, kind for every optimizer most of whose seeds diverged or collapsed.

    A divergence stands at the first step by which most seeds have diverged, a collapse at the end.
    """
    rows: list[tuple[str, int, str]] = []
    for line in lines(history):
        found = outcomes_of(history, line)
        diverged = most_by(_steps([o.diverged for o in found]))
        if diverged < math.inf:
            rows.append((line.name, int(diverged), "diverged"))
        elif 2 * sum(o.collapsed for o in found) > len(found):
            rows.append((line.name, history.experiment.steps, "collapsed"))
    return pd.DataFrame(rows, columns=["name", "step", "kind"])


def result_frame(history: History) -> pd.DataFrame:
    """Return one row a line: name, rate, seeds, reached, exact, there, loss, kind, alike, collapsed.

    `reached` is the first step by which most seeds have been below the target, inf where most never were, `exact`
    whether the loss was known at every step up to there, `there` how many seeds ever were below it. `loss` is the
    median end, inf where it falls among seeds that diverged. `kind` is what most seeds are, of a draw the first in
    the kinds' order, and `collapsed` whether most seeds collapsed; `alike` counts these, or else those of the kind.
    """
    rows = []
    for line in lines(history):
        found = outcomes_of(history, line)
        reached = most_by(_steps([o.reached for o in found]))
        counts = Counter(o.kind for o in found)
        kind = max(Kind, key=lambda k: counts[k])
        collapsed = sum(o.collapsed for o in found)
        most_collapsed = 2 * collapsed > len(found)
        rows.append(
            {
                "name": line.name,
                "rate": line.rate,
                "seeds": len(found),
                "reached": reached,
                "exact": reached < math.inf and history.exact(int(reached)),
                "there": sum(o.reached is not None for o in found),
                "loss": float(quantile(np.array([o.end for o in found]), 0.5)),
                "kind": kind.value,
                "alike": collapsed if most_collapsed else counts[kind],
                "collapsed": most_collapsed,
            }
        )
    return pd.DataFrame(rows)


def sweep_frame(history: History) -> pd.DataFrame:
    """Return one row an optimizer and rate: name, rate, median, low, high of the end over seeds (inf where they

    fall among seeds that diverged), the share of seeds of each kind under the kind's name, and `ends_below`: the
    share that ends below the target, whether or not a constant does as well.
    """
    rows = []
    for line in lines(history):
        found = outcomes_of(history, line)
        ends = np.array([o.end for o in found])
        counts = Counter(o.kind for o in found)
        row: dict[str, str | float] = {"name": line.name, "rate": line.rate}
        row |= {name: float(quantile(ends, q)) for name, q in zip(("median", "low", "high"), (0.5, *BAND), strict=True)}
        row["ends_below"] = float((ends < history.experiment.target).mean())
        rows.append(row | {kind.value: counts[kind] / len(found) for kind in Kind})
    return pd.DataFrame(rows)
