"""How many steps a training takes to each of several targets, over seeds, as a script."""

from core.export.trainings import script
from core.rounds import targets
from core.spec.experiment import Experiment

_AFTER = """
    for target in {targets}:
        steps = [
            next((step for step, loss in enumerate(full[:diverged]) if loss < target), math.inf)
            for _, full, diverged in curves.values()
        ]
        there, middle = sum(step < math.inf for step in steps), sorted(steps)[len(steps) // 2]
        print(f"below {{target:g}}: {{there}} of {{len(steps)}} seeds, median step {{middle}}")"""


def rounds_script(experiment: Experiment, title: str) -> str:
    """Return the script of all seeds that counts the steps to each target."""
    return script(experiment, title, after=_AFTER.format(targets=targets(experiment)))
