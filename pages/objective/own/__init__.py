"""Can you write a loss of your own?"""

from core.ui.scene import Scene
from pages.objective.own import controls, figure, script, spec

SCENE = Scene(
    "objective",
    "own",
    spec.FORM,
    spec.DEFAULTS,
    lambda specs, ask: None,
    figure.figure,
    controls.show,
    below=controls.below,
    tries=spec.TRIES,
    claims=("the_slope_of_an_own_loss_comes_from_its_expression",),
    script=script.script,
)
