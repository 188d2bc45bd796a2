"""train(): all runs of an experiment at once. train_reference(): the plain torch loop, its oracle."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import torch
from torch import Tensor, nn

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS, inputs
from core.catalogue.losses import LOSSES, best_constant
from core.catalogue.optimizers import METHODS
from core.engine.chunk import Chunk
from core.engine.history import History, outcomes
from core.engine.passes import Room
from core.engine.start import Start, draw, draw_orders
from core.spec.experiment import Experiment, Run
from core.spec.sizes import chunk_size, evaluation_steps, parameter_count, snapshot_steps

#: From this many activations a step on, a GPU's parallel width outweighs what its launches cost.
WORTH_CUDA = 2_000_000

Device = Literal["auto", "cpu", "cuda"]
#: Called with the share done, from 0 to 1; it may raise to stop the training.
Progress = Callable[[float], None]


def choose_device(experiment: Experiment, device: Device) -> torch.device:
    """Return the device for "auto": CUDA where it is available and worth it, else the CPU."""
    if device != "auto":
        return torch.device(device)
    e = experiment
    activations = len(e.runs) * e.width * (e.batch_size or e.points)
    worth = torch.cuda.is_available() and activations >= WORTH_CUDA
    return torch.device("cuda" if worth else "cpu")


def train(
    experiment: Experiment,
    *,
    dtype: torch.dtype = torch.float32,
    device: Device = "auto",
    on_progress: Progress | None = None,
) -> History:
    """Train every run of the experiment and return its history, on the CPU.

    Runs do not touch each other. On one thread of a CPU a run's losses and parameters are the same bits whoever
    trains beside it, until it overflows: from there on no number of it counts.
    """
    where = choose_device(experiment, device)
    like = torch.empty(0, dtype=dtype, device=where)
    record = _Record(experiment, like)  # outside of inference, so that autograd can use what it holds
    with flushed_denormals(), torch.inference_mode():
        start, constant = _train(experiment, like, record, on_progress)
    return record.history(start, constant)


def train_losses(
    experiment: Experiment, *, dtype: torch.dtype, device: Device = "auto", on_progress: Progress | None = None
) -> Tensor:
    """Train likewise, and return no more than the mini-batch losses, (steps, runs): nothing else is measured."""
    like = torch.empty(0, dtype=dtype, device=choose_device(experiment, device))
    record = _Record(experiment, like, losses_only=True)
    with flushed_denormals(), torch.inference_mode():
        _train(experiment, like, record, on_progress)
    return record.loss.cpu()


@contextmanager
def flushed_denormals() -> Iterator[None]:
    """Let denormals be zero: moments of dead units decay into them, and products on them cost 40 times more."""
    smallest = torch.tensor([1e-39])  # a denormal in float32
    before = float(smallest * 1) == 0.0  # torch does not tell
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)


def _train(e: Experiment, like: Tensor, record: "_Record", on_progress: Progress | None) -> tuple[Start, Tensor]:
    """Fill the record, chunk after chunk in the same room; return the start, and each seed's best constant's loss."""
    start, room = draw(e), Room(like)
    size = chunk_size(e, like.device.type == "cuda")
    runs, per_epoch = len(e.runs), len(e.batch_sizes)
    for begin in range(0, runs, size):
        chunk = Chunk(e, start, range(begin, min(begin + size, runs)), like, room)
        columns = slice(begin, begin + len(chunk.columns))
        record.keep(0, chunk)
        for epoch, order in enumerate(draw_orders(start, chunk.seeds, e.epochs)):  # (seeds, points)
            first = epoch * per_epoch
            record.loss[first : first + per_epoch, columns] = chunk.epoch(order.to(like.device), first, record.keep)
            if on_progress is not None:
                on_progress((begin + len(chunk.columns) * (epoch + 1) / e.epochs) / runs)
        record.evaluate(chunk)
        record.first_moment[:, columns], record.second_moment[:, columns] = chunk.moments
    return start, best_constant(start.y.double(), LOSSES[e.loss.name], e.loss.parameter or 0.0)


class _Record:
    """The tensors of a history while they fill, on the device that trains."""

    def __init__(self, experiment: Experiment, like: Tensor, losses_only: bool = False):
        e = self.experiment = experiment
        runs = len(e.runs)
        parameters = parameter_count(DATA_SETS[e.data].inputs, e.width)
        self.full_steps = dict.fromkeys(() if losses_only else evaluation_steps(e))
        self._evaluated = 0  # steps of the chunk that trains
        kept_steps = () if losses_only else snapshot_steps(e, parameters, like.element_size())
        self.snapshot_rows = {step: row for row, step in enumerate(kept_steps)}
        self.loss = like.new_empty(e.steps, runs)
        self.full_loss = like.new_empty(len(self.full_steps), runs)
        self.snapshots = like.new_empty(len(kept_steps), parameters, runs)
        self.first_moment = like.new_empty(parameters, runs)
        self.second_moment = like.new_empty(parameters, runs)

    def keep(self, step: int, chunk: Chunk) -> None:
        """Note a chunk's full-data loss, soon, and parameters, if this is a step for them."""
        if step == 0:
            self._evaluated = 0
        if step in self.full_steps and chunk.full_loss.add(chunk.rows):
            self.evaluate(chunk)
        if step in self.snapshot_rows:
            columns = slice(chunk.columns.start, chunk.columns.stop)
            self.snapshots[self.snapshot_rows[step], :, columns] = chunk.parameters

    def evaluate(self, chunk: Chunk) -> None:
        """Note the full-data losses that wait in a chunk."""
        losses = chunk.full_loss.take()
        rows = slice(self._evaluated, self._evaluated + len(losses))
        self.full_loss[rows, chunk.columns.start : chunk.columns.stop] = losses
        self._evaluated = rows.stop

    def history(self, start: Start, constant: Tensor) -> History:
        """Return the history as ordinary CPU tensors, which autograd can use."""
        e = self.experiment
        constant_loss = constant[torch.tensor([run.seed - e.first_seed for run in e.runs])]  # (runs,)
        loss, full_loss, full_steps = self.loss.cpu(), self.full_loss.cpu(), tuple(self.full_steps)
        return History(
            experiment=e,
            loss=loss,
            full_steps=full_steps,
            full_loss=full_loss,
            snapshot_steps=tuple(self.snapshot_rows),
            snapshots=self.snapshots.cpu(),
            first_moment=self.first_moment.cpu(),
            second_moment=self.second_moment.cpu(),
            constant_loss=constant_loss.clone(),
            outcomes=outcomes(e, loss, full_loss, full_steps, constant_loss),
            device=self.loss.device.type,
            x=start.x.clone(),
            y=start.y.clone(),
        )


def build_network(experiment: Experiment) -> nn.Sequential:
    """Return the experiment's network as a reader would write it, in float32."""
    e = experiment
    return nn.Sequential(
        nn.Linear(DATA_SETS[e.data].inputs, e.width),
        ACTIVATIONS[e.activation].module(),
        nn.Linear(e.width, 1),
    )


def build_optimizer(run: Run, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """Return the torch optimizer of a run, with the essay's way of calling it."""
    method = METHODS[run.optimizer.name]
    return method.torch_class(parameters, lr=run.learning_rate, **run.optimizer.arguments)


def build_loss(experiment: Experiment) -> nn.Module:
    """Return the experiment's loss, mean over the batch."""
    make = LOSSES[experiment.loss.name].torch_loss
    return make(experiment.loss.parameter or 0.0)


def _moment(optimizer: torch.optim.Optimizer, name: str | None, parameters: list[nn.Parameter]) -> Tensor:
    """Return one moment of torch's state as (parameters,), zeros where it keeps none."""
    kept = [optimizer.state[p][name] if name else torch.zeros_like(p) for p in parameters]
    return torch.cat([m.detach().flatten() for m in kept])


def train_reference(experiment: Experiment, *, dtype: torch.dtype = torch.float64) -> History:
    """Train the same experiment as a reader would write it: a module, mini-batches, torch.optim.

    One run after the other, each from `torch.manual_seed(seed)`; the caller's random state is restored.
    """
    e = experiment
    with torch.random.fork_rng(devices=[]):
        records = [_reference_run(e, run, dtype) for run in e.runs]
    loss, full_loss, snapshots, first, second, constant = (
        torch.stack(column, -1) for column in zip(*records, strict=True)
    )
    full_steps, start = evaluation_steps(e), draw(e)
    return History(
        experiment=e,
        loss=loss,
        full_steps=full_steps,
        full_loss=full_loss,
        snapshot_steps=snapshot_steps(e, snapshots.shape[1], snapshots.element_size()),
        snapshots=snapshots,
        first_moment=first,
        second_moment=second,
        constant_loss=constant,
        outcomes=outcomes(e, loss, full_loss, full_steps, constant),
        device="cpu",
        x=start.x,
        y=start.y,
    )


def _reference_run(e: Experiment, run: Run, dtype: torch.dtype) -> tuple[Tensor, ...]:
    torch.manual_seed(run.seed)
    x = inputs(e.data, e.points)
    y = DATA_SETS[e.data].truth(x) + e.noise * torch.randn(e.points)
    if e.outlier_share and e.outlier_size:
        y[torch.randperm(e.points)[: round(e.outlier_share * e.points)]] += e.outlier_size
    constant = best_constant(y.double().unsqueeze(1), LOSSES[e.loss.name], e.loss.parameter or 0.0)[0]
    x, y = x.to(dtype), y.to(dtype).unsqueeze(1)  # (points, inputs), (points, 1)
    net = build_network(e).to(dtype)
    parameters = list(net.parameters())
    optimizer = build_optimizer(run, parameters)
    loss_of = build_loss(e)
    losses, full_losses, snapshots = [], [], []
    full_steps = set(evaluation_steps(e))
    kept_steps = set(snapshot_steps(e, sum(p.numel() for p in parameters), x.element_size()))

    def keep(step: int) -> None:
        if step in full_steps:
            full_losses.append(loss_of(net(x), y).detach())
        if step in kept_steps:
            snapshots.append(torch.cat([p.detach().flatten().clone() for p in parameters]))

    keep(0)
    for _ in range(e.epochs):
        for batch in torch.randperm(e.points).split(e.batch_size or e.points):
            loss = loss_of(net(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
            keep(len(losses))
    moments = [_moment(optimizer, name, parameters) for name in METHODS[run.optimizer.name].moments]
    return torch.stack(losses), torch.stack(full_losses), torch.stack(snapshots), *moments, constant
