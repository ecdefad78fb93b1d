"""Records how Syne Tune's PASHA estimates noise and judges rankings: python record_syne_tune.py"""

from importlib.metadata import version

import random

from syne_tune.optimizer.schedulers.hyperband_pasha import PASHARungSystem

import history

PEER = {"name": "syne-tune", "version": version("syne-tune")}
LEVELS = [1, 3, 9, 27]


def system():
    return PASHARungSystem(LEVELS, [1 / 3] * 4, "value", "max", "epoch", 81)


def noise(seed, trials, rung):
    """Epsilon after trials that came to different epochs, with the rung of LEVELS[rung] as the highest."""
    draw = random.Random(seed)
    pasha = system()
    pasha.current_rung_idx = rung + 1
    curves = history.curves(seed, trials, LEVELS[rung], 6)
    curves = [curve[: draw.randint(1, len(curve))] for curve in curves]
    for trial, curve in enumerate(curves):
        for epoch, value in enumerate(curve, 1):
            pasha._update_per_epoch_results(str(trial), {"value": value, "epoch": epoch})
    # in order: from a set of strings, whose order differs from run to run, it counts a pair again that it meets the other way round
    for epoch in range(1, LEVELS[rung] + 1):
        pasha.epoch_to_trials[epoch] = sorted(pasha.epoch_to_trials.get(epoch, []), key=int)
    pasha._update_epsilon()
    return {"after": LEVELS[rung - 1], "upTo": LEVELS[rung], "curves": curves, "epsilon": pasha.epsilon}


def stability(seed, trials, digits, epsilon):
    draw = random.Random(seed)
    below = [round(draw.random(), digits) for _ in range(trials)]
    top = [round(value + 0.25 * draw.random(), digits) for value in below]

    def ranked(values):
        # rows as the rungs give them: trial, rank from the lowest, value; the best first, ties by number
        order = sorted(range(trials), key=lambda trial: (-values[trial], trial))
        return [(trial, trials - 1 - at, values[trial]) for at, trial in enumerate(order)]

    pasha = system()
    pasha.epsilon = epsilon
    keeps = pasha._evaluate_soft_ranking(ranked(top), ranked(below))
    return {"top": top, "below": below, "epsilon": epsilon, "stable": bool(keeps)}


if __name__ == "__main__":
    noises = [noise(seed, 4 + seed, 1 + seed % 3) for seed in range(12)]
    rankings = [stability(seed, 2 + seed % 5, 2, [0.0, 0.023, 0.053, 0.103][seed % 4]) for seed in range(60)]
    print([one["epsilon"] for one in noises], sum(one["stable"] for one in rankings), "stable")
    history.write("syne-tune-pasha-noise", PEER, noises)
    history.write("syne-tune-pasha-stability", PEER, rankings)
