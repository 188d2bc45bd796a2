"""What the network is, and how it trains."""

from core.link.forms import ONE_RUN, Flat, only
from core.spec.experiment import ESSAY, Experiment
from core.spec.view import View

#: The classic experiment under Adam alone.
NETWORK = Experiment(optimizers=(ESSAY[3],))
DEFAULTS = (NETWORK, View())
FORM = only(ONE_RUN, ("seeds", "smooth", "full", "rates", "by", "step"), DEFAULTS)
TRIES: dict[str, Flat] = {
    "line": {"act": "identity", "width": 128},
    "few": {"width": 3, "data": "sine"},
    "plane": {"data": "saddle"},
}
