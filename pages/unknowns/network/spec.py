"""Which network, which of its family is looked at, and which data ask for coefficients."""

from dataclasses import dataclass

from core.catalogue.data_sets import ONE_INPUT
from core.link.forms import Flat, form
from core.link.values import Name
from core.link.values import whole as read_whole
from core.spec.checks import choice, whole
from core.spec.experiment import ESSAY, Experiment

#: How many sets of coefficients are drawn at random.
MEMBERS = 30


@dataclass(frozen=True)
class Network:
    """A network of one input; raises ValueError naming the field, the value and the allowed range."""

    member: int = 4  # of the family, from 1
    width: int = 20
    data: str = "parabola"

    def __post_init__(self) -> None:
        whole("member", self.member, 1, MEMBERS)
        whole("width", self.width, 1, 128)
        choice("data", self.data, ONE_INPUT)

    @property
    def sought(self) -> Experiment:
        """The training that looks for the coefficients: the classic experiment under Adam."""
        return Experiment(data=self.data, width=self.width, optimizers=(ESSAY[3],))


DEFAULTS = (Network(),)
FORM = form(
    Network,
    {"net.member": Name(read_whole, "member"), "width": Name(read_whole, "width"), "data": Name(str, "data")},
)
TRIES: dict[str, Flat] = {"few": {"width": 1}, "sine": {"data": "sine"}}
