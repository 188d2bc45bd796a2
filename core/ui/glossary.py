"""The words that a scene uses, explained: a link may have brought its reader into the middle."""

import re
from functools import cache

from core.text import Text, entries
from core.ui.scene import Scene


@cache
def _forms(language: str) -> dict[str, re.Pattern[str]]:
    """Return the pattern of each word's forms; between letters of an alphabet no word begins or ends."""
    found = {}
    for key, forms in entries(language).items():
        if key.startswith("glossary.") and key.endswith(".forms"):
            word = key.removeprefix("glossary.").removesuffix(".forms")
            one_of = "|".join(re.escape(form) for form in sorted(forms.split("|"), key=len, reverse=True))
            found[word] = re.compile(rf"(?<![A-Za-z])(?:{one_of})(?![A-Za-z])", re.IGNORECASE)
    return found


def words_of(scene: Scene, prose: str, text: Text) -> list[str]:
    """Return the words that a scene's texts use, in the order in which they are met."""
    tries = [text(scene.word(f"try.{name}_look")) for name in scene.tries]
    said = "\n".join([*(text(scene.word(name)) for name in ("question", "lead", "say")), prose, *tries])
    met = {word: found.start() for word, form in _forms(text.language).items() if (found := form.search(said))}
    return sorted(met, key=met.__getitem__)


def explained(scene: Scene, prose: str, text: Text) -> str:
    """Return these words with what they mean, as Markdown."""
    lines = [f"- {text(f'glossary.{word}.says')}" for word in words_of(scene, prose, text)]
    return "\n".join([f"**{text('glossary.title')}**", "", *lines])
