"""How does a residual become a gradient?"""

from core.ui.scene import Scene
from pages.objective.chain import compute, controls, figure, script, spec

SCENE = Scene(
    "objective",
    "chain",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("the_product_of_both_slopes_is_the_gradient_of_autograd",),
    script=script.script,
)
