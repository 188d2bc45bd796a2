"""Why not one giant step?"""

from core.ui.scene import Scene
from pages.small_steps import network
from pages.small_steps.giant import compute, controls, figure, script, spec

SCENE = Scene(
    "small_steps",
    "giant",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    network.FOLDS,
    tries=spec.TRIES,
    claims=("all_leave_in_the_same_direction_and_it_leads_down_at_first",),
    script=script.script,
)
