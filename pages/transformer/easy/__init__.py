"""Why must the derivative be easy?"""

from core.ui.scene import Scene
from pages.transformer.easy import controls, figure, spec

SCENE = Scene(
    "transformer",
    "easy",
    spec.FORM,
    spec.DEFAULTS,
    lambda specs, ask: None,
    figure.figure,
    controls.show,
    tries=spec.TRIES,
    claims=(
        "the_derivatives_follow_from_the_formulas",
        "operations_are_counted_in_code_that_gives_the_derivative",
    ),
)
