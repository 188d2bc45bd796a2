"""The own loss as PyTorch."""

from core.engine.asking import Ask
from core.export.own_loss import own_loss_script
from core.link.forms import Specs


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script that tells the loss and its slope."""
    return own_loss_script(specs[2].loss("own"), title)
