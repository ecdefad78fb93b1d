"""What an ask of Optuna's samplers costs after given trials, and a decision of its pruner. Reads {"sampler", "trials", "asks"} from standard
input; prints the milliseconds of CPU that each took."""

import json
import random
import sys
import time
import warnings

import optuna
from optuna.distributions import FloatDistribution
from optuna.trial import TrialState, create_trial

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def asks(sampler, trials, count):
    space = {name: FloatDistribution(0, 1) for name in trials[0]["params"]}
    study = optuna.create_study(sampler=sampler)
    study.add_trials([create_trial(params=one["params"], distributions=space, value=one["value"]) for one in trials])
    times = []
    for _ in range(count + 2):
        start = time.process_time()
        trial = study.ask(space)
        times.append(1e3 * (time.process_time() - start))
        study.tell(trial, sum((at + 1) * (value - 0.3) ** 2 for at, value in enumerate(trial.params.values())))
    return times[2:]


def decisions(count, trials=10_000):
    """SuccessiveHalvingPruner's, with so many trials that ended at its first rung."""
    draw = random.Random(1)
    study = optuna.create_study(pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3))
    study.add_trials(
        create_trial(
            value=draw.random(),
            params={"x": 0.5},
            distributions={"x": FloatDistribution(0, 1)},
            intermediate_values={1: draw.random()},
            system_attrs={"completed_rung_0": draw.random()},
            state=TrialState.PRUNED,
        )
        for _ in range(trials)
    )
    times = []
    for _ in range(count):
        trial = study.ask()
        trial.report(draw.random(), 1)
        start = time.process_time()
        trial.should_prune()
        times.append(1e3 * (time.process_time() - start))
        study.tell(trial, state=TrialState.PRUNED)
    return times


if __name__ == "__main__":
    job = json.load(sys.stdin)
    if job["sampler"] == "asha":
        times = decisions(job["asks"])
    elif job["sampler"] == "gp":
        times = asks(optuna.samplers.GPSampler(seed=1), job["trials"], job["asks"])
    else:
        sampler = optuna.samplers.TPESampler(seed=1, multivariate=True, group=True)
        times = asks(sampler, job["trials"], job["asks"])
    print(json.dumps(times))
