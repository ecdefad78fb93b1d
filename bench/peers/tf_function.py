"""Time of a step in a tf.function around a Keras model.   tf_function.py CASE THREADS

Plain and jit_compile of one step a call, and the faster of them with many. Batches are ready tensors. Threads are set by
TF_NUM_…_THREADS, before TensorFlow starts.
"""

import sys

import tensorflow as tf

import keras_models
from common import CHECKED_STEPS, Case, milliseconds_per_step, report_step

STEPS_PER_CALL = 25


def _make_step(case):
    model = keras_models.build(case)
    optimizer = keras_models.optimizer(case)
    optimizer.build(model.trainable_variables)

    def step(x, y):
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=model(x, training=True))
            loss = tf.reduce_mean(losses)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    return step


def _one_a_call(case, jit_compile):
    step = tf.function(_make_step(case), jit_compile=jit_compile)
    batches = [(tf.constant(x), tf.constant(y)) for x, y in zip(*case.epoch())]
    losses = [step(*batch).numpy() for batch in batches[:CHECKED_STEPS]]

    def epoch():
        for batch in batches:
            loss = step(*batch)
        loss.numpy()

    return milliseconds_per_step(epoch, case.step_count), losses


def _many_a_call(case, jit_compile):
    step = _make_step(case)

    @tf.function(jit_compile=jit_compile)
    def steps(x, y, count):
        losses = tf.TensorArray(tf.float32, STEPS_PER_CALL, element_shape=[])
        for i in tf.range(count):
            losses = losses.write(i, step(x[i], y[i]))
        return losses.stack()

    calls = case.step_count // STEPS_PER_CALL
    parts = [part.reshape(calls, STEPS_PER_CALL, *part.shape[1:]) for part in case.epoch()]
    batches = [(tf.constant(x), tf.constant(y)) for x, y in zip(*parts)]
    losses = steps(*batches[0], tf.constant(CHECKED_STEPS)).numpy()[:CHECKED_STEPS]
    every = tf.constant(STEPS_PER_CALL)

    def epoch():
        for batch in batches:
            result = steps(*batch, every)
        result.numpy()

    return milliseconds_per_step(epoch, case.step_count), losses


def main():
    case, threads = Case(sys.argv[1]), sys.argv[2]
    systems = (
        ("tf.function", _one_a_call, (False, True)),
        (f"tf.function, {STEPS_PER_CALL} steps a call", _many_a_call, (keras_models.FASTER_COMPILED[case.name],)),
    )
    for system, measure, modes in systems:
        for jit_compile in modes:
            variant = f"{'jit_compile' if jit_compile else 'plain'}, threads: {threads}"
            report_step(case, system, variant, *measure(case, jit_compile))


if __name__ == "__main__":
    main()
