"""Where a scene's trainings come from: made at once, as here, or kept and through a queue, as in the app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from core.engine.history import History
from core.engine.training import Progress, train
from core.spec.experiment import Experiment

T = TypeVar("T")


class Ask(Protocol):
    """Whoever computes asks this for what takes a while."""

    def history(self, experiment: Experiment) -> History:
        """Return the training of an experiment."""

    def result(self, key: str, work: Callable[[Progress], T], units: float) -> T:
        """Return what the work makes, kept under the key; `units` is about what it costs, as `Experiment.effort`."""

    def kept(self, key: str, make: Callable[[], T]) -> T:
        """Return what `make` makes in no time worth mention, kept under the key."""


@dataclass(frozen=True)
class AtOnce:
    """Nothing is kept: for tests and benchmarks, and within one work, whose progress a training then calls."""

    progress: Progress | None = None

    def history(self, experiment: Experiment) -> History:
        """Train the experiment."""
        return train(experiment, on_progress=self.progress)

    def result(self, key: str, work: Callable[[Progress], Any], units: float) -> Any:
        """Do the work."""
        return work(lambda *_: None)

    def kept(self, key: str, make: Callable[[], Any]) -> Any:
        """Make it."""
        return make()
