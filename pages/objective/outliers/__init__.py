"""What does a loss forgive?"""

from core.ui.scene import Scene
from pages.objective.outliers import compute, controls, figure, script, spec

SCENE = Scene(
    "objective",
    "outliers",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("the_less_influence_outliers_have_the_nearer_the_fit",),
    script=script.script,
    single=frozenset({"opt", "lr"}),
)
