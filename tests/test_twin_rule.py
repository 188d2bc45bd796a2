"""The map's twin in the browser: the rule step by step, and all rows that follow a point, as the engine has them."""

import json
import subprocess
from dataclasses import asdict, replace

import pandas as pd
import pytest
import torch

from core.catalogue.optimizers import METHODS, named
from core.catalogue.row import Row
from core.engine.rule import Rule, update
from core.engine.walks import path_frame
from core.player.source import WEB
from core.spec.experiment import Optimizer
from core.text import Text
from pages.unknowns.dragged import guess_row, plane_of
from pages.unknowns.formula_fit import FORMULAS, FormulaFit, curve_frame, points_frame, walk
from pages.unknowns.formulas import ground
from pages.unknowns.step import SCENE
from pages.unknowns.step.compute import steps as stepped
from tests.drawn import drawn
from tests.strategies import CUSTOMS

STEPS = 60
ENGLISH = Text("en")


def answers(node, script: str, given: object) -> object:
    """What a module says of this input: `script` is the body of a function of `given`."""
    code = f"""
import * as rule from {json.dumps(str(WEB / "rule.js"))};
import * as formulas from {json.dumps(str(WEB / "formulas.js"))};
import * as plane from {json.dumps(str(WEB / "plane.js"))};
let text = "";
for await (const piece of process.stdin) text += piece;
const answer = (given => {{ {script} }})(JSON.parse(text));
console.log(JSON.stringify(answer));
"""
    call = [node, "--input-type=module", "-e", code]
    done = subprocess.run(call, input=json.dumps(given), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def row_of(optimizer: Optimizer) -> Row:
    return METHODS[optimizer.name].row(optimizer.hyperparameters)


#: Every optimizer with its usual hyperparameters and with weight decay, and the reader's own rule at its edges.
CASES = (*map(Optimizer, METHODS), *(Optimizer(name, weight_decay=0.1) for name in METHODS), *CUSTOMS)


@pytest.mark.parametrize("rate", [0.001, 0.1, 1.0])
def test_the_rule_in_the_browser_is_the_engines_step_by_step(node, rate):
    torch.manual_seed(3)
    gradients = torch.randn(STEPS, 3, dtype=torch.float64) * torch.tensor([1e-3, 1.0, 30.0])
    start = torch.tensor([0.5, -2.0, 0.0], dtype=torch.float64)
    rows = [asdict(row_of(case)) for case in CASES]
    given = {"rows": rows, "rate": rate, "start": start.tolist(), "g": gradients.tolist()}
    script = """
return given.rows.map(row => {
  const walker = new rule.Walker(row, given.rate, given.start);
  return given.g.map(g => { walker.step(g); return walker.at; });
});"""
    theirs = torch.tensor(answers(node, script, given), dtype=torch.float64)  # (rows, steps, 3)
    for case, there in zip(CASES, theirs, strict=True):
        ours = Rule([row_of(case)], [rate], start.dtype, start.device)
        here = start.unsqueeze(1).clone()
        state = ours.start(here)
        for step, (now, g) in enumerate(zip(ours.steps(1, STEPS), gradients, strict=True)):
            update(here, g.unsqueeze(1).clone(), state, now)
            assert torch.allclose(here[:, 0], there[step], rtol=1e-6, atol=1e-9), (case, step)


@pytest.mark.parametrize("formula", FORMULAS)
def test_all_that_follows_a_dragged_point_is_what_python_would_send(node, formula):
    spec = FormulaFit(formula=formula, fit=True, optimizers=named(), steps=40, rate=0.03)
    plane = plane_of(spec, ENGLISH)
    there = [(0.35, -1.2), (-3.0, 3.0), (0.0, 0.0)]
    given = {"plane": asdict(plane), "points": there}
    script = "const made = new plane.Plane(given.plane); return given.points.map(point => made.rows(point));"
    for (t1, t2), rows_ in zip(there, answers(node, script, given), strict=True):
        moved = replace(spec, t1=t1, t2=t2)
        sample = ground(moved).sample
        assert rows_["guess"] == [guess_row(moved, ENGLISH)]
        assert_rows(rows_["residuals"], points_frame(sample, t1, t2))
        assert_rows(rows_["curve"], curve_frame(sample.formula, t1, t2))
        ours = path_frame(walk(moved, sample), ("c1", "c2"))
        assert [row["name"] for row in rows_["paths"]] == list(ours["name"])
        assert_rows(rows_["paths"], ours[["step", "c1", "c2"]])


@pytest.mark.parametrize("formula", FORMULAS)
def test_steps_by_hand_follow_a_dragged_point_and_rate_as_python_has_them(node, formula):
    spec = replace(SCENE.defaults[0], formula=formula)
    plane = drawn(SCENE, spec, text=ENGLISH).plane
    there = [((0.35, -1.2), 0.2), ((-3.0, 3.0), 0.001), ((0.0, 0.0), 2.0)]
    assert all(rate in plane.hand.rates for _, rate in there)
    given = {"plane": asdict(plane), "at": there}
    script = """
const made = new plane.Plane(given.plane);
return given.at.map(([point, rate]) => made.rows(point, rate));"""
    for ((t1, t2), rate), rows_ in zip(there, answers(node, script, given), strict=True):
        found = stepped(replace(spec, t1=t1, t2=t2, rate=rate))
        count = min(plane.steps, found.way.steps, 40) + 1
        assert_rows(rows_["hand"][:count], found.by_hand()[:count])
        adam = [[r["c1"], r["c2"]] for r in rows_["paths"] if r["name"] == "Adam"][:count]
        ours = found.way.path[:count, :, found.way.optimizers.index("Adam")]
        assert torch.allclose(torch.tensor(adam, dtype=torch.float64), ours, rtol=1e-6, atol=1e-9)


def assert_rows(found: list[dict], frame: pd.DataFrame) -> None:
    for name in frame:
        theirs = torch.tensor([row[name] for row in found], dtype=torch.float64)
        assert torch.allclose(theirs, torch.tensor(frame[name].to_numpy(), dtype=torch.float64), rtol=1e-6, atol=1e-9)


def test_a_point_is_dragged_to_the_nearest_that_a_slider_has(node):
    given = {"plane": asdict(plane_of(FormulaFit(), ENGLISH)), "points": [(0.149, -0.151), (9, -9), (-0.01, 2.999)]}
    script = "const made = new plane.Plane(given.plane); return given.points.map(point => made.snapped(point));"
    assert answers(node, script, given) == [[0.15, -0.15], [3, -3], [0, 3]]
