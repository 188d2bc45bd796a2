"""Are these many formulas, or one?"""

from core.player.figure import Figure
from core.ui.scene import Scene
from pages.optimizers.rule import controls, spec

SCENE = Scene(
    "optimizers",
    "rule",
    spec.FORM,
    spec.DEFAULTS,
    compute=lambda specs, ask: None,
    figure=lambda result, specs, text: Figure(()),
    controls=controls.show,
    folds=controls.FOLDS,
    below=controls.below,
    tries=spec.TRIES,
    claims=("one_formula_makes_every_method",),
    single=frozenset({"lr"}),
)
