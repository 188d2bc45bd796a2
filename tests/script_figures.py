"""For every figure that trains: random settings, and the curves that it draws of them."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import torch
from torch import Tensor

from core.analysis.gradient_noise import SIZES, gradient_noise
from core.analysis.gradients import matrices
from core.analysis.held_out import held_out
from core.analysis.loss_frames import residual_frame
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS, ONE_INPUT
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import CUSTOM, METHODS, named
from core.engine import descent
from core.engine.asking import AtOnce
from core.engine.history import History
from core.engine.scheduled import train_stretches
from core.engine.training import train
from core.export.trainings import columns_of
from core.spec.experiment import LADDER, Experiment, Loss, Optimizer
from core.spec.view import View
from core.ui.sections import all_scenes
from pages.home.same.compute import MODELS
from pages.home.same.compute import fits as same_fits
from pages.home.same.spec import Same
from pages.learning_rate.ladder import chosen_rates, whole_ladder
from pages.objective.chain.compute import compute as compute_chain
from pages.objective.chain.spec import COEFFICIENTS, READY, Chain
from pages.objective.gradients.spec import gradient_experiment
from pages.objective.spec import Objective, fits_of
from pages.optimizers.inside.spec import Inside
from pages.optimizers.practice import compute as practice
from pages.optimizers.race.compute import raced
from pages.optimizers.rule.compute import FORMS, cut_step, momentum_run, stretches
from pages.optimizers.rule.spec import RuleSpec
from pages.small_steps.batches.compute import batched
from pages.small_steps.frames import until_lost
from pages.small_steps.line_fit import fit_lines
from pages.small_steps.spec import BATCHES, SIGN_STEPS, SmallSteps
from pages.transformer.one_unit import UnitSpec
from pages.transformer.width.widths import experiments as widths_experiments
from pages.unknowns import clustering, formula_fit, two_classes
from pages.unknowns.clustering import Clustering
from pages.unknowns.formula_fit import FORMULAS, FormulaFit
from pages.unknowns.network.spec import Network
from pages.unknowns.step.compute import steps as stepped
from pages.unknowns.two_classes import Logistic
from tests.strategies import EXPRESSIONS

Specs = tuple[Any, ...]
#: The scenes that have a script.
FIGURES = tuple(f"{s.page}.{s.key}" for s in all_scenes() if s.script)
RATES = (1e-3, 0.01, 0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class Curve:
    """What is drawn, one value a step, and the same in another rounding."""

    drawn: Tensor  # (steps,)
    twin: Tensor  # (steps,)
    steps: Sequence[int] | None = None  # those of the values; None: 0, 1, 2, …


@dataclass(frozen=True)
class Small(SmallSteps):
    """The page Small steps with a training of a few points and steps."""

    @property
    def network(self) -> Experiment:
        return replace(super().network, points=40, epochs=3)


def _turn(names: Sequence[Any], k: int) -> Any:
    """Every name has its turn as k counts up."""
    return names[k % len(names)]


def _optimizer(rng: random.Random, name: str) -> Optimizer:
    given: dict[str, Any] = {}
    for h in METHODS[name].hyperparameters:
        high = min(h.high, 0.99) if h.below else h.high
        value = rng.choice((h.low, h.default, high, rng.uniform(h.low, high)))
        if h.name == "weight_decay":
            value = rng.choice((0.0, 0.01, 1.0))
        if h.of:
            given[h.of] = (*given.get(h.of, ()), float(value))
        else:
            given[h.name] = float(value)
    if given.get("kappa") == given.get("beta2") == 1:  # which is refused
        given["kappa"] = 0.5
    return Optimizer(name, lr=rng.choice((None, None, rng.choice(RATES))), **given)


def _loss(rng: random.Random, name: str) -> Loss:
    kind = LOSSES[name]
    if not kind.parameter:
        return Loss(name)
    value = (
        rng.choice(EXPRESSIONS)
        if name == "own"
        else rng.choice((kind.default, 1.0 if name != "quantile" else 0.5, 0.3))
    )
    return Loss(name, **{kind.parameter: value})


def _experiment(rng: random.Random, k: int, optimizers: int = 3, **changes: Any) -> Experiment:
    names = list(METHODS)
    chosen = [names[(k + i) % len(names)] for i in range(optimizers)]
    points = rng.randrange(8, 60)
    e = Experiment(
        data=_turn(list(DATA_SETS), k),
        points=points,
        noise=rng.choice((0.0, 0.1, 1.0)),
        outlier_share=rng.choice((0.0, 0.1, 0.5)),
        outlier_size=rng.choice((0.0, 2.0, -10.0)),
        width=rng.choice((1, 3, 20)),
        activation=_turn(list(ACTIVATIONS), k),
        loss=_loss(rng, _turn(list(LOSSES), k)),
        batch_size=rng.choice((None, 8, rng.randrange(1, points + 1))),
        epochs=rng.randrange(1, 6),
        target=rng.choice((0.02, 0.3, 100.0)),
        optimizers=tuple(_optimizer(rng, name) for name in chosen),
        learning_rates=tuple(rng.sample(RATES, rng.randrange(1, 4))),
        seeds=rng.choice((1, 1, 3)),
    )
    return replace(e, **changes)


def _one(rng: random.Random, k: int, **changes: Any) -> Experiment:
    """An experiment of one run."""
    e = _experiment(rng, k, 1, **changes)
    return replace(e, learning_rates=e.learning_rates[:1], seeds=1)


def _small(rng: random.Random, k: int) -> tuple[Small]:
    return (
        Small(
            data=_turn(ONE_INPUT, k),
            noise=rng.choice((0.0, 0.1, 1.0)),
            width=rng.choice((1, 3, 20)),
            activation=_turn(list(ACTIVATIONS), k),
            sign_rate=rng.choice(RATES),
            walk_rate=rng.choice(RATES),
            rates=("same", "best")[k % 2],
            batch_rate=rng.choice(RATES),
            line_noise=rng.choice((0.0, 0.1, 1.0)),
            few_points=rng.choice((8, 21)),
            few_width=rng.choice((3, 20)),
            optimizer=_turn(named(), k),
            rate=rng.choice(RATES),
            seeds=3,
        ),
    )


def _unknowns(rng: random.Random, k: int) -> Specs:
    all_ = named()
    return (
        FormulaFit(
            formula=_turn(list(FORMULAS), k),
            t1=rng.uniform(-3, 3),
            t2=rng.choice((-1.0, 3.0)),
            noise=rng.choice((0.0, 0.5)),
            points=rng.randrange(5, 60),
            seed=rng.randrange(100),
            optimizers=all_,
            rate=rng.choice(RATES),
            steps=rng.randrange(1, 60),
        ),
        Logistic(
            gap=rng.choice((0.0, 2.5)),
            points=rng.randrange(10, 60),
            seed=rng.randrange(100),
            optimizers=all_,
            rate=rng.choice(RATES),
            steps=40,
        ),
        Clustering(
            k=rng.randrange(2, 7),
            spread=rng.choice((0.0, 0.6)),
            points=rng.randrange(20, 60),
            seed=rng.randrange(100),
            optimizers=all_,
            rate=rng.choice(RATES),
            steps=30,
        ),
    )


def _objective(rng: random.Random, k: int) -> Specs:
    e = _one(rng, k, data=_turn(ONE_INPUT, k), loss=Loss())
    page = Objective(
        losses=tuple(_loss(rng, name) for name in LOSSES),
        fits=tuple(LOSSES) if k % 2 else tuple(rng.sample(list(LOSSES), 3)),
        data=_turn(list(DATA_SETS), k),
        width=rng.choice((1, 8)),
        batch=("batch", "all")[k % 2],
    )
    return e, View(), page


def settings(figure: str, k: int) -> Specs:
    """Return the k-th random state of a figure's page: what it reads from its widgets."""
    rng = random.Random(f"{figure} {k}")
    k += sum(map(ord, figure))  # each figure begins elsewhere in the lists of names
    page = figure.partition(".")[0]
    if figure == "home.same":
        return (Same(rate=rng.choice((0.003, 0.03, 0.1, 0.3)), noise=rng.choice((0.0, 0.1, 0.2, 1.0))),)
    if page == "home":
        return _one(rng, k, target=rng.choice((0.02, 0.3, 100.0))), View()
    if figure == "unknowns.network":
        return (Network(width=rng.choice((1, 3, 20)), data=_turn(ONE_INPUT, k)),)
    if page == "unknowns":
        kinds = ("unknowns.search", "unknowns.logistic", "unknowns.clusters", "unknowns.step")
        return (_unknowns(rng, k)[kinds.index(figure) % 3],)
    if page == "transformer":
        shape = UnitSpec(shape=_turn(list(DATA_SETS), k))
        return (shape,) if figure == "transformer.width" else (_one(rng, k), View())
    if figure == "objective.chain":
        kinds = {"activation": _turn(list(ACTIVATIONS), k), "loss": _turn(READY, k), "of": _turn(COEFFICIENTS, k)}
        return (Chain(**kinds, weight=rng.uniform(-2, 2), y=rng.uniform(-3, 3), output=rng.uniform(-2, 2)),)
    if page == "objective":
        return _objective(rng, k)
    if page == "small_steps":
        return _small(rng, k)
    rates = tuple(rng.sample(LADDER, 3)) if page == "learning_rate" else ()
    e = _experiment(rng, k, 2) if page == "learning_rate" else _experiment(rng, k, 3)
    if figure == "optimizers.inside":
        return e, View(), Inside()
    if figure == "optimizers.rule":
        others = tuple(o for o in e.optimizers if o.name != CUSTOM)
        own = _optimizer(rng, CUSTOM)
        return replace(e, optimizers=(*others, own)), View(), RuleSpec(cut=bool(k % 2))
    return (replace(e, learning_rates=rates) if rates else e), View(rates=("same", "best")[k % 2])


class Cached(AtOnce):
    """Trains each experiment once."""

    def __init__(self) -> None:
        self.history = cache(super().history)


def script_of(figure: str, specs: Specs, ask: AtOnce) -> str:
    """Return the script of a scene."""
    scene = next(s for s in all_scenes() if figure == f"{s.page}.{s.key}")
    return scene.script(specs, ask, "A test")


def trainings(figure: str, specs: Specs) -> list[Experiment]:
    """Return the trainings of the network that a figure draws, in its order; none where it trains otherwise."""

    def small(size: int | None) -> Experiment:
        spec = specs[0]
        return batched(spec, size, AtOnce())

    found: dict[str, Callable[[], list[Experiment]]] = {
        "unknowns.network": lambda: [specs[0].sought],
        "transformer.sum": lambda: [specs[0]],
        "transformer.width": lambda: list(widths_experiments(specs[0].shape).values()),
        "objective.outliers": lambda: list(fits_of(specs[0], specs[2])),
        "objective.gradients": lambda: [gradient_experiment(specs[0], specs[2])],
        "small_steps.batches": lambda: [small(size) for size in BATCHES],
        "small_steps.noise": lambda: [small(32)],
        "small_steps.memorise": lambda: [specs[0].few],
        "small_steps.rounds": lambda: [specs[0].many],
        "optimizers.inside": lambda: [specs[0]],
        "optimizers.race": lambda: [raced(specs, AtOnce())],
        "optimizers.rule": lambda: [specs[0]],
        "optimizers.practice": lambda: list(practice.compute((), AtOnce()).shown),
        "learning_rate.panels": lambda: [chosen_rates(specs[0])],
        "learning_rate.range": lambda: [whole_ladder(specs[0])],
    }
    return found.get(figure, list)()


def histories(asked: Sequence[Experiment]) -> Iterator[tuple[tuple, int, History, History]]:
    """Yield each run as the scripts call it, its column, the history it is in, and the same in float64."""
    columns = columns_of(asked) if asked else ()
    for e in asked:
        case = tuple(c.value(e) for c in columns)
        drawn, twin = train(e), train(e, dtype=torch.float64)
        for column, run in enumerate(drawn.runs):
            yield (*case, run.optimizer.name, run.learning_rate, run.seed), column, drawn, twin


#: From this step on, where RMSprop stands on a map of two coefficients may be decided by rounding.
HOPS = 60


def _searched(figure: str, specs: Specs) -> dict[Any, Curve]:
    """Return the walks of the Unknowns page; their twins start a hair's breadth beside."""
    (spec,) = specs
    if figure.endswith(("search", "step")):
        if figure.endswith("step"):
            way = stepped(spec).way
            spec = replace(spec, optimizers=way.optimizers, steps=max(way.steps, 1))
        sample = formula_fit.draw(spec)
        near = replace(spec, t1=spec.t1 * (1 + 1e-10))
        name, drawn, twin = "formula", formula_fit.walk(spec, sample), formula_fit.walk(near, sample)
    elif figure.endswith("logistic"):
        drawn_classes = two_classes.draw(spec)
        near_classes = replace(drawn_classes, start=drawn_classes.start * (1 + 1e-10))
        name = "logistic"
        drawn, twin = two_classes.train(spec, drawn_classes), two_classes.train(spec, near_classes)
    else:
        points = clustering.draw(spec)
        near_points = replace(points, start=points.start * (1 + 1e-10))
        name = "clustering"
        drawn, twin = clustering.train(spec, points), clustering.train(spec, near_points)
    if "RMSprop" in twin.optimizers:  # at the bottom it hops about, and each hop is decided by rounding
        twin.loss[HOPS:, twin.optimizers.index("RMSprop")] = math.nan
    found = {(name, o): Curve(drawn.loss[:, i], twin.loss[:, i]) for i, o in enumerate(drawn.optimizers)}
    if name == "clustering":
        losses = points.loss(clustering.lloyd(points).T.contiguous())
        found[name, "Lloyd"] = Curve(losses, losses)
    return found


def _forms(experiment: Experiment, _: View, page: RuleSpec) -> dict[Any, Curve]:
    """Return momentum's forms, as far as they do not diverge."""
    e = momentum_run(experiment)
    cut, run = cut_step(e, page.cut), e.runs[0]
    found = {}
    for form in FORMS:
        way = stretches(form, run, e.steps, cut)
        drawn, twin = (train_stretches(e, way, dtype=dtype) for dtype in (torch.float32, torch.float64))
        found[form] = Curve(drawn, twin.masked_fill(~(twin.abs() < 1e6), math.nan))
    return found


def other_curves(figure: str, specs: Specs) -> dict[Any, Curve]:
    """Return the curves of a figure that trains no network, or walks it in full batches, as its script calls them."""
    if figure in ("unknowns.search", "unknowns.step", "unknowns.logistic", "unknowns.clusters"):
        return _searched(figure, specs)
    one, other = torch.float32, torch.float64
    if figure == "objective.own":
        frame = residual_frame([specs[2].loss("own")])
        values = {x: torch.tensor([v, s]) for x, v, s in frame.itertuples(index=False)}
        return {x: Curve(v, v) for x, v in values.items()}
    if figure == "small_steps.sign":
        e, rate = specs[0].network, specs[0].sign_rate
        trails = [descent.descend(e, [rate, -rate], SIGN_STEPS, dtype) for dtype in (one, other)]
        losses = [[descent.full_losses(e, t[:, :, i].T) for t in trails] for i in range(2)]
        losses = [[until_lost(x.unsqueeze(1))[:, 0] for x in pair] for pair in losses]
        return dict(zip(("subtract", "add"), (Curve(*pair) for pair in losses), strict=True))
    if figure == "small_steps.giant":
        e, rate = specs[0].network, specs[0].walk_rate
        pair = [until_lost(descent.walks(e, rate, dtype).loss) for dtype in (one, other)]
        return {count: Curve(pair[0][:, i], pair[1][:, i]) for i, count in enumerate(descent.COUNTS)}
    if figure == "objective.chain":
        at = compute_chain(specs, AtOnce())
        values = torch.tensor([at.loss.x, at.loss.slope, at.prediction.slope, at.product.slope], dtype=torch.float64)
        return {"chain": Curve(values, values)}
    if figure == "optimizers.rule":
        return _forms(*specs)
    if figure == "home.same":
        found = same_fits(specs[0])
        return {name: Curve(fit.loss.double(), fit.loss.double()) for name, fit in zip(MODELS, found, strict=True)}
    if figure == "small_steps.perfect":
        fits = [fit_lines(specs[0].line_noise, dtype) for dtype in (one, other)]
        found = {c: Curve(*(f.loss[:, i] for f in fits)) for i, c in enumerate(("exact", "bent", "noisy"))}
        return found | {"held": Curve(*(f.held_loss for f in fits))}
    return {}


def looks(
    figure: str, specs: Specs, drawn: History, twin: History
) -> Callable[[int], list[tuple[int, Tensor, Tensor]]]:
    """Return, for a column, the step of each look, what the figure draws of it, and its twin's."""
    if figure == "small_steps.memorise":
        both = [held_out(h).held for h in (drawn, twin)]
        return lambda column: [(s, both[0][i, column], both[1][i, column]) for i, s in enumerate(drawn.snapshot_steps)]
    if figure == "objective.gradients":
        found = [matrices(h, specs[2].batch == "all").gradients for h in (drawn, twin)]
        return lambda _: [(s, found[0][:, i], found[1][:, i]) for i, s in enumerate(drawn.snapshot_steps)]
    if figure == "small_steps.noise":
        tables = [torch.cat([n.size.flatten(1), n.noise], 1) for n in map(gradient_noise, (drawn, twin))]
        return lambda _: [(s, tables[0][i], tables[1][i]) for i, s in enumerate(drawn.snapshot_steps)]
    return lambda _: []


def look_of_script(figure: str, seen: Any) -> Tensor:
    """Return what a script saw at one look as the numbers that `looks` gives."""
    if figure == "objective.gradients":
        return seen[1]
    if figure == "small_steps.noise":
        lengths = [seen[size][1] for size in SIZES]
        return torch.cat([*lengths, torch.tensor([seen[size][2] for size in SIZES])])
    return torch.tensor(seen)
