"""Histories that schedulers are asked about: learning curves of trials that run at the same time, in a seeded order."""

import json
import pathlib
import random

FIXTURES = pathlib.Path(__file__).parents[3] / "test" / "fixtures" / "decisions"


def curves(seed, trials, max_steps, digits):
    """By trial, the results at steps 1 to max_steps; few digits make ties."""
    draw = random.Random(seed)
    limits = [draw.random() for _ in range(trials)]
    return [
        [round(limit * (1 - 0.8 / step) + 0.15 * draw.random(), digits) for step in range(1, max_steps + 1)]
        for limit in limits
    ]


def events(seed, trials, max_steps, workers, digits, maximize, decide):
    """Runs trials on workers that take turns at random. Returns rows of trial, step, result, and whether it was stopped.

    Results mostly rise where they are to be maximized, and fall where not.

    decide(trial, step, value) says whether the trial stops; it is not asked at max_steps, where decide.complete(trial, value) is told.
    """
    order = random.Random(seed + 1)
    values = curves(seed, trials, max_steps, digits)
    waiting, running, rows = list(range(trials)), {}, []
    while waiting or running:
        while waiting and len(running) < workers:
            running[waiting.pop(0)] = 0
        trial = order.choice(sorted(running))
        step = running[trial] = running[trial] + 1
        value = values[trial][step - 1]
        value = value if maximize else round(1 - value, digits)
        if step == max_steps:
            decide.complete(trial, step, value)
            stopped = False
        else:
            stopped = decide(trial, step, value)
        rows.append([trial, step, value, 1 if stopped else 0])
        if stopped or step == max_steps:
            del running[trial]
    return rows


def write(name, peer, cases):
    FIXTURES.mkdir(parents=True, exist_ok=True)
    stops = sum(row[3] for case in cases for row in case.get("events", []))
    # flat, since lists of numbers are formatted into few lines, and lists of lists are not
    for case in cases:
        if "events" in case:
            case["events"] = [number for row in case["events"] for number in row]
    lines = ",\n".join("    " + json.dumps(case, separators=(",", ":")) for case in cases)
    text = '{\n  "peer": %s,\n  "cases": [\n%s\n  ]\n}\n' % (json.dumps(peer), lines)
    (FIXTURES / f"{name}.json").write_text(text)
    print(f"{name}: {len(cases)} cases, {stops} stops")
