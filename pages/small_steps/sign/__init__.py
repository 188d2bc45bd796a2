"""Which way does the gradient point?"""

from core.ui.scene import Scene
from pages.small_steps import network
from pages.small_steps.sign import compute, controls, figure, script, spec

SCENE = Scene(
    "small_steps",
    "sign",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    network.FOLDS,
    tries=spec.TRIES,
    claims=("both_signs_end_where_plain_descent_ends",),
    script=script.script,
)
