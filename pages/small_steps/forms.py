"""The form of a scene of this page: some of the names of all its settings."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.link.forms import Form, only
from core.spec.experiment import Experiment
from pages.small_steps.spec import FORM, SmallSteps

DEFAULTS = (SmallSteps(),)
#: What decides the data and the network.
NETWORK = ("data", "noise", "width", "act")


def form_of(*names: str, trains: Callable[[SmallSteps], Sequence[Experiment]] = lambda spec: (spec.network,)) -> Form:
    """Return the form of these names; `trains` are the trainings that their scene wants."""
    others = [name for name in FORM.names if name not in names]
    return replace(only(FORM, others, DEFAULTS), trains=lambda specs: trains(specs[0]))
