"""The training whose gradients are shown, and the cell that is looked into."""

from dataclasses import replace

from core.link.forms import Flat
from core.spec.experiment import Experiment
from pages.objective.spec import DEFAULTS, PARAMETERS, TRAINING, Objective, form_of

__all__ = ["DEFAULTS", "FORM", "TRIES", "gradient_experiment"]


def gradient_experiment(experiment: Experiment, page: Objective) -> Experiment:
    """Return the training whose gradients are shown: on data of its own, without outliers."""
    return replace(
        experiment,
        data=page.data,
        width=page.width,
        outlier_share=0.0,
        outlier_size=0.0,
        optimizers=experiment.optimizers[:1],
        learning_rates=experiment.learning_rates[:1],
        seeds=1,
    )


DATA = ("n", "noise", "act", "loss", "grad.data", "grad.width", "grad.of", "grad.edges", "cell", "fd.eps")
FORM = form_of(*PARAMETERS, *DATA, *TRAINING, trains=lambda e, page: (gradient_experiment(e, page),))
TRIES: dict[str, Flat] = {
    "all": {"grad.of": "all", "batch": "full", "opt": ("SGD",), "lr": (0.1,), "epochs": 100},
    "parabola": {"cell": "w2.1", "fd.eps": 0.1},
}
