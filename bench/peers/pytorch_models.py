"""The cases' models in PyTorch, with the exported initial weights."""

import numpy as np
import torch
from torch import nn


def _dense(units_in, units_out, kernel, bias):
    return _filled(nn.Linear(units_in, units_out), np.transpose(kernel), bias)


def _filled(layer, weight, bias):
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(np.ascontiguousarray(weight)))
        layer.bias.copy_(torch.tensor(bias))
    return layer


def _mlp(layers):
    hidden, output = layers
    return nn.Sequential(nn.Flatten(), _dense(784, 128, *hidden), nn.ReLU(), _dense(128, 10, *output))


def _stage(channels_in, channels_out, kernel, bias):
    convolution = _filled(nn.Conv2d(channels_in, channels_out, 3), np.transpose(kernel, (3, 2, 0, 1)), bias)
    # the others' constants; their momentum of moving averages is one minus this one
    norm = nn.BatchNorm2d(channels_out, eps=1e-3, momentum=0.01)
    return [convolution, norm, nn.ReLU(), nn.MaxPool2d(2)]


def _cnn(layers):
    first, _, second, _, (kernel, bias) = layers
    # the others flatten height, width, channels; PyTorch channels, height, width
    kernel = kernel.reshape(5, 5, 32, 10).transpose(2, 0, 1, 3).reshape(800, 10)
    stages = [*_stage(1, 16, *first), *_stage(16, 32, *second)]
    return nn.Sequential(*stages, nn.Flatten(), _dense(800, 10, kernel, bias)).to(memory_format=torch.channels_last)


_MODELS = {"mlp": _mlp, "cnn": _cnn}


def build(case):
    """A new model with the initial weights, for images that lie channels last."""
    return _MODELS[case.name](case.layers())


def batches(case):
    """All batches of an epoch, as tensors: x [batch, 1, 28, 28], y int64 [batch]."""
    x, y = case.epoch()
    images = torch.tensor(x).permute(0, 1, 4, 2, 3)
    return [(image.contiguous(memory_format=torch.channels_last), label) for image, label in zip(images, torch.tensor(y).long())]


def make_step(case, compiled):
    """A function of a batch that trains one step and returns its loss."""
    model = build(case)
    # measured: fused is the fastest eagerly, and the plain one beside a compiled model
    options = {} if compiled else {"fused": True}
    optimizer = torch.optim.SGD(model.parameters(), lr=case.learning_rate, momentum=case.momentum, **options)

    def loss_of(x, y):
        return nn.functional.cross_entropy(model(x), y)

    if compiled:
        loss_of = torch.compile(loss_of)

    def step(x, y):
        optimizer.zero_grad()
        loss = loss_of(x, y)
        loss.backward()
        optimizer.step()
        return loss

    return step
