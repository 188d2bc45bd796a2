"""What does a residual cost?"""

from core.ui.scene import Scene
from pages.objective.curves import controls, figure, spec

SCENE = Scene(
    "objective",
    "curves",
    spec.FORM,
    spec.DEFAULTS,
    lambda specs, ask: None,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("only_the_slope_of_a_loss_moves_the_prediction", "influences_are_compared_as_autograd_finds_them"),
)
