"""Which optimizer gets the loss down first?"""

from core.ui.scene import Scene
from pages.optimizers.race import compute, controls, figure, script, spec

SCENE = Scene(
    "optimizers",
    "race",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("a_common_rate_decides_the_race",),
    curves=lambda history: (history,),
    script=script.script,
    single=frozenset({"lr"}),
)
