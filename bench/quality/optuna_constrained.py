"""Optuna's NSGA-II on one of the constrained problems. Reads one job (JSON) from standard input, prints {"seed", "points"} for each seed: each
trial's losses and violations. The hypervolume of those that are feasible is worked out by the runner, for all systems alike."""

import json
import sys
import warnings

import optuna

from constrained_problems import CONSTRAINED_PROBLEMS
from optuna_space import suggest

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def run(problem, space, seed, trials):
    def objective(trial):
        losses, violations = CONSTRAINED_PROBLEMS[problem](*suggest(trial, space).values())
        trial.set_user_attr("violations", violations)
        return losses

    sampler = optuna.samplers.NSGAIISampler(seed=seed, constraints_func=lambda trial: trial.user_attrs["violations"])
    study = optuna.create_study(directions=["minimize"] * 2, sampler=sampler)
    study.optimize(objective, n_trials=trials)
    return [{"losses": trial.values, "violations": trial.user_attrs["violations"]} for trial in study.trials]


if __name__ == "__main__":
    job = json.load(sys.stdin)
    for seed in job["seeds"]:
        print(json.dumps({"seed": seed, "points": run(job["problem"], job["space"], seed, job["trials"])}), flush=True)
