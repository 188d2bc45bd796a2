"""How fast this machine is: seconds of processor for a unit of `core.spec.experiment`, measured as works are done."""

from core.spec.experiment import BUDGET

#: What the largest work that is admitted takes on a machine like the one the budget was set on, in seconds.
BUDGET_SECONDS = 20.0
#: Each work that is done makes this much of those before it forgotten; it counts by its length.
FORGET = 0.1
#: How many seconds of such a machine's works are remembered at the start.
MEMORY = 2.0


class Pace:
    """A mean of the seconds that a unit took, in which recent works count most."""

    def __init__(self) -> None:
        self._seconds, self._units = MEMORY, MEMORY * BUDGET / BUDGET_SECONDS

    def seconds(self, units: float) -> float:
        """Return how long this many units will take."""
        return units * self._seconds / self._units

    def note(self, units: float, seconds: float) -> None:
        """Remember that so many units took so many seconds."""
        self._seconds = (1 - FORGET) * self._seconds + FORGET * seconds
        self._units = (1 - FORGET) * self._units + FORGET * units
