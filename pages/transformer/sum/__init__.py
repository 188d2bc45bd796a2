"""What do many units make together?"""

from core.ui.scene import Scene
from pages.transformer.sum import compute, controls, figure, script, spec

SCENE = Scene(
    "transformer",
    "sum",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("a_sum_of_lines_is_a_line",),
    script=script.script,
    single=frozenset({"opt", "lr"}),
)
