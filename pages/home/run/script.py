"""The four steps as one program."""

from core.engine.asking import Ask
from core.export.program import program
from core.link.forms import Specs


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the program of the four panels: it stops where the loss is first below the target."""
    return "\n\n".join(program(specs[0])) + "\n"
