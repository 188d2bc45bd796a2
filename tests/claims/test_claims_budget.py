"""What is said where a page is asked for too much, or for more than it shows."""

import pytest

from core.link.forms import Form, Specs
from core.spec.experiment import OverBudget
from pages.learning_rate.range import spec as rates
from pages.objective.outliers import spec as outliers
from pages.optimizers.race import spec as race
from tests.test_pages import open_page

#: Each page's form, its defaults, and a widget that asks for too much beside what the others say.
ASKED = {
    "race": (race.FORM, race.DEFAULTS, {"rates": "best", "seeds": 32, "width": 128, "n": 5000, "epochs": 40}),
    "rates": (rates.FORM, rates.DEFAULTS, {"seeds": 100}),
    "stops": (rates.FORM, rates.DEFAULTS, {"seeds": 32, "epochs": 100}),
    "objective": (
        outliers.FORM,
        outliers.DEFAULTS,
        {"own.expr": "cosh(" * 19 + "r" + ")" * 19, "n": 5000, "epochs": 200, "width": 128},
    ),
}


@pytest.mark.parametrize(("form", "defaults", "changes"), ASKED.values(), ids=list(ASKED))
def test_a_way_out_makes_room(form: Form, defaults: Specs, changes: dict):
    usual = form.flatten(defaults)
    asked = usual | changes
    with pytest.raises(OverBudget):
        form.admit(asked)
    ways = form.ways_out(asked, usual)
    assert ways
    assert set(ways) <= changes.keys()
    alone = []
    for name in ways:
        try:
            form.admit(asked | {name: usual[name]})
            alone.append(name)
        except OverBudget:
            pass
    assert alone in ([], list(ways))
    form.admit(asked | {name: usual[name] for name in ways})


def test_a_page_of_one_run_takes_the_first():
    app = open_page("home", {"opt": ["SGD", "Adam"], "lr": ["0.1", "0.01"]})
    assert len(app.warning) == 1
    assert app.text[0].value.splitlines() == [
        "opt=Adam: this page shows one at a time, the first",
        "lr=0.01: this page shows one at a time, the first",
    ]
    flat = app.session_state["scene_situations"]["home", "run"].flat
    assert (flat["opt"], flat["lr"]) == (("SGD",), (0.1,))
    assert "back" not in [b.key for b in app.button]
