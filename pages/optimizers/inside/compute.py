"""A training, and one of its coefficients at every step."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import torch

from core.analysis.coefficient_names import cell_names, nearest_cell
from core.catalogue.optimizers import METHODS
from core.catalogue.row import Row
from core.engine.asking import Ask
from core.engine.history import History
from core.engine.recorded import OneStep, Recorded, own_gradient, own_gradients, record, torch_step
from core.export.worked_step import Numbers
from core.link.forms import Specs, canonical

#: The step that is written out at first.
OPENS = 10
#: So many steps show what bias correction does.
FIRST = 10
#: A loss rises when the mean of an epoch is this many times that of the one before.
RISE = 4.0


@dataclass(frozen=True)
class Looked:
    """What is looked into."""

    history: History
    recorded: Recorded

    @property
    def cell(self) -> str:
        """The coefficient's name."""
        return cell_names(self.history.experiment)[self.recorded.index]

    @property
    def names(self) -> list[str]:
        """The optimizers, one for each run."""
        return [run.optimizer.name for run in self.history.runs]

    @cached_property
    def opens(self) -> int:
        """The step that is written out at first: an early one, or the longest late one where losses leap."""
        steps = self.history.experiment.steps
        if not self.rises(0):
            return min(OPENS, steps)
        early = steps // 4
        return early + 1 + int(self.recorded.parameter[:, 0].diff()[early:].abs().nan_to_num(0, 0).argmax())

    def still(self, column: int) -> bool:
        """Whether a run never moves the coefficient, as where its unit is off at every point."""
        r = self.recorded
        return not bool(r.gradient[:, column].any()) and bool((r.parameter[:, column] == r.parameter[0, column]).all())

    def row(self, column: int) -> Row:
        """Return a run's coefficients of the one rule."""
        optimizer = self.history.runs[column].optimizer
        return METHODS[optimizer.name].row(optimizer.hyperparameters)

    def frame(self) -> pd.DataFrame:
        """Return a row a step, with for run i its slope g_i, m_i, what divides as r_i, update u_i and parameter p_i.

        At step 0 only the parameter is there.
        """
        r = self.recorded
        before = torch.full_like(r.gradient[:1], torch.nan)
        all_ = {
            "g": torch.cat((before, own_gradients(r))),
            "m": torch.cat((before, r.first[1:])),
            "r": torch.cat((before, self._roots())),
            "u": torch.cat((before, r.parameter.diff(dim=0))),
            "p": r.parameter,
        }
        columns = {f"{n}_{i}": t[:, i].numpy() for n, t in all_.items() for i in range(t.shape[1])}
        return pd.DataFrame({"step": range(len(r.parameter)), **columns})

    def _roots(self) -> torch.Tensor:
        """Return √v as it divides every step, bias corrected where it is; (steps, runs)."""
        t = torch.arange(1, len(self.recorded.gradient) + 1, dtype=torch.float64)
        rows = [self.row(i) for i in range(len(self.names))]
        held = torch.stack([1 - row.kappa * row.beta2**t for row in rows], 1)
        return (self.recorded.second[1:].double() / held).sqrt().to(self.recorded.second.dtype)

    def numbers(self, column: int, step: int) -> Numbers:
        """Return what step 1, 2, … of a run is made of."""
        r = self.recorded
        return Numbers(
            step,
            self.history.runs[column].learning_rate,
            *(
                float(t)
                for t in (
                    r.parameter[step - 1, column],
                    own_gradient(r, column, step),
                    r.first[step - 1, column],
                    r.second[step - 1, column],
                    r.first[step, column],
                    r.second[step, column],
                    r.parameter[step, column],
                )
            ),
        )

    def by_torch(self, column: int, step: int) -> OneStep:
        """Return what torch.optim makes of that step."""
        return torch_step(self.recorded, column, step)

    def uncorrected(self, column: int) -> pd.DataFrame | None:
        """Return the first steps of a run in learning rates, with bias correction and without, and how many times
        as long they are without; None where the optimizer corrects nothing.
        """
        row, r = self.row(column), self.recorded
        if not row.kappa:
            return None
        count = min(FIRST, len(r.gradient))
        t = torch.arange(1, count + 1, dtype=torch.float64)
        m, v = r.first[1 : count + 1, column].double(), r.second[1 : count + 1, column].double()
        along = m + row.nu * (r.gradient[:count, column].double() + row.beta1 * m - m)
        bare = along.abs() / (row.a * v.sqrt() + row.floor)
        filled1, filled2 = (1 - row.kappa * beta**t for beta in (row.beta1, row.beta2))
        corrected = along.abs() / filled1 / (row.a * (v / filled2).sqrt() + row.floor)
        frame = pd.DataFrame({"step": t.long().tolist(), "with": corrected.tolist(), "without": bare.tolist()})
        return frame.assign(times=(bare / corrected).tolist())

    def rises(self, column: int) -> int:
        """Return in how many epochs the mean mini-batch loss is over `RISE` times that of the epoch before, above 0."""
        e = self.history.experiment
        sizes = self.history.loss.new_tensor(e.batch_sizes).double() / e.points
        of_epochs = self.history.loss[:, column].double().unflatten(0, (e.epochs, -1)) @ sizes
        before, after = of_epochs[:-1], of_epochs[1:]
        return int(((before > 0) & (after > RISE * before)).sum())


def compute(specs: Specs, ask: Ask) -> Looked:
    """Train, then train once more and record the coefficient."""
    experiment, cell = specs[0], nearest_cell(specs[2].cell, specs[0])
    history = ask.history(experiment)
    index = cell_names(experiment).index(cell)
    key = f"recorded?{canonical(experiment)}&cell={cell}"
    return Looked(history, ask.result(key, lambda progress: record(experiment, index, progress), experiment.effort))
