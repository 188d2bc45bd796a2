"""So which one is best?"""

from core.link.forms import NOTHING
from core.ui.scene import Scene
from pages.optimizers.practice import compute, controls, figure, script

SCENE = Scene(
    "optimizers",
    "practice",
    NOTHING,
    (),
    compute.compute,
    figure.figure,
    below=controls.below,
    claims=("the_lowest_median_is_not_one_methods_everywhere",),
    script=script.script,
)
