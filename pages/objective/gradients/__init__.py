"""What does back-propagation tell every coefficient?"""

from core.ui.scene import Scene
from pages.objective.gradients import compute, controls, figure, script, spec

SCENE = Scene(
    "objective",
    "gradients",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    below=controls.below,
    tries=spec.TRIES,
    claims=("gradients_are_laid_out_like_the_weights", "the_length_of_the_gradient_is_autograds"),
    script=script.script,
    single=frozenset({"opt", "lr"}),
)
