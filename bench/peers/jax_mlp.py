"""The MLP in JAX: an epoch of steps as one scan."""

import jax
import jax.numpy as jnp

from common import images, labels


def initial(case):
    """Weights and momenta."""
    parameters = [jnp.array(weight) for layer in case.layers() for weight in layer]
    return parameters, [jnp.zeros_like(weight) for weight in parameters]


def _loss(parameters, x, y):
    kernel1, bias1, kernel2, bias2 = parameters
    logits = jax.nn.relu(x @ kernel1 + bias1) @ kernel2 + bias2
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()


def _step(momentum, learning_rate, state, x, y):
    parameters, velocities = state
    loss, gradients = jax.value_and_grad(_loss)(parameters, x, y)
    velocities = jax.tree.map(lambda v, g: momentum * v + g, velocities, gradients)
    parameters = jax.tree.map(lambda p, v: p - learning_rate * v, parameters, velocities)
    return (parameters, velocities), loss


def from_bytes(case):
    """A scan that gathers the rows of all its batches first, as bytes, and scales each batch. Returns (state, losses)."""
    x, y = jnp.array(images().reshape(-1, 784)), jnp.array(labels())

    def scan(state, batches, learning_rate):
        def body(state, batch):
            return _step(case.momentum, learning_rate, state, batch[0].astype(jnp.float32) / 255, batch[1])

        return jax.lax.scan(body, state, (x[batches], y[batches]))

    return scan


def from_floats(case):
    """A scan that gathers each batch from images that were scaled beforehand. Returns (state, losses)."""
    x, y = jnp.array(images().reshape(-1, 784)).astype(jnp.float32) / 255, jnp.array(labels())

    def scan(state, batches, learning_rate):
        def body(state, rows):
            return _step(case.momentum, learning_rate, state, x[rows], y[rows])

        return jax.lax.scan(body, state, batches)

    return scan


SCANS = {"bytes": from_bytes, "floats": from_floats}
