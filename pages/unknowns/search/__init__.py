"""How do you find coefficients?"""

from core.ui.scene import Scene
from pages.unknowns.controls import tries
from pages.unknowns.search import controls, figure, script, spec

SCENE = Scene(
    "unknowns",
    "search",
    spec.FORM,
    spec.DEFAULTS,
    lambda specs, ask: None,
    figure.figure,
    controls.show,
    controls.FOLDS,
    notes=lambda specs: tries(specs[0]),
    tries=spec.TRIES,
    claims=("optimizers_walk_from_the_guess_as_those_of_torch",),
    script=script.script,
)
