"""A family of networks whose coefficients are drawn at random, and the one that training finds."""

from dataclasses import dataclass

import pandas as pd
import torch

from core.analysis.frames import CURVE, predict
from core.engine import network
from core.engine.asking import Ask
from core.engine.history import History
from core.link.forms import Specs
from pages.unknowns.network.spec import MEMBERS, Network

#: How many times as widely as PyTorch draws a start: the family is to show what the network can be.
WIDER = 3.0
ACTIVATION = "relu"


@dataclass(frozen=True)
class Sought:
    """The family as curves, one member's coefficients, and the training."""

    family: pd.DataFrame  # x, and c1, c2, … for each member
    given: list[float]  # the chosen member's coefficients
    history: History

    @property
    def moved(self) -> int:
        """How many coefficients training has changed."""
        return int((self.history.snapshots[0, :, 0] != self.history.parameters[:, 0]).sum())


def compute(specs: Specs, ask: Ask) -> Sought:
    """Draw the family, and train."""
    spec: Network = specs[0]
    family = ask.kept(f"family?{spec.width}", lambda: _family(spec.width))
    return Sought(family, coefficients(spec.width, spec.member).tolist(), ask.history(spec.sought))


def _family(width: int) -> pd.DataFrame:
    every = torch.stack([coefficients(width, member) for member in range(1, MEMBERS + 1)], 1)
    x = torch.linspace(-1, 1, CURVE).unsqueeze(1)
    curves = predict(every, x, width, ACTIVATION)  # (CURVE, members)
    family = pd.DataFrame(curves.numpy(), columns=[f"c{i}" for i in range(1, MEMBERS + 1)])
    family.insert(0, "x", x[:, 0].numpy())
    return family


def coefficients(width: int, member: int) -> torch.Tensor:
    """Return a member's coefficients (parameters,) in PyTorch's order, from a generator of its own."""
    return WIDER * network.draw_parameters(1, width, torch.Generator().manual_seed(member))


def found_frame(history: History) -> pd.DataFrame:
    """Return one row a snapshot and coefficient of the first run: begin, end (steps it stands for), number, value."""
    begin = list(history.snapshot_steps)
    end = [*begin[1:], history.experiment.steps + 1]
    values = history.snapshots[:, :, 0]  # (snapshots, parameters)
    count = values.shape[1]
    return pd.DataFrame(
        {
            "begin": [step for step in begin for _ in range(count)],
            "end": [step for step in end for _ in range(count)],
            "number": [*range(1, count + 1)] * len(begin),
            "value": values.flatten().tolist(),
        }
    )
