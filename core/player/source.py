"""The player's own script: its modules as one file, and the few lines by which Streamlit's component loads it."""

import json
import re
from functools import cache
from pathlib import Path

from core.text import LANGUAGES, Text

WEB = Path(__file__).parent / "web"
#: Each after those it imports from.
MODULES = (
    "words",
    "rule",
    "formulas",
    "plane",
    "data",
    "address",
    "clock",
    "grip",
    "page",
    "hand",
    "handle",
    "chart",
    "player",
)
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./[a-z]+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)

#: A call for new data must find the module at hand: only then does the player know that it goes on.
_LOADER = """\
const mark = "/static/js/";
const own = [...document.scripts].map(script => script.src).find(src => src.includes(mark));
const root = own ? own.slice(0, own.indexOf(mark)) : window.location.origin;
let mount;
const loaded = import(root + PATH).then(module => { mount = module.default; });
export default function (args) {
  if (mount) return mount(args);
  let gone = false, leave;
  loaded.then(() => { if (!gone) leave = mount(args); }, error => {
    console.error(error);
    const words = document.createElement("p");
    words.textContent = FAILED[document.documentElement.lang] ?? FAILED.en;
    args.parentElement.replaceChildren(words);
  });
  return () => { gone = true; leave?.(); };
}
"""


def _read(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def _failed() -> dict[str, str]:
    return {language: Text(language)("player.failed") for language in LANGUAGES}


@cache
def joined() -> str:
    """Return all modules as one, markup and styles in it: one request where many would wait for each other."""
    look = {"html": _read("player.html"), "css": _read("player.css"), "failed": _failed()}
    modules = [_EXPORT.sub("", _IMPORT.sub("", _read(f"{name}.js"))) for name in MODULES]
    return "\n".join([f"const LOOK = {json.dumps(look)};", *modules])


def loader(path: str) -> str:
    """Return what the component is made of: it is sent with every message, so it only fetches the rest from a path."""
    return _LOADER.replace("PATH", json.dumps(path)).replace("FAILED", json.dumps(_failed(), ensure_ascii=False))
