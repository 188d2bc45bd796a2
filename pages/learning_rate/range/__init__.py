"""At which rates does training work?"""

from core.ui.scene import Scene
from pages.learning_rate.range import compute, controls, figure, script, spec

SCENE = Scene(
    "learning_rate",
    "range",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("valleys_lie_at_different_rates",),
    script=script.script,
)
