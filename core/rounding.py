"""Where a curve is only one of many: the same training under another rounding parts from it."""

from dataclasses import replace

import torch

from core.history import History
from core.training import train

#: From this learning rate on, methods that divide by √v have been seen to part.
SUSPECT = 0.1
#: Two curves have parted when their mini-batch losses once differ by this share.
PARTED = 0.01


def parted(history: History) -> tuple[str, ...]:
    """Return the optimizers whose curve in float64 parts from this one in float32.

    Only a race is looked at: one seed, and only where some rate is `SUSPECT`. Runs that overflow are left out.
    """
    e = history.experiment
    if not any(run.learning_rate >= SUSPECT for run in history.runs):
        return ()
    one = train(replace(e, seeds=1), dtype=torch.float64, device="cpu").loss  # (steps, runs of one seed)
    ours = history.loss[:, :: e.seeds].double()
    apart = ((ours - one).abs() / one).nan_to_num(0, 0, 0).amax(0) > PARTED
    fine = ours.isfinite().all(0)
    names = [run.optimizer.name for run in history.runs[:: e.seeds]]
    return tuple(dict.fromkeys(n for n, a, f in zip(names, apart.tolist(), fine.tolist(), strict=True) if a and f))
