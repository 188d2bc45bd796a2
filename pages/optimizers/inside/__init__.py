"""What happens inside a step?"""

from core.ui.scene import Scene
from pages.optimizers.inside import compute, controls, figure, script, spec

SCENE = Scene(
    "optimizers",
    "inside",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    below=controls.below,
    tries=spec.TRIES,
    claims=("every_step_inside_is_that_of_torch",),
    curves=lambda found: (found.history,),
    script=script.script,
    single=frozenset({"lr"}),
)
