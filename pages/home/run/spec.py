"""What the four panels are of: the classic experiment under one optimizer, and where it may stop."""

from core.link.forms import ONE_RUN, Flat, only
from core.spec.experiment import ESSAY, Experiment
from core.spec.view import View

#: The classic experiment under Adam alone.
FOUR_STEPS = Experiment(optimizers=(ESSAY[3],))
DEFAULTS = (FOUR_STEPS, View())
#: One run is drawn, and how its loss is smoothed means nothing here.
FORM = only(ONE_RUN, ("seeds", "smooth", "full", "rates", "by", "step"), DEFAULTS)
TRIES: dict[str, Flat] = {"lower": {"target": 0.011}, "below": {"target": 0.005}, "straight": {"act": "identity"}}
