"""How long the server takes to answer who looks into a step or changes a rule, beside the plain torch loops of that.

`python -m benchmarks.answers [--repeat N]`
"""

import argparse
import statistics
from collections.abc import Callable
from dataclasses import replace

import torch

from benchmarks.timing import interleave, machine, markdown
from core.analysis.one_rule import between, end
from core.engine.asking import AtOnce
from core.engine.training import build_optimizer, train_reference
from core.link.forms import Flat
from core.spec.experiment import Optimizer, Run
from core.text import Text
from core.ui.scene import Scene
from pages.optimizers import inside, rule
from pages.optimizers.rule.spec import custom
from pages.unknowns import step
from pages.unknowns.formula_fit import draw
from pages.unknowns.step.compute import steps

#: Milliseconds that an answer may take.
AIM = 150
TEXT = Text("en")


def answer(scene: Scene, changes: Flat) -> Callable[[], object]:
    """Return what the server does when a reader changes these values: compute and draw."""
    specs = scene.form.admit(scene.form.flatten(scene.defaults) | changes)

    def draw_it() -> object:
        return scene.figure(scene.compute(specs, AtOnce()), specs, TEXT)

    return draw_it


def plain_steps(rate: float) -> Callable[[], object]:
    """Return the walks of the step by hand as a reader would write them: a loop for each optimizer."""
    spec = replace(step.SCENE.defaults[0], rate=rate)
    found = steps(spec)
    sample = draw(spec)

    def walk() -> object:
        for name in found.way.optimizers:
            c = torch.nn.Parameter(torch.tensor([spec.t1, spec.t2], dtype=torch.float64))
            optimizer = build_optimizer(Run(Optimizer(name), rate, 0), [c])
            for _ in range(found.way.steps):
                loss = (c[0] * sample.x + c[1] - sample.y).square().mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        return c

    return walk


def plain_training(scene: Scene, changes: Flat) -> Callable[[], object]:
    """Return the training of a scene's runs as a reader would write it, each once."""
    experiment = scene.form.admit(scene.form.flatten(scene.defaults) | changes)[0]
    return lambda: train_reference(experiment, dtype=torch.float32)


#: The reader's own row, slid on from where it stands at first.
SLID = custom(**between(end("SGD", {}), end("Adam", {}), 0.3))
CASES: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
    "one step by hand, a new rate": (answer(step.SCENE, {"lr": 0.12}), plain_steps(0.12)),
    "one step by hand, 1,000 steps": (answer(step.SCENE, {"lr": 0.001}), plain_steps(0.001)),
    "inside a step, another coefficient": (
        answer(inside.SCENE, {"cell": "w1.3.1"}),
        plain_training(inside.SCENE, {}),
    ),
    "one formula, another row": (answer(rule.SCENE, SLID), plain_training(rule.SCENE, SLID)),
}


def main() -> None:
    """Measure all cases in turns and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=9)
    repeat = parser.parse_args().repeat
    torch.set_num_threads(1)
    rows = []
    for name, (ours, plain) in CASES.items():
        times = interleave({"ours": ours, "plain": plain}, repeat)
        mine, theirs = (1000 * statistics.median(times[who]) for who in ("ours", "plain"))
        met = "met" if mine <= AIM else "missed"
        rows.append([name, f"{mine:.0f}", f"{theirs:.0f}", f"{mine / theirs:.2f}", f"≤ {AIM}: {met}"])
    print(markdown(["an answer, ms", "Small Steps, drawn", "plain torch loop", "ratio", "aim"], rows))
    print(machine())


if __name__ == "__main__":
    main()
