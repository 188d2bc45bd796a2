"""What the trainer is given to do: experiments, alone or together, and any other computation."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from core.analysis.rounding import train_twins
from core.engine.company import company, kin, most_together, plain_runs, train_together
from core.engine.training import Device, Progress, train
from core.spec.cost import TWIN
from core.spec.experiment import Experiment, Run
from core.ui.trainer import Work


@dataclass(frozen=True)
class Computation:
    """Anything that is called with its progress. `units` is about what it costs, as `Experiment.effort`."""

    call: Callable[[Progress], Any]
    units: float
    kin: Hashable = None

    @property
    def later(self) -> bool:
        """A figure waits for it."""
        return False

    @property
    def added(self) -> float:
        """It is done with no other."""
        return self.units

    def joined(self, _: Work) -> Work | None:
        """It is done with no other."""
        return None

    def do(self, progress: Progress) -> Any:
        """Do it and return the result."""
        return self.call(progress)


@dataclass(frozen=True)
class Training:
    """Experiments of one kin: one gives its history, more give a list of theirs; or the same of their twins."""

    members: tuple[Experiment, ...]
    device: Device
    twins: bool = False

    @cached_property
    def units(self) -> float:
        """What it costs."""
        return self._times * (self.members[0] if len(self.members) == 1 else company(self.members)).effort

    @cached_property
    def added(self) -> float:
        """What it adds to the cost of another of its kin: twice the runs take less than twice as long."""
        return self._times * self.members[0].added

    @property
    def later(self) -> bool:
        """Twins come after the trainings that others wait for: they add one sentence under what is drawn."""
        return self.twins

    @property
    def _times(self) -> float:
        return TWIN if self.twins else 1.0

    @cached_property
    def kin(self) -> Hashable:
        """What it must share with those it can train with."""
        return self.twins, kin(self.members[0])

    @cached_property
    def runs(self) -> frozenset[Run]:
        """Its runs, each once."""
        return frozenset(run for e in self.members for run in plain_runs(e))

    def joined(self, other: Work) -> Work | None:
        """Return both as one, None if they would be too many."""
        if not isinstance(other, Training):
            return None
        runs = self.runs | other.runs
        if len(runs) > most_together(self.members[0]):
            return None
        both = replace(self, members=self.members + other.members)
        both.__dict__["runs"] = runs  # united, not counted anew: a class of sixty joins one by one
        return both

    def do(self, progress: Progress) -> Any:
        """Train and return the history, or the list of them; or twins."""
        if self.twins:
            found = train_twins(self.members, progress)
            return found if len(found) > 1 else found[0]
        if len(self.members) == 1:
            return train(self.members[0], device=self.device, on_progress=progress)
        return train_together(self.members, device=self.device, on_progress=progress)
