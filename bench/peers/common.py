"""What every peer's script shares: the exported data, the timed loop, the form of a result.

A script prints one JSON object a line: {"system", "case", "variant", "metric", "unit", "value"}, with "losses" of the first
steps where they can be compared. Everything is read from .cache/peers/data, where export-data.mjs put it.
"""

import json
import multiprocessing
import os
import time
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "peers" / "data"
DESCRIBED = json.loads((FOLDER / "cases.json").read_text())
CHECKED_STEPS = DESCRIBED["checkedSteps"]
LOSS_TOLERANCE = DESCRIBED["lossTolerance"]
MEMBERS = DESCRIBED["population"]["members"]

LEAST_SECONDS = float(os.environ.get("PEERS_SECONDS", "2"))
"""How long the timed part lasts at least; the runner sets it."""


def images():
    """uint8 [10000, 28, 28, 1]."""
    return np.fromfile(FOLDER / "images.uint8", np.uint8).reshape(-1, 28, 28, 1)


def labels():
    """int32 [10000]."""
    return np.fromfile(FOLDER / "labels.int32", np.int32)


def split(name):
    """Row numbers of "train" or "validation": int32."""
    return np.fromfile(FOLDER / f"{name}.int32", np.int32)


class Case:
    """One model's work: its settings, an epoch of batches, and the weights that all systems start from."""

    def __init__(self, name):
        settings = DESCRIBED["cases"][name]
        self.name = name
        self.batch_size = settings["batchSize"]
        self.learning_rate = settings["learningRate"]
        self.momentum = settings["momentum"]
        self.step_count = settings["stepCount"]
        self.batches = np.fromfile(FOLDER / f"{name}.batches.int32", np.int32).reshape(-1, self.batch_size)
        self._layers = settings["layers"]

    def layers(self):
        """Initial weights: one list of float32 arrays for each layer that has some, in the layers' order."""
        values = np.fromfile(FOLDER / f"{self.name}.weights.float32", np.float32)
        return [[self._weight(values, **weight) for weight in layer] for layer in self._layers]

    @staticmethod
    def _weight(values, shape, offset):
        return values[offset : offset + int(np.prod(shape))].reshape(shape)

    def epoch(self):
        """All batches: x float32 [steps, batch, 28, 28, 1] in [0, 1], y int32 [steps, batch]."""
        x = images()[self.batches].astype(np.float32) / np.float32(255)
        return x, labels()[self.batches]


def _milliseconds_per_round(run_round, seconds):
    started = time.perf_counter()
    rounds = 0
    while True:
        run_round()
        rounds += 1
        elapsed = time.perf_counter() - started
        if elapsed >= seconds:
            return elapsed / rounds * 1000


def milliseconds_per_step(run_round, steps_per_round):
    """Repeats a round, half as long untimed and then for at least LEAST_SECONDS."""
    _milliseconds_per_round(run_round, LEAST_SECONDS / 2)
    return _milliseconds_per_round(run_round, LEAST_SECONDS) / steps_per_round


def two_processes(train, *arguments):
    """Steps a second of two processes that train at the same time, both together.

    train(ready, *arguments): of the child's module; makes ready whatever it needs, calls `ready`, and returns the steps a
    second that it then did for at least LEAST_SECONDS.
    """
    context = multiprocessing.get_context("spawn")
    barrier, speeds = context.Barrier(2), context.SimpleQueue()
    children = [context.Process(target=_train_child, args=(barrier, speeds, train, arguments)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        if child.exitcode != 0:
            raise SystemExit(f"a process ended with {child.exitcode}")
    return sum(speeds.get() for _ in children)


def _train_child(barrier, speeds, train, arguments):
    try:
        speeds.put(train(barrier.wait, *arguments))
    except BaseException:
        # the other one would wait for ever
        barrier.abort()
        raise


def report(**result):
    print(json.dumps(result), flush=True)


def _with_flags(variant):
    """Flags of XLA that a job tries are part of its variant."""
    return " ".join([variant, *os.environ.get("XLA_FLAGS", "").split()])


def report_step(case, system, variant, value, losses):
    """Reports milliseconds a step; losses: of the first CHECKED_STEPS steps."""
    losses = [float(loss) for loss in losses]
    report(system=system, case=case.name, variant=_with_flags(variant), metric="time of a step", unit="ms", value=value, losses=losses)


def report_population(case, system, variant, value):
    """Reports steps a second, all members together."""
    name = f"{case.name}-population"
    report(system=system, case=name, variant=_with_flags(variant), metric="speed of a population", unit="steps/s", value=value)
