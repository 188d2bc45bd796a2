"""Can centres find their points by themselves?"""

from core.ui.scene import Scene
from pages.unknowns.clusters import compute, controls, figure, script, spec

SCENE = Scene(
    "unknowns",
    "clusters",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    controls.FOLDS,
    tries=spec.TRIES,
    claims=("optimizers_walk_down_the_mean_squared_distance",),
    script=script.script,
)
