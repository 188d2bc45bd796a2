"""Experiments that share all but their runs, trained as one, and each one's history cut out of that.

A run does not depend on who trains beside it; so sixty learners who each try a rate
of their own cost little more than one.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.catalogue.data_sets import DATA_SETS
from core.engine.history import History, outcomes
from core.engine.training import Device, Progress, choose_device, train
from core.spec.experiment import BUDGET, MAX_LOSSES, Experiment, Optimizer, Run
from core.spec.sizes import SNAPSHOT_BYTES, evaluation_steps, parameter_count, snapshot_steps

#: The most runs of a company: from here on, more runs are no faster together, and the first would wait for the last.
MOST_RUNS = 512
#: The most that its runs may add to its cost, and the most bytes of parameters it may keep.
MOST_COST, MOST_BYTES = BUDGET // 4, 2 * SNAPSHOT_BYTES
_ITEM = 4  # bytes of a number in float32


def plain_runs(experiment: Experiment) -> list[Run]:
    """Return the runs; the same run is equal, whether its rate is its optimizer's own or the experiment's."""
    bare = {o: replace(o, lr=None) for o in experiment.optimizers}
    return [replace(run, optimizer=bare[run.optimizer]) for run in experiment.runs]


@dataclass(frozen=True)
class Company(Experiment):
    """Experiments as one: its runs are theirs, each once. Everything but the runs is as in the first member."""

    members: tuple[Experiment, ...] = ()

    def __post_init__(self) -> None:
        pass  # its members are valid, and it may hold the same optimizer with several momenta

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """One per column: the members' runs in their order, without repetition."""
        return tuple(dict.fromkeys(run for e in self.members for run in plain_runs(e)))

    @property
    def columns(self) -> int:
        """How many runs there are."""
        return len(self.runs)

    @property
    def columns_of_members(self) -> list[list[int]]:
        """The columns of each member's runs."""
        column_of = {run: column for column, run in enumerate(self.runs)}
        return [[column_of[run] for run in plain_runs(e)] for e in self.members]

    @property
    def alone(self) -> Experiment:
        """A member: it is evaluated and kept as each of them is alone."""
        return self.members[0]


def company(members: Sequence[Experiment]) -> Company:
    """Return experiments of one `kin` as one."""
    first = members[0]
    shared = {name: getattr(first, name) for name in Experiment.__dataclass_fields__}
    optimizers = dict.fromkeys(replace(o, lr=None) for e in members for o in e.optimizers)
    several = {"optimizers": tuple(optimizers), "seeds": max(e.seeds for e in members)}
    return Company(**(shared | several), members=tuple(members))


def kin(experiment: Experiment) -> Hashable:
    """Return what experiments must share to train as one: all but optimizers, rates, how many seeds, and the target."""
    bare = replace(experiment, optimizers=(Optimizer("SGD"),), learning_rates=(0.01,), seeds=1, target=1.0)
    # what is evaluated and kept must be what each would be given alone
    return bare, evaluation_steps(experiment), _kept(experiment), choose_device(experiment, "auto")


def _parameters(e: Experiment) -> int:
    return parameter_count(DATA_SETS[e.data].inputs, e.width)


def _kept(e: Experiment) -> tuple[int, ...]:
    return snapshot_steps(e, _parameters(e), _ITEM)


def most_together(e: Experiment) -> int:
    """Return how many runs experiments of one kin may have to train as one."""
    kept = len(_kept(e)) * _parameters(e) * _ITEM  # bytes of one run
    return min(MOST_RUNS, MOST_COST * e.columns // e.added, MAX_LOSSES // e.steps, MOST_BYTES // kept)


def train_together(
    members: Sequence[Experiment], *, device: Device = "auto", on_progress: Progress | None = None
) -> list[History]:
    """Train experiments of one `kin` as one, and return each one's history, as if it had trained alone."""
    one = company(members)
    everything = train(one, device=device, on_progress=on_progress)
    return [cut(everything, e, columns) for e, columns in zip(members, one.columns_of_members, strict=True)]


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
        y=everything.y[:, : experiment.seeds].clone(),
    )
