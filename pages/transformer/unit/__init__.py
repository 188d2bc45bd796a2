"""What does one unit do?"""

from core.ui.scene import Scene
from pages.transformer.unit import controls, figure, spec

SCENE = Scene(
    "transformer",
    "unit",
    spec.FORM,
    spec.DEFAULTS,
    lambda specs, ask: None,
    figure.figure,
    controls.show,
    tries=spec.TRIES,
    claims=("the_unit_is_described_as_autograd_finds_it",),
)
