"""Records trials with Optuna's importances of them, as fixtures of our own: test/fixtures/importance/*.json.

    pip install 'optuna==5.*' scikit-learn shap
    python bench/quality/record-importance.py test/fixtures/importance

Spaces are written as ours; trials are drawn at random. fANOVA and Shapley values are means over four seeds of the forest, with
their spread, since one forest of 64 trees is itself a draw.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import optuna
from optuna.importance import FanovaImportanceEvaluator, PedAnovaImportanceEvaluator, get_param_importances

optuna.logging.set_verbosity(optuna.logging.ERROR)
FOREST_SEEDS = range(4)


def branin(p):
    x, y = p["x"], p["y"]
    return (y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def training(p):
    rate = -abs(math.log10(p["rate"]) + 2.5)
    return 2 * rate - 0.5 * abs(p["momentum"] - 0.9) + 0.3 * math.log2(p["hidden"]) + {"relu": 0.4, "tanh": 0.0, "gelu": 0.6}[p["act"]]


def layers(p):
    value = abs(p["width"] - 40) / 40 + 0.1 * p["depth"]
    if p["optimizer"] == "sgd":
        return value + 2 * abs(p["momentum"] - 0.8)
    return value + 0.5 + abs(math.log10(p["beta"]) + 2) / 4


STUDIES = {
    "branin": {
        "space": {"x": {"float": [-5, 10]}, "y": {"float": [0, 15]}},
        "objective": branin,
        "direction": "minimize",
        "trials": 100,
    },
    "sum": {
        "space": {name: {"float": [0, 1]} for name in "abcdef"},
        "objective": lambda p: 5 * p["a"] + 3 * p["b"] ** 2 + 2 * p["c"] * p["d"] + 0.1 * p["e"],
        "direction": "minimize",
        "trials": 150,
    },
    "grid": {
        "space": {"n": {"int": [1, 20]}, "step": {"float": [0, 2], "step": 0.25}, "on": {"boolean": True}},
        "objective": lambda p: (p["n"] - 12) ** 2 / 20 + 3 * p["step"] + (4 if p["on"] else 0),
        "direction": "maximize",
        "trials": 120,
    },
    "training": {
        "space": {
            "rate": {"float": [1e-5, 1], "scale": "log"},
            "momentum": {"float": [0.5, 0.99]},
            "hidden": {"int": [8, 512], "scale": "log"},
            "act": {"choice": ["relu", "tanh", "gelu"]},
        },
        "objective": training,
        "direction": "maximize",
        "trials": 200,
    },
    "conditional": {
        "space": {
            "optimizer": {"choice": ["sgd", "adam"]},
            "momentum": {"float": [0, 1], "when": {"optimizer": "sgd"}},
            "beta": {"float": [1e-4, 1], "scale": "log", "when": {"optimizer": "adam"}},
            "width": {"int": [8, 128]},
            "depth": {"int": [1, 6]},
        },
        "objective": layers,
        "direction": "minimize",
        "trials": 200,
    },
}


def suggest(trial, space):
    values = {}
    for name, written in space.items():
        when = written.get("when", {})
        if any(values.get(parent) != wanted for parent, wanted in when.items()):
            continue
        log = written.get("scale") == "log"
        if "float" in written:
            values[name] = trial.suggest_float(name, *written["float"], log=log, step=written.get("step"))
        elif "int" in written:
            values[name] = trial.suggest_int(name, *written["int"], log=log)
        else:
            values[name] = trial.suggest_categorical(name, written.get("choice", [False, True]))
    return values


def spread(runs):
    return {name: {"mean": float(np.mean([run[name] for run in runs])), "sd": float(np.std([run[name] for run in runs]))} for name in runs[0]}


def shapley(study, seed):
    """Mean |SHAP| of a forest as Optuna's ShapleyImportanceEvaluator (optuna-integration) takes it, made to sum to 1."""
    import shap
    from optuna._transform import _SearchSpaceTransform
    from optuna.search_space import intersection_search_space
    from sklearn.ensemble import RandomForestRegressor

    trials = study.get_trials()
    space = intersection_search_space(trials)
    transform = _SearchSpaceTransform(space, transform_log=False, transform_step=False)
    columns = np.array([transform.transform({n: t.params[n] for n in space}) for t in trials])
    forest = RandomForestRegressor(n_estimators=64, max_depth=64, random_state=seed).fit(columns, [t.value for t in trials])
    values = np.abs(shap.TreeExplainer(forest, feature_perturbation="tree_path_dependent").shap_values(columns)).mean(axis=0)
    importance = {}
    for name, encoded in zip(space, transform.column_to_encoded_columns):
        importance[name] = float(values[encoded].sum())
    total = sum(importance.values())
    return {name: value / total for name, value in importance.items()}


def record(name, written):
    study = optuna.create_study(direction=written["direction"], sampler=optuna.samplers.RandomSampler(seed=len(name)))
    study.optimize(lambda trial: written["objective"](suggest(trial, written["space"])), n_trials=written["trials"])
    fanova = [get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=seed)) for seed in FOREST_SEEDS]
    recorded = {
        "optuna": optuna.__version__,
        "space": written["space"],
        "direction": written["direction"],
        "trials": [{"hyperparameters": t.params, "value": t.value} for t in study.trials],
        "pedAnova": get_param_importances(study, evaluator=PedAnovaImportanceEvaluator()),
        "fanova": spread(fanova),
    }
    try:
        recorded["shapley"] = spread([shapley(study, seed) for seed in FOREST_SEEDS])
    except ImportError:
        print(f"{name}: shap is not installed, so no Shapley values")
    return recorded


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, written in STUDIES.items():
        (folder / f"{name}.json").write_text(json.dumps(record(name, written), indent=1) + "\n")
        print(name, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
