"""Words that are no Markdown, on their way through Streamlit, which reads almost everything as Markdown."""

import re

#: What means something anywhere, and what does at the start of a line.
_ANYWHERE = re.compile(r"[\\`*_\[\]$~<>&|:/]")
_STARTING = re.compile(r"^(\s*)([-+](?=\s|$)|[#=]|\d+(?=[.)](?:\s|$)))", re.MULTILINE)
#: Between these, Streamlit would make one sign of two: ≤, →, —.
_PAIRS = re.compile(r"(?<=[<>~-])(?=\\?[=>-])")
_JOINER = "\u2060"  # takes no room


def escaped(words: str) -> str:
    """Return Markdown that shows these words as they are written: `r**2`, `a <= b`, `[x > 0]`, `$`, `+ add`."""
    marked = _PAIRS.sub(_JOINER, _ANYWHERE.sub(r"\\\g<0>", words))
    return _STARTING.sub(lambda m: f"{m[1]}{m[2]}\\" if m[2].isdigit() else f"{m[1]}\\{m[2]}", marked)
