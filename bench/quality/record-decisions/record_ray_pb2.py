"""Records what the functions of Ray Tune's PB2 compute: python record_ray_pb2.py"""

import numpy
import pandas
import ray
import sklearn
from ray.tune.schedulers import pb2, pb2_utils
from sklearn.gaussian_process import GaussianProcessRegressor

import history

PEER = {"name": "ray", "version": ray.__version__, "scikit-learn": sklearn.__version__}


def columns(array):
    return [[float(value) for value in row] for row in array]


class Told:
    """A model of n results whose mean is 0 and whose variance is 1 everywhere: then the acquisition is what a variance is worth."""

    def __init__(self, n):
        self.X_train_ = numpy.zeros((n, 1))

    def predict(self, x, return_std=False):
        return (numpy.zeros(1), numpy.ones(1)) if return_std else numpy.zeros(1)


def kappas():
    ask = lambda n: float(pb2_utils.UCB(Told(n), Told(n), [0.5], numpy.array([0.5])))
    return [{"n": n, "kappa": ask(n)} for n in [1, 2, 3, 8, 20, 100, 200, 1000]]


def scaled(draw):
    cases = []
    for values in [draw.normal(size=12), draw.normal(size=30) * 1e-4 + 3, numpy.append(draw.normal(size=20), -500)]:
        new = values.max() + 0.1
        cases.append(
            {
                "values": [float(value) for value in values],
                "standardised": [float(value) for value in pb2_utils.standardize(values)],
                "normalised": [float(value) for value in pb2_utils.normalize(values, values)],
                "new": float(new),
                "newNormalised": float(pb2_utils.normalize(new, values)),
            }
        )
    return cases


def regression(x, y, shape):
    kernel = pb2_utils.TV_SquaredExp(shape["variance"], shape["lengthscale"], shape["epsilon"])
    return GaussianProcessRegressor(kernel=kernel, optimizer=None, alpha=shape["noise"]).fit(x, y)


def processes(draw):
    """Of a given lengthscale, epsilon and noise; the variance is the one that maximises the likelihood, in closed form."""
    cases = []
    for lengthscale, epsilon, ratio in [(0.5, 0.1, 0.1), (0.08, 0.3, 0.01), (1.0, 1e-5, 1.0)]:
        x = numpy.column_stack([numpy.arange(24) // 4, draw.uniform(size=(24, 3))])
        y = pb2_utils.standardize(numpy.sin(5 * x[:, 1]) + 0.2 * x[:, 0] * x[:, 2] + 0.1 * draw.normal(size=24))
        at = numpy.column_stack([numpy.full(5, 6.0), draw.uniform(size=(5, 3))])
        pending = numpy.column_stack([numpy.full(2, 6.0), draw.uniform(size=(2, 3))])
        kernel = pb2_utils.TV_SquaredExp(1.0, lengthscale, epsilon)(x)
        variance = float(y @ numpy.linalg.solve(kernel + ratio * numpy.eye(24), y)) / 24
        shape = {"variance": variance, "lengthscale": lengthscale, "epsilon": epsilon, "noise": ratio * variance}
        model = regression(x, y, shape)
        means, deviations = model.predict(at, return_std=True)
        # as _select_config does it: results of what is pending are 0
        padded = regression(numpy.vstack([x, pending]), numpy.append(y, [0, 0]), shape)
        cases.append(
            {
                "shape": shape,
                "x": columns(x),
                "y": [float(value) for value in y],
                "at": columns(at),
                "pending": columns(pending),
                "correlations": columns(model.kernel_(at, x) / variance),
                "means": [float(value) for value in means],
                "deviations": [float(value) for value in deviations],
                "pendingDeviations": [float(value) for value in padded.predict(at, return_std=True)[1]],
                "logLikelihood": float(model.log_marginal_likelihood_value_),
            }
        )
    return cases


def changes(draw):
    """What _explore() makes of a population's results before it fits a model: four trials, a copy at each of three decisions."""
    bounds = {"rate": [0.0, 1.0], "momentum": [0.0, 1.0]}
    table = pandas.DataFrame()
    trials = {f"t{at}": {name: float(draw.uniform()) for name in bounds} for at in range(4)}
    reward = {trial: 0.0 for trial in trials}
    before = {trial: None for trial in trials}
    segments, seen = [], {}

    def select_config(x, y, current, newpoint, bounds, num_f):
        seen.update(x=x, y=y)
        return numpy.array([float(draw.uniform()) for _ in bounds])

    pb2._select_config = select_config
    for generation in range(5):
        for trial, config in trials.items():
            reward[trial] += round(float(draw.uniform()), 3)
            row = [[trial, 10 * (generation + 1), *config.values(), reward[trial]]]
            table = pandas.concat([table, pandas.DataFrame(row, columns=["Trial", "Time", *bounds, "Reward"])])
            table = table.reset_index(drop=True)
            segment = {"trial": int(trial[1:]), "generation": generation, "fromStep": 10 * generation}
            segments.append({**segment, "hyperparameters": dict(config), "before": before[trial], "score": reward[trial]})
            before[trial] = reward[trial]
        if generation == 0:
            continue
        worst, best = min(reward, key=reward.get), max(reward, key=reward.get)
        config, table = pb2._explore(table, bounds, None, best, worst, trials[best])
        trials[worst] = {name: float(value) for name, value in config.items()}
        reward[worst] = before[worst] = reward[best]
    rows = [{"time": t, "before": r, "hyperparameters": h, "rate": y} for (t, r, *h), y in zip(columns(seen["x"]), seen["y"])]
    return [{"segments": segments, "rows": rows}]


if __name__ == "__main__":
    draw = numpy.random.default_rng(2020)
    parts = {"kappas": kappas(), "scaled": scaled(draw), "processes": processes(draw), "changes": changes(draw)}
    history.write("ray-pb2", PEER, [parts])
