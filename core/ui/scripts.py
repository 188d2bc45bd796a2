"""The script of every figure that trains, under the text key of its title."""

from collections.abc import Callable
from typing import Any

from core.analysis.best_rates import at_best_rates, best_rates, choosing, sweep_of
from core.analysis.result_frames import sweep_frame
from core.engine.history import History
from core.engine.training import train
from core.export import script
from core.export.looks import gradients_script
from core.export.own_loss import own_loss_script
from core.objective import fits_of, gradient_experiment
from core.spec.experiment import Experiment

#: Where the training of an experiment comes from, to choose the best rates on.
Trained = Callable[[Experiment], History]


def at_best(experiment: Experiment, trained: Trained) -> Experiment:
    """Return the experiment with each optimizer at its own best rate."""
    return at_best_rates(experiment, best_rates(sweep_frame(trained(choosing(sweep_of(experiment))))))


#: What a page reads from its widgets, the title of the script, where trainings come from -> the script.
Script = Callable[[tuple[Any, ...], str, Trained], str]

_SCRIPTS: dict[str, Script] = {
    "objective.own.figure": lambda specs, title, trained: own_loss_script(specs[2].loss("own"), title),
    "objective.fits.figure": lambda specs, title, trained: script(fits_of(specs[0], specs[2]), title),
    "objective.matrix.figure": lambda specs, title, trained: gradients_script(
        gradient_experiment(specs[0], specs[2]), specs[2].batch == "all", title
    ),
}

#: The figures that have a script: all that train.
FIGURES = tuple(_SCRIPTS)


def script_of(figure: str, specs: tuple[Any, ...], title: str, trained: Trained = train) -> str:
    """Return the script of a figure that repeats what it draws of its page's specs."""
    return _SCRIPTS[figure](specs, title, trained)
