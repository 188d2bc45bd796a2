"""The script of every figure, run as a reader would with random settings, gives the curves that the figure drew."""

import re
import statistics
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from core.analysis import gradient_noise
from core.analysis.held_out import held_out
from core.catalogue.data_sets import DATA_SETS
from core.engine.asking import AtOnce
from core.engine.history import History, Kind
from core.engine.training import train
from core.export import looks as looks_module
from core.export import script
from core.export.looks import new_points_script
from core.export.program import program
from core.spec.experiment import Experiment, Optimizer
from core.spec.view import View
from core.ui.sections import all_scenes
from pages.small_steps.rounds import counting as rounds
from pages.small_steps.rounds.script import script as rounds_script
from pages.transformer.width import widths
from tests.script_figures import (
    FIGURES,
    Cached,
    Curve,
    Small,
    histories,
    look_of_script,
    looks,
    other_curves,
    script_of,
    settings,
    trainings,
)
from tests.script_runs import Left, run_all
from tests.strategies import CUSTOMS

ROOT = Path(__file__).parents[1]
PAGES = sorted({figure.partition(".")[0] for figure in FIGURES})
#: Random settings of each figure; those of Small steps take longer.
COUNT = 5
FEWER = {"small_steps": 3}
#: Losses are equal to this share, or nearly 0. Two roundings have parted where they differ by a part of that.
SHARE, ZERO = 1e-4, 1e-6
PARTED = 0.03


@pytest.fixture
def small(monkeypatch):
    """Few trainings where no setting says how many there are."""
    monkeypatch.setattr(widths, "BASE", replace(widths.BASE, points=40, epochs=2, seeds=2))
    monkeypatch.setattr(widths, "WIDTHS", (1, 5))
    practice = {d: Experiment(data=d, points=40, epochs=2, seeds=2) for d in list(DATA_SETS)[-3:]}
    monkeypatch.setattr("pages.optimizers.practice.compute.experiments", lambda: practice)
    for module in (gradient_noise, looks_module):
        monkeypatch.setattr(module, "DRAWS", 5)


def allowed(drawn: Tensor) -> Tensor:
    return SHARE * drawn.abs() + ZERO


def parted(curve: Curve) -> int:
    """Return the place from which on rounding decides, or nothing finite is drawn."""
    drawn, twin = curve.drawn.double(), curve.twin.double()
    apart = ~((drawn - twin).abs() <= PARTED * allowed(drawn))  # true for nan as well
    return int(apart.int().argmax()) if bool(apart.any()) else len(drawn)


def same(found: Tensor, drawn: Tensor) -> bool:
    return bool(((found.double() - drawn.double()).abs() <= allowed(drawn.double())).all())


class Tally:
    """How many values were there, and how many of them before a curve parted."""

    def __init__(self) -> None:
        self.compared = self.all = 0

    def check(self, name: object, found: Tensor, curve: Curve) -> None:
        assert len(found) == len(curve.drawn), name
        until = parted(curve)
        worst = (found[:until].double() - curve.drawn[:until].double()).abs()
        assert same(found[:until], curve.drawn[:until]), (name, until, worst.tolist(), curve.drawn[:until].tolist())
        self.compared += until
        self.all += len(found)


def check_run(name: object, left: tuple, column: int, drawn: History, twin: History, tally: Tally) -> int:
    """Compare the losses of one run; return the step at which it parts, its last one + 1 if it does not."""
    e = drawn.experiment
    loss, full = (torch.tensor(found, dtype=torch.float64) for found in left[:2])
    assert (len(loss), len(full)) == (e.steps, e.steps + 1), name
    steps = list(drawn.full_steps)
    batch = Curve(drawn.loss[:, column], twin.loss[:, column])
    whole = Curve(drawn.full_loss[:, column], twin.full_loss[:, column])
    rows = parted(whole)
    until = min(parted(batch), steps[rows] if rows < len(steps) else e.steps + 1)
    until = e.steps + 1 if until == e.steps and rows == len(steps) else until
    kept = [row for row, step in enumerate(steps) if step < until]
    for found, curve in (
        (loss[:until], Curve(batch.drawn[:until], batch.drawn[:until])),
        (full[[steps[row] for row in kept]], Curve(whole.drawn[kept], whole.drawn[kept])),
    ):
        tally.check(name, found, curve)
    tally.all += 2 * (e.steps + 1 - until)
    return until


def said(line: str) -> tuple[Kind, bool, int | None, int | None]:
    """Read kind, collapse, the step reached and the step diverged from a script's line."""
    diverged, reached = re.search(r"diverges at step (\d+)", line), re.search(r"gets below \S+ at step (\d+)", line)
    kinds = {"diverges": Kind.DIVERGED, "no better": Kind.CONSTANT, "ends below": Kind.BELOW, "ends above": Kind.ABOVE}
    kind = next(kind for words, kind in kinds.items() if words in line)
    first, lost = (int(found[1]) if found else None for found in (reached, diverged))
    return kind, "collapsed" in line, first, lost


def check_outcome(line: str, column: int, drawn: History) -> None:
    """Compare what a script says of a run with what the app says."""
    o = drawn.outcomes[column]
    kind, collapsed, reached, diverged = said(line)
    assert (kind, collapsed, diverged) == (o.kind, o.collapsed, o.diverged), (line, o)
    if drawn.eval_every == 1:
        assert reached == o.reached, (line, o)
    if o.kind is not Kind.DIVERGED:
        end = float(re.search(r"-> (\S+)", line)[1])
        assert end == pytest.approx(o.end, rel=SHARE, abs=2 * ZERO), line


def check_home(left: Left, experiment: Experiment, tally: Tally) -> None:
    """Compare where the program of the home page stops."""
    drawn, twin = train(experiment), train(experiment, dtype=torch.float64)
    step, reached = left.names["step"], drawn.outcomes[0].reached
    assert step == (experiment.steps if reached is None else reached)
    row = drawn.full_steps.index(step)
    tally.check("home", torch.tensor([left.names["full"]]), Curve(drawn.full_loss[row, :1], twin.full_loss[row, :1]))
    if step:
        found = torch.tensor([left.names["loss"]])
        tally.check("home", found, Curve(drawn.loss[step - 1, :1], twin.loss[step - 1, :1]))
    assert left.lines[-1].split()[0] == str(step)


def check_figure(figure: str, specs: tuple, left: Left, tally: Tally) -> None:
    assert not left.error, left.error
    if figure == "home.run":
        check_home(left, specs[0], tally)
        return
    curves = left.names["curves"]
    others = other_curves(figure, specs)
    for name, curve in others.items():
        found = curves[name][0] if figure.startswith("unknowns") else curves[name]
        tally.check((figure, name), torch.tensor(found, dtype=torch.float64), curve)
    runs = 0
    seen = {}
    for i, (name, column, drawn, twin) in enumerate(histories(trainings(figure, specs))):
        until = check_run((figure, name), curves[name], column, drawn, twin, tally)
        if id(drawn) not in seen:
            seen = {id(drawn): looks(figure, specs, drawn, twin)}
        for step, *pair in seen[id(drawn)](column):
            if step < until:
                found = look_of_script(figure, curves[name][2][step]).flatten()
                norm = max(1.0, float(pair[0].norm()))
                assert same(found / norm, pair[0].flatten() / norm) or not same(*(p.flatten() / norm for p in pair))
        if left.lines and " -> " in left.lines[i] and until > drawn.experiment.steps:
            check_outcome(left.lines[i], column, drawn)
        runs += 1
    assert len(curves) == runs + len(others)


@pytest.mark.parametrize("page", PAGES)
def test_the_scripts_of_a_page_repeat_what_its_figures_draw(page, small, tmp_path):
    figures = [f for f in FIGURES if f.partition(".")[0] == page]
    cases = {(f, k): settings(f, k) for f in figures for k in range(FEWER.get(page, COUNT))}
    ask = Cached()
    written = {case: script_of(case[0], specs, ask) for case, specs in cases.items()}
    tally = Tally()
    for case, left in run_all(written, tmp_path).items():
        check_figure(case[0], cases[case], left, tally)
    assert tally.compared > 0.5 * tally.all, (tally.compared, tally.all)


def test_the_classic_race_in_an_interpreter_of_its_own(tmp_path):
    e = Experiment(seeds=2)
    left = run_all({"race": script(e, "Optimizers")}, tmp_path)["race"]
    tally = Tally()
    check_figure("optimizers.race", (e, View()), left, tally)
    assert tally.compared > 0.9 * tally.all


def test_a_script_with_the_readers_own_rule_brings_its_class_along(tmp_path):
    others = (Optimizer("Nesterov"), Optimizer("AdamW"))
    cases = {i: Experiment(optimizers=(custom, *others), points=100, epochs=4) for i, custom in enumerate(CUSTOMS)}
    written = {i: script(e, "Optimizers") for i, e in cases.items()}
    tally = Tally()
    for i, left in run_all(written, tmp_path).items():
        assert written[i].count("class Custom(torch.optim.Optimizer):") == 1
        check_figure("optimizers.race", (cases[i], View()), left, tally)
    assert tally.compared > 0.9 * tally.all
    assert "class Custom" not in script(Experiment(), "Optimizers")


class Nobody(AtOnce):
    """Trains nothing."""

    def history(self, experiment):
        raise AssertionError("a scene without a script trains")

    def result(self, key, work, units):
        raise AssertionError("a scene without a script trains")


def test_no_scene_is_without_a_script_unless_it_trains_nothing():
    still = [scene for scene in all_scenes() if scene.script is None]
    assert still
    for scene in still:
        scene.compute(scene.defaults, Nobody())
        assert not scene.form.trains(scene.defaults)


def test_a_script_that_takes_long_says_how_much_there_is_and_how_far_it_is(tmp_path):
    e = Experiment(points=40, epochs=5, seeds=3, optimizers=(Optimizer("SGD"),))
    slow = "import itertools, time\n_seconds = itertools.count()\ntime.monotonic = lambda: next(_seconds)\n"
    quick = "import time\ntime.monotonic = lambda: 0\n"
    said = {}
    for name, clock in (("slow", slow), ("quick", quick)):
        path = tmp_path / f"{name}.py"
        path.write_text(clock + script(e, "A test"), encoding="utf-8")
        run = subprocess.run([sys.executable, "-W", "error", path], check=True, capture_output=True, text=True)
        said[name] = run.stderr.splitlines()
    assert said["quick"] == []
    # 30 steps of a second each: from the third on, every ten seconds; the clock starts after the first step
    assert said["slow"][0] == "Runs: 3, of 10 steps each: 10% done, roughly 27 s left"
    assert [line.split(": ")[-1].split("%")[0] for line in said["slow"]] == ["10", "43", "77"]


def test_the_program_of_a_long_training_says_how_far_it_is():
    assert " of " not in program(Experiment())[3]
    long = program(Experiment(points=5000, batch_size=1, epochs=10, optimizers=(Optimizer("SGD"),)))
    assert 'if step % 2500 == 0:\n        print(step, "of 50000:", full)' in long[3]


def test_steps_to_each_target_are_those_of_the_page(tmp_path):
    e = Experiment(points=60, epochs=4, seeds=5, optimizers=(Optimizer("SGD"),), learning_rates=(1.0,))
    found = rounds.summary(rounds.first_steps(train(e), rounds.targets(e)))
    left = run_all({"rounds": rounds_script((SimpleNamespace(many=e),), AtOnce(), "A test")}, tmp_path)["rounds"]
    lines = [line for line in left.lines if line.startswith("below ")]
    for line, row in zip(lines, found.to_dict("records"), strict=True):
        there, middle = round(row["share"] * e.seeds), row["median"]
        assert line == f"below {row['target']:g}: {there} of 5 seeds, median step {middle:.0f}"


def test_the_ends_on_few_points_are_those_of_the_page(tmp_path):
    e = Small(few_points=12, few_width=20).few
    ends = held_out(train(e)).ends
    left = run_all({"few": new_points_script(e, "A test")}, tmp_path)["few"]
    medians = [float(number) for number in re.findall(r"\d+\.\d+", left.lines[-1])]
    assert medians == pytest.approx([statistics.median(end.tolist()) for end in ends], rel=SHARE, abs=2 * ZERO)
