"""Which curves rounding decides, in words."""

from core.analysis.rounding import Twin, parted
from core.engine.history import History
from core.link import forms
from core.text import Text
from core.text.numbers import percent
from core.ui.kept import kept


def parted_sentences(history: History, twin: Twin, text: Text) -> list[str]:
    """Say which curves are one of many, if any is; kept for whoever asks for the same next."""
    return _parted_sentences(forms.canonical(history.experiment), text.language, history, twin)


@kept
def _parted_sentences(key: str, language: str, _history: History, _twin: Twin) -> list[str]:
    return build_parted_sentences(_history, _twin, Text(language))


def build_parted_sentences(history: History, twin: Twin, text: Text) -> list[str]:
    """Say which curves are one of many, if any is."""
    seeds = history.experiment.seeds
    key = "result.parted_one" if seeds == 1 else "result.parted_many"
    found = [text(key, name=p.name, share=percent(p.share), count=p.seeds, seeds=seeds) for p in parted(history, twin)]
    return [text("result.parted", body=text("result.comma").join(found))] if found else []
