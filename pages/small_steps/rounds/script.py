"""How many steps a training takes to each of several targets, over seeds, as PyTorch."""

from core.engine.asking import Ask
from core.export.trainings import script as trainings_script
from core.link.forms import Specs
from pages.small_steps.rounds.counting import targets

_AFTER = """
    for target in {targets}:
        steps = [
            next((step for step, loss in enumerate(full[:diverged]) if loss < target), math.inf)
            for _, full, diverged in curves.values()
        ]
        there, middle = sum(step < math.inf for step in steps), sorted(steps)[len(steps) // 2]
        print(f"below {{target:g}}: {{there}} of {{len(steps)}} seeds, median step {{middle}}")"""


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script of all seeds that counts the steps to each target."""
    many = specs[0].many
    return trainings_script(many, title, after=_AFTER.format(targets=targets(many)))
