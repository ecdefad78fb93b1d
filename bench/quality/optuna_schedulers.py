"""Optuna's pruners on the table of learning curves; with a model, its TPE proposes the configurations."""

import warnings

import optuna
from optuna.trial import TrialState

import curve_table
from optuna_space import suggest

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def pruner(scheduler, steps):
    if scheduler == "asha":
        return optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3)
    return optuna.pruners.HyperbandPruner(min_resource=1, max_resource=steps, reduction_factor=3)


def run(job, table, seed):
    scheduler = job["scheduler"]
    model = scheduler == "bohb"
    sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True) if model else optuna.samplers.RandomSampler(seed=seed)
    # Hyperband hashes a study's name into the draw of a trial's bracket
    study = optuna.create_study(study_name=f"study-{seed}", sampler=sampler, pruner=pruner(scheduler, table.steps))
    order = table.order(seed)

    def begin():
        trial = study.ask()
        configuration = table.nearest(suggest(trial, table.space)) if model else order(trial.number)
        return {"configuration": configuration, "step": 0, "trial": trial}

    def step(task, error):
        trial = task["trial"]
        trial.report(error, task["step"])
        if task["step"] == table.steps:
            study.tell(trial, error)
            return False
        if trial.should_prune():
            study.tell(trial, state=TrialState.PRUNED)
            return False
        return True

    return curve_table.simulate(table, job["workers"], job["fullTrials"] * table.steps, begin, step)


if __name__ == "__main__":
    curve_table.main(run)
