"""What a scene computes, as the app makes it: kept, through the queue, with progress for whoever waits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.engine.history import History
from core.engine.training import Progress
from core.link.forms import Specs
from core.player.figure import Figure
from core.spec.experiment import Experiment
from core.text import Text
from core.ui.kept import store
from core.ui.results import computed, keep, keep_computed, trained
from core.ui.scene import Scene


class NotNow(Exception):
    """Too much waits already; the reader has been told."""


@dataclass(frozen=True)
class Queued:
    """Asks the queue for a reader; NotNow where it is full."""

    text: Text

    def history(self, experiment: Experiment) -> History:
        """Return the training of an experiment."""
        found = trained(experiment, self.text)
        if found is None:
            raise NotNow
        return found

    def result(self, key: str, work: Callable[[Progress], Any], units: float) -> Any:
        """Return what the work makes."""
        found = computed(key, work, units, self.text)
        if found is None:
            raise NotNow
        return found

    def kept(self, key: str, make: Callable[[], Any]) -> Any:
        """Return what `make` makes, kept under the key."""
        return store().made(key, make)


class Kept:
    """Asks the queue with nobody to show progress to: for the warm-up."""

    def history(self, experiment: Experiment) -> History:
        """Return the training of an experiment."""
        return keep(experiment)

    def result(self, key: str, work: Callable[[Progress], Any], units: float) -> Any:
        """Return what the work makes."""
        return keep_computed(key, work, units)

    def kept(self, key: str, make: Callable[[], Any]) -> Any:
        """Return what `make` makes, kept under the key."""
        return store().made(key, make)


def figure_of(scene: Scene, result: Any, specs: Specs, text: Text) -> Figure:
    """Return a scene's figure, kept for whoever asks for the same one next."""
    key = ("figure", scene.canonical(specs), text.language)
    return store().made(key, lambda: scene.figure(result, specs, text))
