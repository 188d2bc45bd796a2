"""Are these many formulas, or one?"""

from core.ui.scene import Scene
from pages.optimizers.rule import compute, controls, figure, script, spec

SCENE = Scene(
    "optimizers",
    "rule",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    below=controls.below,
    beside=controls.beside,
    tries=spec.TRIES,
    claims=("one_formula_makes_every_method", "a_row_is_called_what_it_walks_like"),
    curves=lambda found: (found.history,),
    script=script.script,
    single=frozenset({"lr"}),
)
