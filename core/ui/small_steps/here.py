"""The page's situation, shared by its fragments."""

from core.small_steps import FORM, SmallSteps
from core.ui import situation
from core.ui.situation import Situation

PAGE = "small_steps"
DEFAULTS = (SmallSteps(),)


def arrive() -> Situation:
    """Return the page's situation."""
    return situation.arrive(PAGE, FORM, DEFAULTS)


def settings(here: Situation) -> SmallSteps:
    """Return what the widgets say; reruns the page where its bar has to offer the way back, or no longer."""
    (spec,) = here.read()
    here.keep_up()
    return spec
