"""The functions of problems.mjs in Python. python problems.py: reads {"problem", "points"} on standard input, prints their values."""

import json
import math
import sys

A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]
C = [1, 1.2, 3, 3.2]


def branin(x):
    parabola = x[1] - 5.1 / (4 * math.pi**2) * x[0] ** 2 + 5 / math.pi * x[0] - 6
    return parabola**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10


def hartmann6(x):
    return -sum(c * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(rowA, x, rowP))) for c, rowA, rowP in zip(C, A, P))


def ackley(x):
    mean = lambda values: sum(values) / len(x)
    waves = math.exp(mean([math.cos(2 * math.pi * v) for v in x]))
    return -20 * math.exp(-0.2 * math.sqrt(mean([v * v for v in x]))) - waves + 20 + math.e


def moved_ackley(x):
    return ackley([value - 65.536 * 0.35 * math.sin(1.7 * (at + 1)) for at, value in enumerate(x)])


def rosenbrock(x):
    return sum(100 * (x[at + 1] - x[at] ** 2) ** 2 + (1 - x[at]) ** 2 for at in range(len(x) - 1))


def mixed(h):
    rate = math.log10(h["lr"]) - {"sgd": -1, "adam": -3, "rmsprop": -3.5}[h["optimizer"]]
    offset = {"sgd": 0.04, "adam": 0, "rmsprop": 0.02}[h["optimizer"]]
    if h["model"] == "linear":
        return 0.35 + offset + 0.03 * rate**2 + 0.02 * (math.log10(h["l2"]) + 2) ** 2
    if h["model"] == "tree":
        leaves = math.log2(h["leaf"]) - 3 - 0.2 * (h["depth"] - 9)
        return 0.22 + offset * 0.2 + 0.01 * rate**2 + 0.004 * (h["depth"] - 9) ** 2 + 0.01 * leaves**2
    wide = math.log2(h["width"]) - 7
    fit = 0.05 * (rate + 0.15 * wide) ** 2 + 0.01 * (wide - 0.5) ** 2 + 0.4 * (h["dropout"] - 0.1 - 0.04 * h["layers"]) ** 2
    return 0.1 + offset + fit + {"relu": 0.02, "tanh": 0.06, "gelu": 0}[h["activation"]] + 0.012 * (h["layers"] - 3) ** 2


def zdt(x, shape):
    g = 1 + 9 * sum(x[1:]) / (len(x) - 1)
    return [x[0], g * shape(x[0] / g, x[0])]


def listed(f):
    return lambda hyperparameters: f(list(hyperparameters.values()))


PROBLEMS = {
    "Branin": listed(branin),
    "Hartmann-6": listed(hartmann6),
    "Ackley-10": listed(ackley),
    "Ackley-10, moved": listed(moved_ackley),
    "Rosenbrock-8": listed(rosenbrock),
    "mixed": mixed,
    "ZDT1": listed(lambda x: zdt(x, lambda ratio, f1: 1 - math.sqrt(ratio))),
    "ZDT2": listed(lambda x: zdt(x, lambda ratio, f1: 1 - ratio**2)),
    "ZDT3": listed(lambda x: zdt(x, lambda ratio, f1: 1 - math.sqrt(ratio) - ratio * math.sin(10 * math.pi * f1))),
}

if __name__ == "__main__":
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps([PROBLEMS[job["problem"]](point) for point in job["points"]]))
