"""The gradients as PyTorch."""

from core.engine.asking import Ask
from core.export.looks import gradients_script
from core.link.forms import Specs
from pages.objective.gradients.spec import gradient_experiment


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script that takes the gradient along the training."""
    return gradients_script(gradient_experiment(specs[0], specs[2]), specs[2].batch == "all", title)
