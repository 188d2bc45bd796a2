"""How many units does a shape need?"""

from core.ui.scene import Scene
from pages.transformer.width import compute, controls, figure, script, spec

SCENE = Scene(
    "transformer",
    "width",
    spec.FORM,
    spec.DEFAULTS,
    compute.compute,
    figure.figure,
    controls.show,
    tries=spec.TRIES,
    claims=("the_widths_are_medians_of_what_each_network_ends_at",),
    script=script.script,
)
