"""Trials whose learning curves are looked up in a table, on workers that train one step at a time each: curve-table.mjs in Python."""

import json
import math
import random
import sys


class Table:
    def __init__(self, file):
        with open(file) as text:
            table = json.load(text)
        self.space, self.steps, self.trials = table["space"], table["steps"], table["trials"]
        self.places = [self.place(trial["hyperparameters"]) for trial in self.trials]

    def order(self, seed):
        """A random order of the table's configurations, without a repeat."""
        order = list(range(len(self.trials)))
        random.Random(seed).shuffle(order)
        return lambda trial: order[trial % len(order)]

    def place(self, hyperparameters):
        return [self.scaled(self.space[name], hyperparameters[name]) for name in self.space]

    def scaled(self, given, value):
        if "choice" in given:
            return (given["choice"].index(value) + 0.5) / len(given["choice"])
        low, high = given["float"]
        if given.get("scale") == "log":
            low, high, value = math.log(low), math.log(high), math.log(value)
        return (value - low) / (high - low)

    def nearest(self, hyperparameters):
        """The table's configuration that lies nearest on the parameters' scales."""
        at = self.place(hyperparameters)
        return min(range(len(self.places)), key=lambda one: sum((a - b) ** 2 for a, b in zip(self.places[one], at)))

    def error(self, configuration, step):
        return self.trials[configuration]["errors"][step - 1]


def simulate(table, workers, budget, begin, step):
    """Runs workers until they have trained so many steps together.

    begin() returns a task {"configuration", "step"}; step(task, error) whether the worker goes on with it.
    """
    tasks = [None] * workers
    spent, best, total = 0, 1, 0
    while spent < budget:
        for worker in range(workers):
            if spent == budget:
                break
            task = tasks[worker] = tasks[worker] or begin()
            task["step"] += 1
            error = table.error(task["configuration"], task["step"])
            best = min(best, error)
            total += best
            spent += 1
            if not step(task, error):
                tasks[worker] = None
    return {"final": best, "anytime": total / budget}


def main(run):
    """run(job, table, seed) for each seed of the job on standard input."""
    job = json.load(sys.stdin)
    table = Table(job["curves"])
    for seed in job["seeds"]:
        print(json.dumps({"seed": seed, **run(job, table, seed)}), flush=True)
