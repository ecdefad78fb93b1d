"""Time of a step in Keras's own training loop.   keras_fit.py CASE THREADS

Plain and jit_compile with the default of one step an execution, and the faster of them with many. Batches are slices of
ready tensors, so that nothing is timed of reading, shuffling or scaling. Threads are set by TF_NUM_…_THREADS, before TensorFlow
starts.
"""

import sys
import time

import keras
import tensorflow as tf

import keras_models
from common import CHECKED_STEPS, LEAST_SECONDS, Case, report_step

STEPS_PER_EXECUTION = 25


class _Stopwatch(keras.callbacks.Callback):
    """Times whole epochs, after some that are not counted, and ends the training when it was long enough."""

    def __init__(self, ready=lambda: None):
        super().__init__()
        self._ready = ready

    def on_train_begin(self, logs=None):
        self.began = time.perf_counter()
        self.started = None
        self.epochs = 0

    def on_epoch_end(self, epoch, logs=None):
        now = time.perf_counter()
        if self.started is None:
            # the first epoch ends after compilation, and is not a measure of anything
            if epoch > 0 and now - self.began >= LEAST_SECONDS / 2:
                self._ready()
                self.started = time.perf_counter()
            return
        self.epochs += 1
        self.seconds = now - self.started
        self.model.stop_training = self.seconds >= LEAST_SECONDS


def _fit(model, x, y, **options):
    return model.fit(tf.data.Dataset.from_tensor_slices((x, y)), shuffle=False, verbose=0, **options)


def _compiled(case, **options):
    model = keras_models.build(case)
    model.compile(optimizer=keras_models.optimizer(case), loss=keras_models.loss(), **options)
    return model


def _seconds_per_step(case, model, stopwatch):
    _fit(model, *case.epoch(), epochs=10**9, callbacks=[stopwatch])
    return stopwatch.seconds / (stopwatch.epochs * case.step_count)


def _measure(case, jit_compile, steps_per_execution):
    model = _compiled(case, jit_compile=jit_compile, steps_per_execution=steps_per_execution)
    x, y = case.epoch()
    losses = [_fit(model, x[i : i + 1], y[i : i + 1]).history["loss"][0] for i in range(CHECKED_STEPS)]
    return _seconds_per_step(case, model, _Stopwatch()) * 1000, losses


def train_one_of_two(ready, name):
    """Steps a second of a process that waits for another one after warming up."""
    case = Case(name)
    return 1 / _seconds_per_step(case, _compiled(case, jit_compile=False), _Stopwatch(ready))


def main():
    case, threads = Case(sys.argv[1]), sys.argv[2]
    for steps, modes in ((1, (False, True)), (STEPS_PER_EXECUTION, (keras_models.FASTER_COMPILED[case.name],))):
        system = "Keras fit" if steps == 1 else f"Keras fit, {steps} steps an execution"
        for jit_compile in modes:
            variant = f"{'jit_compile' if jit_compile else 'plain'}, threads: {threads}"
            report_step(case, system, variant, *_measure(case, jit_compile, steps))


if __name__ == "__main__":
    main()
