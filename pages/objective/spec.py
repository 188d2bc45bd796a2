"""All that links of this page hold: an experiment, which losses, three numbers, a cell of the gradient matrix."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.catalogue.data_sets import DATA_SETS, ONE_INPUT
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import METHODS
from core.link.forms import ONE_RUN, Flat, Form, Specs, build_loss, loss_parameter, only, parameters
from core.link.values import Name
from core.link.values import number as read_number
from core.link.values import whole as read_whole
from core.spec.checks import choice, coefficient, number, whole
from core.spec.experiment import Experiment, Loss, Optimizer
from core.spec.view import View

#: Hidden units of the network whose gradient matrix is shown: as many as can be read.
WIDEST = 16


@dataclass(frozen=True)
class Objective:
    """The page's own state; raises ValueError naming the field, the value and the allowed range."""

    losses: tuple[Loss, ...] = tuple(map(Loss, LOSSES))  # every loss there is, with its parameter on this page
    curves: tuple[str, ...] = ("mse", "l1", "huber", "quantile")  # drawn against the residual
    fits: tuple[str, ...] = ("mse", "l1", "huber", "own")  # trained on the outliers
    first: float = 0.5  # three residuals
    second: float = -1.0
    third: float = 2.0
    logit1: float = 2.0  # three logits, and the class that is right
    logit2: float = 1.0
    logit3: float = -1.0
    right: int = 1
    data: str = "saddle"  # what the network of the gradient matrix learns
    width: int = 8
    batch: str = "batch"  # its gradient on the mini-batch or on all points
    edges: str = "gradients"  # what the drawing of the network shows, or "weights"
    cell: str = "w1.1.1"
    eps: float = 1e-4  # of the finite difference

    def __post_init__(self) -> None:
        if [loss.name for loss in self.losses] != list(LOSSES):
            raise ValueError(f"losses={self.losses!r} must be {', '.join(LOSSES)}, each once")
        for field in ("curves", "fits"):
            names = getattr(self, field)
            for name in names:
                choice(field, name, tuple(LOSSES))
            if not names or len(set(names)) < len(names):
                raise ValueError(f"{field}={names!r} must be one or more losses, each once")
        for field in ("first", "second", "third", "logit1", "logit2", "logit3"):
            object.__setattr__(self, field, number(field, getattr(self, field), -10, 10))
        whole("right", self.right, 1, 3)
        choice("data", self.data, tuple(DATA_SETS))
        whole("width", self.width, 1, WIDEST)
        choice("batch", self.batch, ("batch", "all"))
        choice("edges", self.edges, ("gradients", "weights"))
        coefficient("cell", self.cell)
        object.__setattr__(self, "eps", number("eps", self.eps, 1e-12, 1))

    def loss(self, name: str) -> Loss:
        """Return the loss of this name with its parameter."""
        return next(loss for loss in self.losses if loss.name == name)

    @property
    def residuals(self) -> tuple[float, float, float]:
        """The three residuals."""
        return self.first, self.second, self.third

    @property
    def logits(self) -> tuple[float, float, float]:
        """The three logits."""
        return self.logit1, self.logit2, self.logit3


def fits_of(experiment: Experiment, page: Objective) -> tuple[Experiment, ...]:
    """Return the trainings on the outliers: the experiment under each chosen loss."""
    one = replace(experiment, optimizers=experiment.optimizers[:1], learning_rates=experiment.learning_rates[:1])
    return tuple(replace(one, loss=page.loss(name), seeds=1) for name in page.fits)


_NAMES = {
    "curves": Name(str, "curves", repeated=True),
    "fits": Name(str, "fits", repeated=True),
    "r.1": Name(read_number, "first"),
    "r.2": Name(read_number, "second"),
    "r.3": Name(read_number, "third"),
    "z.1": Name(read_number, "logit1"),
    "z.2": Name(read_number, "logit2"),
    "z.3": Name(read_number, "logit3"),
    "class": Name(read_whole, "right"),
    "grad.data": Name(str, "data"),
    "grad.width": Name(read_whole, "width"),
    "grad.of": Name(str, "batch"),
    "grad.edges": Name(str, "edges"),
    "cell": Name(str, "cell"),
    "fd.eps": Name(read_number, "eps"),
}


def _flatten(specs: Specs) -> Flat:
    experiment, view, page = specs
    flat = ONE_RUN.flatten((experiment, view))
    for loss in page.losses:
        flat |= parameters(loss)
    return flat | {name: getattr(page, known.attribute) for name, known in _NAMES.items()}


def _build(flat: Mapping[str, Any]) -> Specs:
    choice("data", flat["data"], ONE_INPUT)  # curves are drawn over one input; a notice names these only
    experiment, view = ONE_RUN.build(flat)
    values = {known.attribute: flat[name] for name, known in _NAMES.items()}
    values |= {"curves": tuple(flat["curves"]), "fits": tuple(flat["fits"])}
    losses = tuple(build_loss(name, flat) for name in LOSSES)
    return experiment, view, Objective(losses=losses, **values)


DEFAULTS = (
    Experiment(outlier_share=0.1, outlier_size=2.0, optimizers=(Optimizer("Adam"),)),
    View(),
    Objective(),
)
#: Where losses that have one take their parameter, in a link.
PARAMETERS = tuple(filter(None, map(loss_parameter, LOSSES)))
#: How a run trains, in a link.
TRAINING = (
    *("opt", "lr", "batch", "epochs", "schedule", "first_seed"),
    *(name for name, known in ONE_RUN.names.items() if known.part in METHODS),
)
#: An Experiment, a View and an Objective, whose `losses` the experiment's loss is one of.
FORM = Form(
    names={**ONE_RUN.names, **_NAMES},
    flatten=_flatten,
    build=_build,
    roomy={**ONE_RUN.roomy, **{name: getattr(Objective(), known.attribute) for name, known in _NAMES.items()}},
    count=3,
    chosen=lambda flat: {*ONE_RUN.chosen(flat), *LOSSES},
    choose=ONE_RUN.choose,
    give_way=("fits", *ONE_RUN.give_way),
)


def form_of(*names: str, trains: Callable[[Experiment, Objective], Sequence[Experiment]] = lambda *_: ()) -> Form:
    """Return the form of these names, of a scene that trains so."""
    left_out = [name for name in FORM.names if name not in names]
    return replace(only(FORM, left_out, DEFAULTS), trains=lambda specs: trains(specs[0], specs[2]))
