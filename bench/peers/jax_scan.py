"""Time of a step of JAX's jit(scan) over an epoch a call.   jax_scan.py mlp"""

import sys

import jax
import jax.numpy as jnp

import jax_mlp
from common import CHECKED_STEPS, Case, milliseconds_per_step, report_step


def _measure(case, make_scan):
    scan = jax.jit(make_scan(case), donate_argnums=0)
    batches = jnp.array(case.batches)
    state, losses = scan(jax_mlp.initial(case), batches, case.learning_rate)
    losses = losses[:CHECKED_STEPS].tolist()

    def epoch():
        nonlocal state
        state, last = scan(state, batches, case.learning_rate)
        last.block_until_ready()

    return milliseconds_per_step(epoch, case.step_count), losses


def main():
    case = Case(sys.argv[1])
    for name, make_scan in jax_mlp.SCANS.items():
        report_step(case, "JAX jit(scan)", name, *_measure(case, make_scan))


if __name__ == "__main__":
    main()
