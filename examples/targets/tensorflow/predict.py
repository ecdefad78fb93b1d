"""What Python's TensorFlow and onnxruntime predict with exported models: questions as JSON on standard input, answers on standard output.

A question is {"folder": of a SavedModel, or "onnx": a file, "inputs": {name: {"values": row by row, "type", "shape"}}}; an answer is
{"shape", "values"}.
"""

import json
import sys

import numpy


def by_tensorflow(folder, inputs):
    import tensorflow as tf

    function = tf.saved_model.load(folder).signatures["serving_default"]
    return function(**{name: tf.constant(values) for name, values in inputs.items()})["predictions"].numpy()


def by_onnxruntime(path, inputs):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["predictions"], inputs)[0]


def answer(question):
    inputs = {
        name: numpy.array(given["values"], given["type"]).reshape(given["shape"])
        for name, given in question["inputs"].items()
    }
    is_onnx = "onnx" in question
    predictions = by_onnxruntime(question["onnx"], inputs) if is_onnx else by_tensorflow(question["folder"], inputs)
    return {"shape": predictions.shape, "values": predictions.astype(float).ravel().tolist()}


if __name__ == "__main__":
    json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
