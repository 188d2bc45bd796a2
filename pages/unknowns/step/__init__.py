"""What is one step?"""

from core.ui.scene import Scene
from pages.unknowns.step import compute, controls, figure, script, spec

SCENE = Scene(
    "unknowns",
    "step",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("steps_by_hand_are_those_of_torch",),
    script=script.script,
)
