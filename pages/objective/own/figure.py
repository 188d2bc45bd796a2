"""An own loss and its slope beside MSE."""

from core.link.forms import Specs
from core.player.figure import Figure
from core.text import Text
from pages.objective.pairs import own_pair


def figure(_: None, specs: Specs, text: Text) -> Figure:
    """Return both charts, and what is to be said of the loss."""
    return own_pair(specs[2].loss("own"), text)
