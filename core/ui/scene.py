"""A scene: one question, one figure, one answer. Whatever works on scenes iterates over them and knows none by name.

`python -m core.ui.scene` prints the link of every scene, one a line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from core.engine.asking import Ask
from core.engine.history import History
from core.link.address import Place, write
from core.link.forms import Flat, Form, Specs
from core.player.figure import Figure
from core.text import Text
from core.ui.sections import SECTIONS, all_scenes


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True, eq=False)
class Scene:
    """One question with its figure; its texts are under <page>.<key> in every language.

    compute(specs, ask) makes what takes a while, figure(result, specs, text) what is shown of it, both without
    Streamlit. `controls` are its widgets in sight, `folds` those behind a name of control.more_<name>; `below` draws
    what is no chart, at the step where the reader rests, `beside` what stands under the controls where there is room.
    `notes` is what a session remembers of its reader and no link holds: the figure is then made of (result, notes), for
    this reader alone. `curves` gives the trainings whose curves may be one of many.
    script(specs, ask, title) is the PyTorch that repeats the picture.
    """

    page: str
    key: str
    form: Form
    defaults: Specs
    compute: Callable[[Specs, Ask], Any]
    figure: Callable[[Any, Specs, Text], Figure]
    controls: Callable[[Text], None] = _nothing
    folds: Mapping[str, Callable[[Specs, Text], None]] = field(default_factory=dict)
    notes: Callable[[Specs], Any] | None = None
    below: Callable[[Any, Specs, Text, int | None], None] = _nothing
    beside: Callable[[Any, Specs, Text], None] | None = None
    tries: Mapping[str, Flat] = field(default_factory=dict)
    claims: tuple[str, ...] = ()  # the checks of its answer
    curves: Callable[[Any], tuple[History, ...]] = lambda result: ()
    script: Callable[[Specs, Ask, str], str] | None = None
    single: frozenset[str] = frozenset()

    @property
    def first(self) -> bool:
        """Whether it is the first of its page, which the address need not name."""
        return next(s for s in SECTIONS if s.key == self.page).scenes[0] is self

    @property
    def place(self) -> Place:
        """What the address needs to know of it."""
        return Place(self.page, self.key, self.form, self.defaults, self.single, self.first)

    def word(self, name: str) -> str:
        """Return the key of one of its texts."""
        return f"{self.page}.{self.key}.{name}"

    def canonical(self, specs: Specs) -> str:
        """Return the specs as text, equal for equal specs only: a cache key."""
        values = urlencode(self.form.texts(self.form.flatten(specs)), doseq=True)
        return f"{self.page}.{self.key}?{values}"

    def link(self, specs: Specs, step: int | None = None) -> str:
        """Return its address below the root, as /optimizers?scene=rule."""
        section = next(s for s in SECTIONS if s.key == self.page)
        query = urlencode(write(self.place, specs, step), doseq=True)
        return f"/{section.url_path}" + (f"?{query}" if query else "")


if __name__ == "__main__":
    for _scene in all_scenes():
        print(_scene.link(_scene.defaults))
