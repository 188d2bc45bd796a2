"""What is a network among formulas?"""

from core.ui.scene import Scene
from pages.unknowns.network import compute, controls, figure, script, spec

SCENE = Scene(
    "unknowns",
    "network",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    tries=spec.TRIES,
    claims=("each_set_of_coefficients_is_one_curve",),
    script=script.script,
)
