"""What the three fits share: how far a step goes, and how noisy their points are."""

from dataclasses import dataclass

from core.link.forms import Flat, form
from core.link.values import Name
from core.link.values import number as decimal
from core.spec.checks import number


@dataclass(frozen=True)
class Same:
    """One loop over three models; raises ValueError naming the field, the value and the allowed range."""

    rate: float = 0.3
    noise: float = 0.2  # σ of the normal noise

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", number("rate", self.rate, 0, 100, above=True))
        object.__setattr__(self, "noise", number("noise", self.noise, 0, 2))


DEFAULTS = (Same(),)
FORM = form(Same, {"lr": Name(decimal, "rate"), "noise": Name(decimal, "noise")})
TRIES: dict[str, Flat] = {"timid": {"lr": 0.003}, "bold": {"lr": 3.0}}
