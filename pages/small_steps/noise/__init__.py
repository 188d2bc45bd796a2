"""How well does a mini-batch know the way?"""

from core.ui.scene import Scene
from pages.small_steps import network
from pages.small_steps.noise import compute, controls, figure, script, spec

SCENE = Scene(
    "small_steps",
    "noise",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    network.FOLDS,
    tries=spec.TRIES,
    claims=("angles_and_noise_are_those_of_plain_gradients",),
    script=script.script,
)
