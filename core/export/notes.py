"""What a script says of how its rates were chosen."""

from core.analysis.best_rates import choosing, sweep_of
from core.spec.experiment import Experiment


def best_note(experiment: Experiment) -> str:
    """Return how each optimizer's own best rate is chosen."""
    return _chosen_note(choosing(sweep_of(experiment)))


def _chosen_note(asked: Experiment) -> str:
    first, last = asked.first_seed, asked.first_seed + asked.seeds - 1
    tried = ", ".join(f"{rate:g}" for rate in asked.learning_rates)
    return f"Each at its own best of the rates {tried}:\nthat of the lowest median end over seeds {first} to {last}."
