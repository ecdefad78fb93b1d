"""Records decisions of Optuna's pruners and the brackets of its HyperbandPruner: python record_optuna.py"""

import optuna
from optuna.pruners import (
    HyperbandPruner,
    MedianPruner,
    PatientPruner,
    PercentilePruner,
    SuccessiveHalvingPruner,
)
from optuna.trial import TrialState

import history

optuna.logging.set_verbosity(optuna.logging.ERROR)
PEER = {"name": "optuna", "version": optuna.__version__}
MAX_STEPS = 16


class Decide:
    def __init__(self, direction, pruner):
        sampler = optuna.samplers.RandomSampler(seed=0)
        self.study = optuna.create_study(direction=direction, pruner=pruner, sampler=sampler)
        self.trials = {}

    def __call__(self, trial, step, value):
        asked = self.report(trial, step, value)
        if not asked.should_prune():
            return False
        self.study.tell(asked, state=TrialState.PRUNED)
        return True

    def complete(self, trial, step, value):
        self.study.tell(self.report(trial, step, value), value)

    def report(self, trial, step, value):
        # trials are asked for in the order of their numbers
        while trial not in self.trials:
            asked = self.study.ask()
            self.trials[asked.number] = asked
        self.trials[trial].report(value, step)
        return self.trials[trial]


def record(pruner, options, most_digits=4):
    cases = []
    for seed, (direction, workers, digits) in enumerate(
        [("maximize", 1, most_digits), ("minimize", 1, 1), ("maximize", 6, 1), ("minimize", 6, most_digits)]
    ):
        decide = Decide(direction, pruner())
        rows = history.events(seed, 30, MAX_STEPS, workers, digits, direction == "maximize", decide)
        cases.append({"options": options, "direction": direction, "maxSteps": MAX_STEPS, "events": rows})
    return cases


def percentile(percentile, startup, warmup, interval, least):
    options = {"startupTrials": startup, "warmupSteps": warmup, "interval": interval, "minTrials": least}
    if percentile == 50:
        pruner = lambda: MedianPruner(startup, warmup, interval, n_min_trials=least)
    else:
        pruner = lambda: PercentilePruner(percentile, startup, warmup, interval, n_min_trials=least)
    return record(pruner, {"percentile": percentile, **options})


def halving(least, reduction, skipped):
    options = {"minSteps": least, "reduction": reduction, "skipped": skipped}
    return record(lambda: SuccessiveHalvingPruner(least, reduction, skipped), options)


def patient(patience):
    return record(lambda: PatientPruner(None, patience=patience), {"reports": patience + 1}, 7)


def brackets(least, most, reduction):
    pruner = HyperbandPruner(least, most, reduction)
    study = optuna.create_study(pruner=pruner)
    trial = study.ask()
    trial.report(1.0, 1)
    trial.should_prune()
    first = [one._min_resource * one._reduction_factor**one._min_early_stopping_rate for one in pruner._pruners]
    options = {"minSteps": least, "maxSteps": most, "reduction": reduction}
    return {"options": options, "firstRungs": first, "shares": pruner._trial_allocation_budgets}


if __name__ == "__main__":
    history.write(
        "optuna-percentile",
        PEER,
        percentile(50, 5, 0, 1, 1)
        + percentile(50, 0, 4, 3, 4)
        + percentile(25, 3, 2, 1, 2)
        + percentile(80, 1, 0, 5, 1),
    )
    history.write("optuna-successive-halving", PEER, halving(1, 2, 0) + halving(1, 4, 0) + halving(2, 3, 0) + halving(1, 2, 1))
    history.write("optuna-patient", PEER, [case for reports in (1, 3) for case in patient(reports)])
    table = [(1, 81, 3), (1, 100, 3), (1, 16, 2), (2, 100, 4), (3, 5, 2), (7, 7, 3), (5, 1000, 10)]
    history.write("optuna-hyperband", PEER, [brackets(*row) for row in table])
