"""How is the line between two classes found?"""

from core.ui.scene import Scene
from pages.unknowns.logistic import compute, controls, figure, script, spec

SCENE = Scene(
    "unknowns",
    "logistic",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("the_boundary_ends_as_that_of_torch",),
    script=script.script,
)
