"""Experiments that share all but their runs, trained as one, and each one's history cut out of that.

A run does not depend on who trains beside it, but for the rounding of float32; so sixty learners who each try a rate
of their own cost little more than one.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core import network
from core.data import DATA_SETS
from core.history import History, outcomes
from core.spec import Experiment, Optimizer, Run
from core.training import Device, Progress, choose_device, evaluation_steps, snapshot_steps, train

#: The most runs of a company: from here on, more runs are no faster together, and the first would wait for the last.
MOST_RUNS = 512


def _plain(run: Run) -> Run:
    # the same run, whether its rate is its optimizer's own or the experiment's
    return replace(run, optimizer=replace(run.optimizer, lr=None))


@dataclass(frozen=True)
class Company(Experiment):
    """Experiments as one: its runs are theirs, each once. Everything but the runs is as in the first member."""

    members: tuple[Experiment, ...] = ()

    def __post_init__(self) -> None:
        pass  # its members are valid, and it may hold the same optimizer with several momenta

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """One per column: the members' runs in their order, without repetition."""
        return tuple(dict.fromkeys(_plain(run) for e in self.members for run in e.runs))

    @property
    def columns(self) -> int:
        """How many runs there are."""
        return len(self.runs)


def company(members: Sequence[Experiment]) -> Company:
    """Return experiments of one `kin` as one."""
    first = members[0]
    shared = {name: getattr(first, name) for name in Experiment.__dataclass_fields__}
    runs = dict.fromkeys(_plain(run).optimizer for e in members for run in e.runs)
    several = {"optimizers": tuple(runs), "seeds": max(e.seeds for e in members)}
    return Company(**(shared | several), members=tuple(members))


def kin(experiment: Experiment) -> Hashable:
    """Return what experiments must share to train as one: all but optimizers, rates, how many seeds, and the target."""
    bare = replace(experiment, optimizers=(Optimizer("SGD"),), learning_rates=(0.01,), seeds=1, target=1.0)
    return bare, _kept_steps(experiment)


def _kept_steps(e: Experiment) -> Hashable:
    # what is evaluated and kept must be what each would be given alone
    parameters = network.parameter_count(DATA_SETS[e.data].inputs, e.width)
    return evaluation_steps(e), snapshot_steps(e, parameters, 4), choose_device(e, "auto")


def fit_together(members: Sequence[Experiment]) -> bool:
    """Return whether experiments of one kin are few enough to be evaluated and kept as each would be alone."""
    one = company(members)
    return one.columns <= MOST_RUNS and _kept_steps(one) == _kept_steps(members[0])


def train_together(
    members: Sequence[Experiment], *, device: Device = "auto", on_progress: Progress | None = None
) -> list[History]:
    """Train experiments of one `kin` as one, and return each one's history, as if it had trained alone."""
    one = company(members)
    everything = train(one, device=device, on_progress=on_progress)
    column_of = {run: column for column, run in enumerate(one.runs)}
    return [cut(everything, e, [column_of[_plain(run)] for run in e.runs]) for e in members]


def cut(everything: History, experiment: Experiment, columns: list[int]) -> History:
    """Return an experiment's own history from these columns of a larger one."""
    loss, full_loss = everything.loss[:, columns], everything.full_loss[:, columns]
    constant = everything.constant_loss[columns]
    return replace(
        everything,
        experiment=experiment,
        loss=loss,
        full_loss=full_loss,
        snapshots=everything.snapshots[..., columns],
        first_moment=everything.first_moment[:, columns],
        second_moment=everything.second_moment[:, columns],
        constant_loss=constant,
        outcomes=outcomes(experiment, loss, full_loss, everything.full_steps, constant),
    )
