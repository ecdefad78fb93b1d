"""Records decisions of Ray Tune's AsyncHyperBandScheduler and MedianStoppingRule: python record_ray.py"""

import ray
from ray.tune.schedulers import AsyncHyperBandScheduler, MedianStoppingRule, TrialScheduler

import history

PEER = {"name": "ray", "version": ray.__version__}
MAX_STEPS = 16


class Trial:
    """What these schedulers look at of a trial."""

    def __init__(self, number):
        self.trial_id = str(number)


class Controller:
    """No trial waits for a place, so that none is paused to make one free."""

    def get_live_trials(self):
        return []


class Decide:
    def __init__(self, scheduler):
        self.scheduler = scheduler
        self.trials = {}

    def __call__(self, trial, step, value):
        return self.report(trial, step, value) == TrialScheduler.STOP

    def complete(self, trial, step, value):
        self.report(trial, step, value)

    def report(self, trial, step, value):
        if trial not in self.trials:
            self.trials[trial] = Trial(trial)
            self.scheduler.on_trial_add(Controller(), self.trials[trial])
        result = {"training_iteration": step, "value": value}
        return self.scheduler.on_trial_result(Controller(), self.trials[trial], result)


def record(scheduler, options, digits):
    cases = []
    for seed, (mode, workers) in enumerate([("max", 1), ("min", 1), ("max", 6), ("min", 6)]):
        decide = Decide(scheduler(mode))
        rows = history.events(100 + seed, 30, MAX_STEPS, workers, digits, mode == "max", decide)
        direction = "maximize" if mode == "max" else "minimize"
        cases.append({"options": options, "direction": direction, "maxSteps": MAX_STEPS, "events": rows})
    return cases


def asha(least, reduction):
    make = lambda mode: AsyncHyperBandScheduler(
        metric="value", mode=mode, max_t=MAX_STEPS, grace_period=least, reduction_factor=reduction
    )
    # without ties: at 2/3 Ray's cutoff lies a rounding error above a value that it should meet
    return record(make, {"minSteps": least, "reduction": reduction}, 6)


def median(grace, least):
    make = lambda mode: MedianStoppingRule(
        time_attr="training_iteration", metric="value", mode=mode, grace_period=grace, min_samples_required=least
    )
    return record(make, {"warmupSteps": grace, "minTrials": least}, 4)


if __name__ == "__main__":
    history.write("ray-asha", PEER, asha(1, 2) + asha(1, 4) + asha(2, 3))
    history.write("ray-median", PEER, median(1, 3) + median(4, 1))
