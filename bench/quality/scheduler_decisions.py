"""What a decision of Optuna's SuccessiveHalvingPruner costs with 10,000 trials behind it, in microseconds: python scheduler_decisions.py"""

import random
import statistics
import time

import optuna
from optuna.distributions import FloatDistribution
from optuna.trial import TrialState

TRIALS = 10_000

optuna.logging.set_verbosity(optuna.logging.ERROR)
draw = random.Random(1)
pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3)
study = optuna.create_study(direction="maximize", pruner=pruner)
study.add_trials(
    optuna.trial.create_trial(
        value=draw.random(),
        params={"x": 0.5},
        distributions={"x": FloatDistribution(0, 1)},
        intermediate_values={1: draw.random()},
        system_attrs={"completed_rung_0": draw.random()},
        state=TrialState.PRUNED,
    )
    for _ in range(TRIALS)
)
times = []
for _ in range(50):
    trial = study.ask()
    trial.report(draw.random(), 1)
    start = time.perf_counter()
    trial.should_prune()
    times.append(1e6 * (time.perf_counter() - start))
    study.tell(trial, state=TrialState.PRUNED)
low, _, high = statistics.quantiles(times, n=4)
print(f"SuccessiveHalvingPruner.should_prune, {TRIALS} trials: median {statistics.median(times):.0f} µs ({low:.0f}-{high:.0f})")
