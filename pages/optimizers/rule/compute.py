"""The race with the reader's own row in it, and momentum in the three forms in which it is written."""

from dataclasses import dataclass, replace

import pandas as pd
import torch
from torch import Tensor

from core.analysis.frames import smoothed
from core.catalogue.row import Row
from core.engine.asking import Ask
from core.engine.history import DIVERGED, History
from core.engine.scheduled import Stretch, train_stretches
from core.engine.training import Progress
from core.link.forms import Specs, canonical
from core.spec.experiment import Experiment, Optimizer, Run

#: m ← μm + g, as PyTorch writes it; m ← μm + (1−μ)g; and m ← μm − ηg, which is added without a rate.
FORMS = ("torch", "mean", "rate_inside")
#: What is left of the rate where it is cut, half-way.
CUT = 0.1


@dataclass(frozen=True)
class Ruled:
    """The race, and the mini-batch losses of momentum's forms (steps, forms), infinite once they have diverged."""

    history: History
    forms: Tensor
    momentum: float
    cut: int | None  # the last step before the rate is cut

    @property
    def own(self) -> Optimizer:
        """The reader's own row."""
        return self.history.experiment.optimizers[-1]

    @property
    def diverged(self) -> list[str]:
        """The forms that do not stay within bounds."""
        return [form for form, losses in zip(FORMS, self.forms.T, strict=True) if not losses.isfinite().all()]

    def smooth(self, weight: float) -> pd.DataFrame:
        """Return a column a form as the race draws its losses: each at the step it was measured in, smoothed."""
        index = pd.RangeIndex(1, len(self.forms) + 1)
        return smoothed(pd.DataFrame(self.forms.double().numpy(), index=index, columns=list(FORMS)), weight)


def stretches(form: str, run: Run, steps: int, cut: int | None) -> tuple[Stretch, ...]:
    """Return a run of momentum in one of its forms, at its rate and, after the cut, at what is left of that."""
    rate, h = run.learning_rate, run.optimizer.hyperparameters
    parts = [(rate, steps)] if cut is None else [(rate, cut), (rate * CUT, steps - cut)]
    row = Row(beta1=h["momentum"], coupled=h["weight_decay"])
    if form == "rate_inside":
        return tuple(Stretch(replace(row, c1=eta), 1.0, count) for eta, count in parts)
    if form == "mean":
        row = replace(row, c1=rest(h["momentum"]))
    return tuple(Stretch(row, eta, count) for eta, count in parts)


def rest(momentum: float) -> float:
    """Return 1 − μ as it is written."""
    return round(1 - momentum, 12)


def momentum_run(experiment: Experiment) -> Experiment:
    """Return the one run that the forms are forms of: the race's Momentum, or the usual one at the race's rate."""
    own = next((o for o in experiment.optimizers if o.name == "Momentum"), Optimizer("Momentum"))
    return replace(experiment, optimizers=(own,), learning_rates=experiment.learning_rates[:1], seeds=1)


def cut_step(experiment: Experiment, cut: bool) -> int | None:
    """Return the last step before the rate is cut, None where it is not."""
    return experiment.steps // 2 if cut else None


def compute(specs: Specs, ask: Ask) -> Ruled:
    """Train them."""
    experiment, _, page = specs
    history = ask.history(experiment)
    e = momentum_run(experiment)
    run, cut = e.runs[0], cut_step(e, page.cut)

    def train(_: Progress) -> Tensor:
        each = (train_stretches(e, stretches(form, run, e.steps, cut)) for form in FORMS)
        return torch.stack(list(each), 1)

    forms = ask.result(f"momenta?{canonical(e)}&cut={cut}", train, len(FORMS) * e.effort)
    return Ruled(history, until_lost(forms, history), run.optimizer.hyperparameters["momentum"], cut)


def until_lost(forms: Tensor, history: History) -> Tensor:
    """Return losses that are infinite from where they diverge, which is counted as in the race."""
    usual = (float(history.full_loss[0, 0]), float(history.constant_loss[0]))  # of the first seed, as these are
    lost = ~(forms.abs() <= DIVERGED * max(map(abs, usual)))  # true for nan as well
    return forms.masked_fill(lost.cumsum(0) > 0, torch.inf)
