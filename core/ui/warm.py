"""What the first visitor should not wait for: the defaults of every scene, those of the first page first."""

from collections.abc import Iterator

from streamlit.string_util import is_emoji

from core.text import LANGUAGES, Text
from core.ui import results
from core.ui.parted import parted_sentences
from core.ui.queued import Kept, figure_of
from core.ui.scene import Scene
from core.ui.sections import all_scenes


def warm() -> Iterator[Scene]:
    """Make them one after another, keep them where the pages look, and yield each scene that is ready."""
    is_emoji("")  # the pattern behind it takes longer to compile than a page takes to run
    for scene in all_scenes():
        _warm(scene)
        yield scene


def _warm(scene: Scene) -> None:
    """Make a scene's defaults as its readers will ask for them."""
    result = scene.compute(scene.defaults, Kept())
    twins = [(history, results.keep_twin(history)) for history in scene.curves(result)]
    if scene.notes is not None:
        return  # its figure is each reader's own
    for text in map(Text, LANGUAGES):
        figure_of(scene, result, scene.defaults, text)
        for history, other in twins:
            parted_sentences(history, other, text)
