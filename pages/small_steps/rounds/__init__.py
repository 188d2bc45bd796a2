"""How many steps does a target take?"""

from core.ui.scene import Scene
from pages.small_steps import network
from pages.small_steps.rounds import compute, controls, figure, script, spec

SCENE = Scene(
    "small_steps",
    "rounds",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    network.FOLDS,
    tries=spec.TRIES,
    claims=("a_lower_target_is_never_reached_sooner_nor_by_more",),
    script=script.script,
)
