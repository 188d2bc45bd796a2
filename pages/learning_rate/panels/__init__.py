"""How far should each step go?"""

from core.ui.scene import Scene
from pages.learning_rate.panels import compute, controls, figure, script, spec

SCENE = Scene(
    "learning_rate",
    "panels",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("every_method_has_rates_too_small_and_too_large",),
    curves=lambda history: (),
    script=script.script,
)
