"""Time of a step in PyTorch, eager and compiled, with one and two threads.   pytorch_step.py CASE"""

import sys

import torch

from common import CHECKED_STEPS, Case, milliseconds_per_step, report_step
from pytorch_models import batches, make_step


def _measure(case, compiled):
    step = make_step(case, compiled)
    epoch = batches(case)
    losses = [step(*batch).item() for batch in epoch[:CHECKED_STEPS]]

    def part():
        for batch in epoch[:CHECKED_STEPS]:
            loss = step(*batch)
        loss.item()

    return milliseconds_per_step(part, CHECKED_STEPS), losses


def main():
    case = Case(sys.argv[1])
    # as TensorFlow and XLA do: otherwise a unit that died would slow this one down
    torch.set_flush_denormal(True)
    for threads in (1, 2):
        torch.set_num_threads(threads)
        for compiled in (False, True):
            torch.compiler.reset()
            system = "PyTorch, compiled" if compiled else "PyTorch, eager"
            report_step(case, system, f"threads: {threads}", *_measure(case, compiled))


if __name__ == "__main__":
    main()
