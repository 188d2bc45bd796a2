"""What a scene draws, without the app."""

from core.engine.asking import AtOnce
from core.player.figure import Figure
from core.text import Text
from core.ui.scene import Scene


def drawn(scene: Scene, *specs: object, text: Text) -> Figure:
    """Compute a scene for these specs and return its figure."""
    return scene.figure(scene.compute(specs, AtOnce()), specs, text)
