"""What changes places between school and training?"""

from core.ui.scene import Scene
from pages.unknowns.controls import tries
from pages.unknowns.swap import controls, figure, spec

SCENE = Scene(
    "unknowns",
    "swap",
    spec.FORM,
    spec.DEFAULTS,
    lambda specs, ask: None,
    figure.figure,
    controls.show,
    controls.FOLDS,
    notes=lambda specs: tries(specs[0]),
    below=controls.below,
    tries=spec.TRIES,
    claims=("a_guess_costs_what_torch_says",),
)
