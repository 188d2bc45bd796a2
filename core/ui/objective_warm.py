"""What the Objective page opens with, made before the first visitor comes."""

from core.objective import fits_of, gradient_experiment
from core.text import LANGUAGES, Text
from core.ui import gradient_matrix, loss_fits, objective, results


def warm() -> None:
    """Train the defaults, and make the charts of both languages."""
    experiment, _, page = objective.DEFAULTS
    fitted = tuple(results.keep(e) for e in fits_of(experiment, page))
    trained = results.keep(gradient_experiment(experiment, page))
    matrices = gradient_matrix.found_matrices(trained, page)
    for language in LANGUAGES:
        text = Text(language)
        objective.residual_pair([page.loss(n) for n in page.curves], text)
        objective.own_pair(page.loss("own"), text)
        objective.logit_pair(language)
        loss_fits.fits(fitted, text)
        gradient_matrix.shown(matrices, page.cell, text)
