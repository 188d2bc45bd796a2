"""The same experiment as a JAX user would write it: vmap over runs, scan over steps, optax."""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch
from jax import lax

from core.engine.start import draw, draw_order
from core.spec.experiment import Experiment, Optimizer

Net = dict[str, jax.Array]


def _optimizer(optimizer: Optimizer, rate: jax.Array) -> optax.GradientTransformation:
    """Return optax's form of one of the essay's four optimizers."""
    h = optimizer.hyperparameters
    match optimizer.name:
        case "SGD":
            return optax.sgd(rate)
        case "Momentum":
            return optax.sgd(rate, momentum=h["momentum"])
        case "RMSprop":  # torch adds eps to the root, not below it
            return optax.rmsprop(rate, decay=h["alpha"], eps=h["eps"], eps_in_sqrt=False)
        case "Adam":
            return optax.adam(rate, h["beta1"], h["beta2"], h["eps"])
    raise ValueError(f"optimizer={optimizer.name!r} has no peer here")


def _loss(net: Net, x: jax.Array, y: jax.Array, weight: jax.Array) -> jax.Array:
    hidden = jax.nn.relu(x @ net["w1"] + net["b1"])  # (batch, hidden)
    prediction = hidden @ net["w2"] + net["b2"]
    return (weight * (prediction - y) ** 2).sum()


def _train(
    optimizer: Optimizer, x: jax.Array, weight: jax.Array, rate: jax.Array, net: Net, y: jax.Array, order: jax.Array
) -> jax.Array:
    """Train one run on x (points, inputs), y (points,) and order (steps, batch); return its losses (steps,)."""
    rule = _optimizer(optimizer, rate)

    def step(carry, batch):
        net, state = carry
        indices, weight = batch
        loss, gradients = jax.value_and_grad(_loss)(net, x[indices], y[indices], weight)
        updates, state = rule.update(gradients, state, net)
        return (optax.apply_updates(net, updates), state), loss

    _, losses = lax.scan(step, (net, rule.init(net)), (order, weight))
    return losses


def build(experiment: Experiment) -> Callable[[], np.ndarray]:
    """Return a function that trains every run and returns the mini-batch losses (steps, runs).

    It gets the experiment's own data, initial weights and batch orders, drawn before any clock runs. The
    last, smaller batch is padded with points of weight 0, as scan wants equal shapes. Each optimizer is
    vmapped over rates and seeds; all are compiled as one function.
    """
    e, size = experiment, experiment.batch_size or experiment.points
    start = draw(e)
    orders = torch.stack([draw_order(start) for _ in range(e.epochs)])  # (epochs, points, seeds)
    padding = len(e.batch_sizes) * size - e.points
    padded = torch.cat([orders, orders[:, :1].expand(-1, padding, -1)], 1)
    order = padded.unflatten(1, (-1, size)).flatten(0, 1).movedim(-1, 0)  # (seeds, steps, batch)
    sizes = torch.tensor(e.batch_sizes * e.epochs).unsqueeze(1)
    weight = (torch.arange(size) < sizes) / sizes  # (steps, batch)
    w1, b1, w2, b2 = start.parameters.T.split([start.x.shape[1] * e.width, e.width, e.width, 1], 1)
    net = {"w1": w1.unflatten(1, (e.width, -1)).mT, "b1": b1, "w2": w2, "b2": b2[:, 0]}

    @jax.jit
    def train(rates: jax.Array, net: Net, x: jax.Array, y: jax.Array, order: jax.Array, weight: jax.Array) -> jax.Array:
        losses = []
        for optimizer in e.optimizers:
            over_seeds = jax.vmap(partial(_train, optimizer, x, weight), in_axes=(None, 0, 0, 0))
            losses.append(jax.vmap(over_seeds, in_axes=(0, None, None, None))(rates, net, y, order))
        return jnp.stack(losses)  # (optimizers, rates, seeds, steps)

    rates = torch.tensor(e.learning_rates)
    data = jax.tree.map(lambda t: jnp.asarray(t.numpy()), (rates, net, start.x, start.y.T, order, weight))
    jax.block_until_ready(data)
    return lambda: np.asarray(train(*data)).reshape(-1, e.steps).T
