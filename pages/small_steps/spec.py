"""What the page Small steps shows: its choices, and the experiments they stand for."""

from dataclasses import dataclass, replace

from core.analysis.best_rates import choosing
from core.analysis.noise_floor import usual_target
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import ONE_INPUT
from core.catalogue.optimizers import named
from core.link.forms import form
from core.link.values import Name
from core.link.values import number as decimal
from core.link.values import whole as integer
from core.spec.checks import choice, number, whole
from core.spec.experiment import LADDER, Experiment, Loss, Optimizer

#: Points in a batch; None: all of them.
BATCHES = (1, 8, 32, None)
#: Full batches take this many epochs, one step each; the others the classic twelve.
FULL_EPOCHS = 200
#: A batch size's rate is chosen on so many steps: who is soonest below the target needs no more.
CHOOSING_STEPS = 2000
#: Steps with each sign of the gradient.
SIGN_STEPS = 100
#: How many sets of few points are drawn, and the steps trained on each.
DRAWS, FEW_STEPS = 8, 400


@dataclass(frozen=True)
class SmallSteps:
    """Every choice of the page; the first four are of all figures that train a network."""

    data: str = "parabola"
    noise: float = 0.1  # σ
    width: int = 20
    activation: str = "relu"
    sign: str = "subtract"  # what is done with the gradient: subtract or add
    sign_rate: float = 0.01
    walk_rate: float = 0.1  # of the smallest steps
    rates: str = "same"  # one rate for all batch sizes, or each the one that gets below the target soonest
    batch_rate: float = 0.1
    line_noise: float = 0.1  # σ of the noisy line
    few_points: int = 20
    few_noise: float = 0.3  # σ
    few_width: int = 100
    draw: int = 2  # which set of few points, counted from 1
    optimizer: str = "SGD"
    rate: float = 0.1
    seeds: int = 100

    def __post_init__(self) -> None:
        choice("data", self.data, ONE_INPUT)
        choice("activation", self.activation, tuple(ACTIVATIONS))
        choice("sign", self.sign, ("subtract", "add"))
        choice("rates", self.rates, ("same", "best"))
        choice("optimizer", self.optimizer, named())
        whole("width", self.width, 1, 128)
        whole("few_points", self.few_points, 8, 500)
        whole("few_width", self.few_width, 1, 128)
        whole("draw", self.draw, 1, DRAWS)
        whole("seeds", self.seeds, 1, 200)
        for name in ("noise", "line_noise", "few_noise"):
            object.__setattr__(self, name, number(name, getattr(self, name), 0, 2))
        for name in ("sign_rate", "walk_rate", "batch_rate", "rate"):
            object.__setattr__(self, name, number(name, getattr(self, name), 0, 100, above=True))

    @property
    def network(self) -> Experiment:
        """The data and the network of the figures, with SGD and one seed."""
        return Experiment(
            data=self.data,
            noise=self.noise,
            width=self.width,
            activation=self.activation,
            target=usual_target(Loss(), self.noise),
            optimizers=(Optimizer("SGD"),),
        )

    def batched(self, size: int | None) -> Experiment:
        """Return the training with batches of this size, at the common rate."""
        epochs = self.network.epochs if size else FULL_EPOCHS
        return replace(self.network, learning_rates=(self.batch_rate,), batch_size=size, epochs=epochs)

    def choosing(self, size: int | None) -> Experiment:
        """Return the trainings, at all rates, that the rate of this batch size is chosen on."""
        e = self.batched(size)
        epochs = max(1, min(e.epochs, CHOOSING_STEPS // len(e.batch_sizes)))
        return choosing(replace(e, learning_rates=LADDER, epochs=epochs))

    @property
    def few(self) -> Experiment:
        """The training on few points: a seed for each set of them, two batches or more an epoch."""
        size = min(10, self.few_points // 2)
        return replace(
            self.network,
            points=self.few_points,
            noise=self.few_noise,
            width=self.few_width,
            optimizers=(Optimizer("Adam"),),
            batch_size=size,
            epochs=max(1, round(FEW_STEPS / -(-self.few_points // size))),
            seeds=DRAWS,
        )

    @property
    def many(self) -> Experiment:
        """The trainings whose rounds are counted."""
        optimizers = (Optimizer(self.optimizer),)
        return replace(self.network, optimizers=optimizers, learning_rates=(self.rate,), seeds=self.seeds)

    @property
    def trained(self) -> tuple[Experiment, ...]:
        """Return all that the page's figures train."""
        batched = [self.batched(size) for size in BATCHES]
        ladders = [self.choosing(size) for size in BATCHES] if self.rates == "best" else []
        return (*ladders, *batched, self.few, self.many)


FORM = form(
    SmallSteps,
    {
        "data": Name(str, "data"),
        "noise": Name(decimal, "noise"),
        "width": Name(integer, "width"),
        "act": Name(str, "activation"),
        "sign": Name(str, "sign"),
        "sign.lr": Name(decimal, "sign_rate"),
        "walk.lr": Name(decimal, "walk_rate"),
        "rates": Name(str, "rates"),
        "batches.lr": Name(decimal, "batch_rate"),
        "line.noise": Name(decimal, "line_noise"),
        "few.n": Name(integer, "few_points"),
        "few.noise": Name(decimal, "few_noise"),
        "few.width": Name(integer, "few_width"),
        "few.draw": Name(integer, "draw"),
        "rounds.opt": Name(str, "optimizer"),
        "rounds.lr": Name(decimal, "rate"),
        "rounds.seeds": Name(integer, "seeds"),
    },
    give_way=("rounds.seeds", "rates", "few.width", "width", "few.n"),
    trains=lambda specs: specs[0].trained,
)
