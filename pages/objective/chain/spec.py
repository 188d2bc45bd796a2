"""One point, one unit that answers it, and the coefficient that is asked."""

from dataclasses import dataclass

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.losses import LOSSES
from core.link.forms import Flat, form
from core.link.values import Name
from core.link.values import number as decimal
from core.spec.checks import choice, number

#: The most that a coefficient may be, either way, and the measured y.
MOST = 4.0
#: Whoever writes a loss sees its slope in a scene of its own.
READY = tuple(name for name in LOSSES if name != "own")
#: The coefficients by the fields that hold them.
FIELDS = {"w": "weight", "b": "bias", "v": "output"}
COEFFICIENTS = tuple(FIELDS)


@dataclass(frozen=True)
class Chain:
    """The prediction v·a(w·x + b) of one point under a loss; raises ValueError naming the field and the range."""

    weight: float = 1.0
    bias: float = 0.25
    output: float = 1.5
    x: float = 0.75
    y: float = 0.5
    activation: str = "tanh"
    loss: str = "mse"
    of: str = "w"  # the coefficient whose gradient is taken

    def __post_init__(self) -> None:
        for name in ("weight", "bias", "output", "y"):
            object.__setattr__(self, name, number(name, getattr(self, name), -MOST, MOST))
        object.__setattr__(self, "x", number("x", self.x, -1, 1))
        choice("activation", self.activation, tuple(ACTIVATIONS))
        choice("loss", self.loss, READY)
        choice("of", self.of, COEFFICIENTS)


DEFAULTS = (Chain(),)
FORM = form(
    Chain,
    {
        "unit.w": Name(decimal, "weight"),
        "unit.b": Name(decimal, "bias"),
        "unit.v": Name(decimal, "output"),
        "unit.act": Name(str, "activation"),
        "chain.loss": Name(str, "loss"),  # "loss" in an old link is that of the gradients
        "chain.x": Name(decimal, "x"),
        "chain.y": Name(decimal, "y"),
        "chain.of": Name(str, "of"),
    },
)
TRIES: dict[str, Flat] = {
    "dead": {"unit.act": "relu", "unit.b": -2.0},
    "far": {"chain.y": -3.0},
    "capped": {"chain.y": -3.0, "chain.loss": "l1"},
}
