"""The figure as PyTorch."""

from core.engine.asking import Ask
from core.export.trainings import script as trainings_script
from core.link.forms import Specs
from pages.small_steps.batches.compute import batched
from pages.small_steps.spec import BATCHES, SmallSteps


def script(specs: Specs, ask: Ask, title: str) -> str:
    """Return the script that repeats what is drawn."""
    spec = specs[0]
    asked = [batched(spec, size, ask) for size in BATCHES]
    return trainings_script(asked, title, note="" if spec.rates == "same" else _note(spec))


def _note(spec: SmallSteps) -> str:
    """Return how the rate of each batch size is chosen."""
    asked = spec.choosing(32)
    seeds = f"seeds {asked.first_seed} to {asked.first_seed + asked.seeds - 1}"
    tried = ", ".join(f"{rate:g}" for rate in asked.learning_rates)
    return (
        f"Each at that of the rates {tried}\nwhose median over {seeds} gets below {asked.target:g} in the fewest steps."
    )
