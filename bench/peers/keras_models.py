"""The cases' models in Keras, with the exported initial weights."""

import keras
from keras import layers

# Measured: convolutions are slower compiled, by seven times when a loop of steps is, and that takes half a minute to compile.
FASTER_COMPILED = {"mlp": True, "cnn": False, "gru": True}


def _mlp():
    return [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)]


def _cnn():
    def stage(filters):
        return [layers.Conv2D(filters, 3), layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D(2)]

    return [*stage(16), *stage(32), layers.Flatten(), layers.Dense(10)]


def _gru():
    # reset_after=False is what tfjs has
    return [layers.Reshape((28, 28)), layers.GRU(32, reset_after=False), layers.Dense(10)]


_LAYERS = {"mlp": _mlp, "cnn": _cnn, "gru": _gru}


def build(case):
    """A new model with the initial weights."""
    model = keras.Sequential([keras.Input((28, 28, 1)), *_LAYERS[case.name]()])
    with_weights = [layer for layer in model.layers if layer.weights]
    for layer, weights in zip(with_weights, case.layers(), strict=True):
        layer.set_weights(weights)
    return model


def loss():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def optimizer(case):
    return keras.optimizers.SGD(case.learning_rate, momentum=case.momentum)
