"""Optuna's samplers on one of the problems. Reads one job (JSON) from standard input, prints {"seed", "losses"} for each seed: what each
trial's objectives were. The best point so far, or the hypervolume, is worked out by the runner, for all systems alike."""

import json
import sys
import warnings

import optuna

from optuna_space import suggest
from problems import PROBLEMS

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def gp(seed):
    import torch

    torch.set_num_threads(1)  # studies run beside each other
    return optuna.samplers.GPSampler(seed=seed, warn_independent_sampling=False)


SAMPLERS = {
    "tpe": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True),
    "tpe-defaults": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "gp": gp,
    "cma-es": lambda seed: optuna.samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False),
    "nsga2": lambda seed: optuna.samplers.NSGAIISampler(seed=seed),
}


def run(problem, space, sampler, seed, trials):
    objective = PROBLEMS[problem]
    objectives = 2 if problem.startswith("ZDT") else 1
    study = optuna.create_study(directions=["minimize"] * objectives, sampler=SAMPLERS[sampler](seed))
    study.optimize(lambda trial: objective(suggest(trial, space)), n_trials=trials)
    return [trial.values for trial in study.trials]


if __name__ == "__main__":
    job = json.load(sys.stdin)
    for seed in job["seeds"]:
        losses = run(job["problem"], job["space"], job["sampler"], seed, job["trials"])
        print(json.dumps({"seed": seed, "losses": losses}), flush=True)
