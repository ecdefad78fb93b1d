"""Steps a second of two PyTorch processes of one thread, side by side.   pytorch_population.py CASE"""

import sys

import torch

from common import CHECKED_STEPS, Case, milliseconds_per_step, report_population, two_processes
from pytorch_models import batches, make_step


def train_one_of_two(ready, name, compiled):
    """Steps a second of a process that waits for another one after compiling."""
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    case = Case(name)
    step = make_step(case, compiled)
    epoch = batches(case)[: 2 * CHECKED_STEPS]

    def part():
        for batch in epoch:
            loss = step(*batch)
        loss.item()

    part()
    ready()
    return 1000 / milliseconds_per_step(part, len(epoch))


if __name__ == "__main__":
    case = Case(sys.argv[1])
    for compiled in (False, True):
        speed = two_processes(train_one_of_two, case.name, compiled)
        report_population(case, "PyTorch, two processes", "compiled" if compiled else "eager", speed)
