"""The script of every figure that trains, under the text key of its title."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from core.analysis.best_rates import at_best_rates, best_rates, choosing, sweep_of
from core.analysis.result_frames import sweep_frame
from core.engine.history import History
from core.engine.training import train
from core.export import script, search_script
from core.export.descents import giant_script, lines_script, signs_script
from core.export.looks import gradients_script, new_points_script, noise_script
from core.export.own_loss import own_loss_script
from core.export.rounds import rounds_script
from core.objective import fits_of, gradient_experiment
from core.small_steps import BATCHES, SmallSteps
from core.small_steps_frames import soonest_rate
from core.spec.experiment import Experiment
from core.ui.small_steps.walk import SIGN_STEPS
from core.widths import experiments as widths_experiments

#: Where the training of an experiment comes from, to choose the best rates on.
Trained = Callable[[Experiment], History]


def at_best(experiment: Experiment, trained: Trained) -> Experiment:
    """Return the experiment with each optimizer at its own best rate."""
    return at_best_rates(experiment, best_rates(sweep_frame(trained(choosing(sweep_of(experiment))))))


def batches_script(spec: SmallSteps, title: str, trained: Trained) -> str:
    """Return the script of every batch size, at the common rate or each at its own best."""
    asked = [spec.batched(size) for size in BATCHES]
    if spec.rates == "same":
        return script(asked, title)
    return script([at_soonest(spec, size, trained) for size in BATCHES], title, note=soonest_note(spec))


def at_soonest(spec: SmallSteps, size: int | None, trained: Trained) -> Experiment:
    """Return the training with batches of this size at the rate that gets below the target soonest."""
    return replace(spec.batched(size), learning_rates=(soonest_rate(trained(spec.choosing(size))),))


def soonest_note(spec: SmallSteps) -> str:
    """Return how the rate of each batch size is chosen."""
    asked = spec.choosing(32)
    seeds = f"seeds {asked.first_seed} to {asked.first_seed + asked.seeds - 1}"
    tried = ", ".join(f"{rate:g}" for rate in asked.learning_rates)
    return (
        f"Each at that of the rates {tried}\nwhose median over {seeds} gets below {asked.target:g} in the fewest steps."
    )


def batch_of_noise(spec: SmallSteps, trained: Trained) -> Experiment:
    """Return the training along which the noise of gradients is looked at: batches of 32."""
    asked = spec.batched(32)
    return asked if spec.rates == "same" else at_soonest(spec, 32, trained)


def widths_script(shape: str, title: str) -> str:
    """Return the script of networks of every width and activation."""
    return script(list(widths_experiments(shape).values()), title)


#: What a page reads from its widgets, the title of the script, where trainings come from -> the script.
Script = Callable[[tuple[Any, ...], str, Trained], str]

_SCRIPTS: dict[str, Script] = {
    "unknowns.figure_map": lambda specs, title, trained: search_script(specs[0], title),
    "unknowns.figure_logistic": lambda specs, title, trained: search_script(specs[1], title),
    "unknowns.figure_kmeans": lambda specs, title, trained: search_script(specs[2], title),
    "transformer.sum_figure": lambda specs, title, trained: script(specs[0], title),
    "transformer.widths_figure": lambda specs, title, trained: widths_script(specs[2].shape, title),
    "objective.own.figure": lambda specs, title, trained: own_loss_script(specs[2].loss("own"), title),
    "objective.fits.figure": lambda specs, title, trained: script(fits_of(specs[0], specs[2]), title),
    "objective.matrix.figure": lambda specs, title, trained: gradients_script(
        gradient_experiment(specs[0], specs[2]), specs[2].batch == "all", title
    ),
    "small_steps.sign.figure": lambda specs, title, trained: signs_script(
        specs[0].network, specs[0].sign_rate, SIGN_STEPS, title
    ),
    "small_steps.giant.figure": lambda specs, title, trained: giant_script(specs[0].network, specs[0].walk_rate, title),
    "small_steps.batches.figure": lambda specs, title, trained: batches_script(specs[0], title, trained),
    "small_steps.noise.figure": lambda specs, title, trained: noise_script(batch_of_noise(specs[0], trained), title),
    "small_steps.line.figure": lambda specs, title, trained: lines_script(specs[0].line_noise, title),
    "small_steps.few.figure": lambda specs, title, trained: new_points_script(specs[0].few, title),
    "small_steps.rounds.figure": lambda specs, title, trained: rounds_script(specs[0].many, title),
}

#: The figures that have a script: all that train.
FIGURES = tuple(_SCRIPTS)


def script_of(figure: str, specs: tuple[Any, ...], title: str, trained: Trained = train) -> str:
    """Return the script of a figure that repeats what it draws of its page's specs."""
    return _SCRIPTS[figure](specs, title, trained)
