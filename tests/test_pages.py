"""Every page as the server makes it: defaults, a shared link, a junk link, both languages."""

from streamlit.testing.v1 import AppTest

from core.link.forms import EXPERIMENT
from core.spec.experiment import Experiment
from core.spec.view import View
from core.ui.sections import ROOT, SECTIONS

SHELL = str(ROOT / "core" / "ui" / "shell.py")
JUNK = {
    "lr": "-1",
    "opt": "<script>alert(1)</script>",
    "seeds": "1e99",
    "data": "../../etc/passwd",
    "adam.beta1": "nan",
    "batch": "999999999",
    "nonsense": "1",
}


def open_page(key: str, query: dict[str, list[str] | str] | None = None, language: str = "en") -> AppTest:
    """Open a page as a fresh visitor with this query."""
    app = AppTest.from_file(SHELL, default_timeout=120)
    app.query_params["lang"] = language
    app.run()
    for name, value in (query or {}).items():
        app.query_params[name] = value
    section = next(s for s in SECTIONS if s.key == key)
    app.switch_page(section.script).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(m.value for m in app.markdown)


def query_of(experiment: Experiment, view: View) -> dict[str, list[str]]:
    from urllib.parse import parse_qs

    return parse_qs(EXPERIMENT.encode((experiment, view), "en"), keep_blank_values=True)
