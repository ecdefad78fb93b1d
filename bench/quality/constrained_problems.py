"""The functions of constrained-problems.mjs in Python: each returns losses, and violations that are at most 0 where a constraint holds.
python constrained_problems.py: reads {"problem", "points"} on standard input, prints their losses and violations."""

import json
import math
import sys


def bnh(x, y):
    return [4 * x**2 + 4 * y**2, (x - 5) ** 2 + (y - 5) ** 2], [(x - 5) ** 2 + y**2 - 25, 7.7 - (x - 8) ** 2 - (y + 3) ** 2]


def srn(x, y):
    return [2 + (x - 2) ** 2 + (y - 1) ** 2, 9 * x - (y - 1) ** 2], [x**2 + y**2 - 225, x - 3 * y + 10]


def tnk(x, y):
    wave = 0.1 * math.cos(16 * math.atan2(x, y))
    return [x, y], [1 + wave - x**2 - y**2, (x - 0.5) ** 2 + (y - 0.5) ** 2 - 0.5]


def osy(a, b, c, d, e, f):
    first = -(25 * (a - 2) ** 2 + (b - 2) ** 2 + (c - 1) ** 2 + (d - 4) ** 2 + (e - 1) ** 2)
    second = sum(value**2 for value in (a, b, c, d, e, f))
    return [first, second], [2 - a - b, a + b - 6, b - a - 2, a - 3 * b - 2, (c - 3) ** 2 + d - 4, 4 - (e - 3) ** 2 - f]


def c2dtlz2(angle, *rest):
    far = 1 + sum((value - 0.5) ** 2 for value in rest)
    f, g = far * math.cos(angle * math.pi / 2), far * math.sin(angle * math.pi / 2)
    centres = [(1, 0), (0, 1), (math.sqrt(0.5), math.sqrt(0.5))]
    return [f, g], [min((f - x) ** 2 + (g - y) ** 2 for x, y in centres) - 0.04]


CONSTRAINED_PROBLEMS = {"BNH": bnh, "SRN": srn, "TNK": tnk, "OSY": osy, "C2-DTLZ2": c2dtlz2}

if __name__ == "__main__":
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps([sum(CONSTRAINED_PROBLEMS[job["problem"]](*point.values()), []) for point in job["points"]]))
