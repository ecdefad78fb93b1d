"""Steps a second of a population in JAX: vectorised, one after another, and from two threads.   jax_population.py mlp

Members differ in learning rate and in the order of their batches, as a population's do.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import jax
import jax.numpy as jnp
import numpy as np

import jax_mlp
from common import CHECKED_STEPS, DESCRIBED, LOSS_TOLERANCE, MEMBERS, Case, milliseconds_per_step, report_population


def _batches(case, member):
    return jnp.array(np.roll(case.batches, member, axis=0))


def _learning_rate(case, member):
    return case.learning_rate * 0.9**member


def _check(case, losses):
    """The first member does the very work of the single trial."""
    wanted = np.array(DESCRIBED["cases"][case.name]["losses"])
    difference = np.abs(np.array(losses[:CHECKED_STEPS]) - wanted).max()
    if not difference <= LOSS_TOLERANCE:
        raise SystemExit(f"the first losses differ by {difference} from those of tfjs-tuner")


def vectorised(case, make_scan):
    """vmap of the scan: one call trains all members."""
    scan = jax.jit(jax.vmap(make_scan(case)), donate_argnums=0)
    state = jax.tree.map(lambda weight: jnp.stack([weight] * MEMBERS), jax_mlp.initial(case))
    batches = jnp.stack([_batches(case, member) for member in range(MEMBERS)])
    learning_rates = jnp.array([_learning_rate(case, member) for member in range(MEMBERS)])
    state, losses = scan(state, batches, learning_rates)
    _check(case, losses[0])

    def epoch():
        nonlocal state
        state, last = scan(state, batches, learning_rates)
        last.block_until_ready()

    return epoch


class _Members:
    """Members that are trained one call each."""

    def __init__(self, case, make_scan):
        self._scan = jax.jit(make_scan(case), donate_argnums=0)
        self._states = [jax_mlp.initial(case) for _ in range(MEMBERS)]
        self._batches = [_batches(case, member) for member in range(MEMBERS)]
        self._learning_rates = [_learning_rate(case, member) for member in range(MEMBERS)]
        _check(case, self.train(0))

    def train(self, member):
        scan = self._scan
        state, losses = scan(self._states[member], self._batches[member], self._learning_rates[member])
        self._states[member] = state
        return losses.block_until_ready()


def one_after_another(case, make_scan):
    members = _Members(case, make_scan)

    def epoch():
        for member in range(MEMBERS):
            members.train(member)

    return epoch


def from_two_threads(case, make_scan):
    members = _Members(case, make_scan)
    threads = ThreadPoolExecutor(2)
    return lambda: list(threads.map(members.train, range(MEMBERS)))


WAYS = {
    "JAX vmap(scan)": vectorised,
    "JAX jit(scan), one after another": one_after_another,
    "JAX jit(scan), from two threads": from_two_threads,
}


def main():
    case = Case(sys.argv[1])
    for system, make_epoch in WAYS.items():
        for name, make_scan in jax_mlp.SCANS.items():
            milliseconds = milliseconds_per_step(make_epoch(case, make_scan), case.step_count * MEMBERS)
            report_population(case, system, name, 1000 / milliseconds)


if __name__ == "__main__":
    main()
