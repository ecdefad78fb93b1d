"""Ray Tune's AsyncHyperBandScheduler on the table of learning curves. The scheduler alone, without a cluster: it is told results as Tune tells it."""

from ray.tune.schedulers import AsyncHyperBandScheduler, TrialScheduler

import curve_table


class Trial:
    """What this scheduler looks at of a trial."""

    def __init__(self, number):
        self.trial_id = str(number)


def run(job, table, seed):
    brackets = 4 if job["scheduler"] == "hyperband" else 1
    scheduler = AsyncHyperBandScheduler(
        metric="error", mode="min", max_t=table.steps, grace_period=1, reduction_factor=3, brackets=brackets
    )
    if brackets > 1:
        import numpy

        numpy.random.seed(seed)  # where it draws a trial's bracket from
    order = table.order(seed)
    trials = []

    def begin():
        task = {"configuration": order(len(trials)), "step": 0, "trial": Trial(len(trials))}
        trials.append(task)
        scheduler.on_trial_add(None, task["trial"])
        return task

    def step(task, error):
        result = {"training_iteration": task["step"], "error": error}
        if task["step"] == table.steps:
            scheduler.on_trial_complete(None, task["trial"], result)
            return False
        return scheduler.on_trial_result(None, task["trial"], result) != TrialScheduler.STOP

    return curve_table.simulate(table, job["workers"], job["fullTrials"] * table.steps, begin, step)


if __name__ == "__main__":
    curve_table.main(run)
