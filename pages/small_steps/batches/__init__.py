"""How much should you look at before a step?"""

from core.ui.scene import Scene
from pages.small_steps import network
from pages.small_steps.batches import compute, controls, figure, script, spec

SCENE = Scene(
    "small_steps",
    "batches",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    network.FOLDS,
    tries=spec.TRIES,
    claims=("steps_and_samples_to_the_target_are_those_of_a_plain_loop",),
    script=script.script,
)
