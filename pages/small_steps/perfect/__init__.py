"""Can training ever be perfect?"""

from core.ui.scene import Scene
from pages.small_steps.perfect import compute, controls, figure, script, spec

SCENE = Scene(
    "small_steps",
    "perfect",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    {},
    tries=spec.TRIES,
    claims=("no_line_fits_a_parabola",),
    script=script.script,
)
