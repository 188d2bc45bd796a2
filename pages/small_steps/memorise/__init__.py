"""What does a network learn from a few noisy points?"""

from core.ui.scene import Scene
from pages.small_steps.memorise import compute, controls, figure, script, spec

SCENE = Scene(
    "small_steps",
    "memorise",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("once_the_noise_is_learnt_new_points_get_worse",),
    script=script.script,
)
