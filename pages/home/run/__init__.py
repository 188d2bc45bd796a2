"""How does a network find its coefficients?"""

from core.ui.scene import Scene
from pages.home.run import compute, controls, figure, script, spec

SCENE = Scene(
    "home",
    "run",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("training_may_stop_where_plain_torch_is_first_below",),
    script=script.script,
    single=frozenset({"opt", "lr"}),
)
