"""Records what Syne Tune's synchronous Hyperband and its ASHA by promotion give workers to do: python record_syne_tune_halving.py

A call is a list of numbers: [0, trial, steps] a free worker is given this trial to train up to these steps; [1, trial, steps, result] it
has trained so far (null: it failed), followed by the trials that are given up because of it."""

import math
import random
from importlib.metadata import version

from syne_tune.optimizer.schedulers.hyperband_promotion import PromotionRungSystem
from syne_tune.optimizer.schedulers.synchronous.hyperband_bracket_manager import SynchronousHyperbandBracketManager
from syne_tune.optimizer.schedulers.synchronous.hyperband_rung_system import SynchronousHyperbandRungSystem

import history

PEER = {"name": "syne-tune", "version": version("syne-tune")}


def paper_rungs(least, reduction, most):
    """Rungs of Hyperband as Algorithm 1 of its paper has them: floor(n / eta^i). Syne Tune's own `geometric` rounds up."""
    deepest = round(math.log(most / least, reduction))
    brackets = []
    for s in range(deepest, -1, -1):
        n = math.ceil((deepest + 1) * reduction**s / (s + 1))
        brackets.append([(n // reduction**i, most // reduction ** (s - i)) for i in range(s + 1)])
    return brackets


def simulate(seed, workers, calls, maximize, failures, ask, report):
    """ask(new trial) returns a job with trial and steps; report(job, result) returns who is given up."""
    draw = random.Random(seed)
    running, rows, started = [], [], 0
    while len(rows) < calls:
        while len(running) < workers:
            job = ask(started)
            started = max(started, job["trial"] + 1)
            running.append(job)
            rows.append([0, job["trial"], job["steps"]])
        job = running.pop(draw.randrange(len(running)))
        limit = random.Random(1000 * seed + job["trial"]).random()
        value = round(limit * (1 - 0.5 / job["steps"]) + 0.2 * draw.random(), 6)
        value = value if maximize else round(2 - value, 6)
        if draw.random() < failures:
            value = None
        rows.append([1, job["trial"], job["steps"], value, *report(job, value)])
    return rows


def hyperband(seed, rungs, options, workers, maximize, failures=0.0):
    manager = SynchronousHyperbandBracketManager(rungs, "max" if maximize else "min")

    def ask(new_trial):
        bracket, slot = manager.next_job()
        trial = new_trial if slot.trial_id is None else slot.trial_id
        return {"trial": trial, "steps": slot.level, "bracket": bracket, "slot": slot}

    def report(job, value):
        slot = job["slot"]
        slot.trial_id = job["trial"]
        slot.metric_val = math.nan if value is None else value
        return sorted(manager.on_result((job["bracket"], slot)) or [])

    rows = simulate(seed, workers, 400, maximize, failures, ask, report)
    return {"options": options, "direction": "maximize" if maximize else "minimize", "calls": rows}


def promotion(seed, least, reduction, most, workers, maximize):
    levels = [least * reduction**at for at in range(round(math.log(most / least, reduction)))]
    system = PromotionRungSystem(levels, [1 / reduction] * len(levels), "value", "max" if maximize else "min", "epoch", most)

    def ask(new_trial):
        found = system.on_task_schedule(str(new_trial))
        if found:
            trial, milestone = int(found["trial_id"]), found["milestone"]
            system.on_task_add(str(trial), 0, new_config=False, milestone=milestone, resume_from=found["resume_from"])
            return {"trial": trial, "steps": milestone}
        system.on_task_add(str(new_trial), 0, new_config=True)
        return {"trial": new_trial, "steps": least}

    def report(job, value):
        system.on_task_report(str(job["trial"]), {"value": value, "epoch": job["steps"]}, 0)
        system.on_task_remove(str(job["trial"]))
        return []

    rows = simulate(seed, workers, 400, maximize, 0.0, ask, report)
    options = {"minSteps": least, "reduction": reduction, "maxSteps": most}
    return {"options": options, "direction": "maximize" if maximize else "minimize", "calls": rows}


def flat(cases):
    # each call begins with how long it is, since lists of numbers are formatted into few lines, and lists of lists are not
    return [{**case, "calls": [number for row in case["calls"] for number in (len(row), *row)]} for case in cases]


if __name__ == "__main__":
    tables = [(1, 3, 27), (1, 2, 16), (2, 4, 32)]
    setups = [(1, True, 0.0), (6, False, 0.0), (6, True, 0.1)]
    halving, bands, asha = [], [], []
    for table, (least, reduction, most) in enumerate(tables):
        options = {"minSteps": least, "reduction": reduction, "maxSteps": most}
        one = SynchronousHyperbandRungSystem.geometric(least, most, reduction, 1)
        for at, (workers, maximize, failures) in enumerate(setups):
            seed = 10 * table + at
            halving.append(hyperband(seed, one, options, workers, maximize, failures))
            bands.append(hyperband(100 + seed, paper_rungs(least, reduction, most), options, workers, maximize, failures))
        for at, (workers, maximize) in enumerate([(1, True), (6, False)]):
            asha.append(promotion(200 + 10 * table + at, least, reduction, most, workers, maximize))
    rungs = [
        {"options": {"minSteps": a, "reduction": b, "maxSteps": c}, "rungs": SynchronousHyperbandRungSystem.geometric(a, c, b)}
        for a, b, c in [*tables, (1, 3, 81), (1, 4, 64)]
    ]
    history.write("syne-tune-successive-halving", PEER, flat(halving))
    history.write("syne-tune-hyperband", PEER, flat(bands))
    history.write("syne-tune-promotion", PEER, flat(asha))
    history.write("syne-tune-rungs", PEER, rungs)
