"""Small Steps: data, network, losses, optimizers and training in torch, and what draws them.

In a notebook: `from core import Experiment, Optimizer, Loss, train, train_reference, script`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.engine.training import train, train_reference
    from core.export import script
    from core.spec.experiment import Experiment, Loss, Optimizer

#: Where each name lives. It is looked up when it is asked for: who draws charts need not load torch.
_HOMES = {
    "Experiment": "core.spec.experiment",
    "Loss": "core.spec.experiment",
    "Optimizer": "core.spec.experiment",
    "train": "core.engine.training",
    "train_reference": "core.engine.training",
    "script": "core.export",
}
__all__ = ["Experiment", "Loss", "Optimizer", "script", "train", "train_reference"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'core' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
