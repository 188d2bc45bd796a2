"""What is different about training a network?"""

from core.ui.scene import Scene
from pages.home.same import compute, controls, figure, script, spec

SCENE = Scene(
    "home",
    "same",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    below=controls.below,
    tries=spec.TRIES,
    claims=("one_loop_fits_a_line_two_classes_and_a_network",),
    script=script.script,
)
