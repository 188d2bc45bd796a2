"""What if the answer is a class?"""

from core.ui.scene import Scene
from pages.objective.classes import controls, figure, spec

SCENE = Scene(
    "objective",
    "classes",
    spec.FORM,
    spec.DEFAULTS,
    lambda specs, ask: None,
    figure.figure,
    controls.show,
    controls.FOLDS,
    below=controls.below,
    tries=spec.TRIES,
    claims=(
        "cross_entropy_is_minus_the_log_of_the_right_share_and_its_slopes_add_up_to_zero",
        "the_logit_curves_are_bce_soft_margin_and_hinge",
    ),
)
