"""The example sweep on Ray Tune: PopulationBasedTraining of a Keras MLP.   ray_sweep.py GENERATIONS CPUS_A_TRIAL

The same space, population, interval, factors and batches as examples/mnist-10k-pbt-population-8-generations-20.yaml. Keras builds
momentum and dropout into its training function, so that an exploited trial has its model built and traced again.
CPUS_A_TRIAL: 1, two trials train at a time and take turns; 0.25, all eight are kept in memory and share the two cores.
"""

import json
import os
import shutil
import sys
import tempfile

import numpy as np
import ray
from ray import tune

import common

LIMITS = {"learningRate": (1e-3, 1.0), "momentum": (0.5, 0.99), "dropout": (0.0, 0.5)}
STEPS, BATCH_SIZE = 125, 64


def within_limits(config):
    """Ray Tune's factors may lead out of the space: a momentum above 1, for example."""
    return {**config, **{name: min(max(config[name], low), high) for name, (low, high) in LIMITS.items()}}


class Member(tune.Trainable):
    """A trial; an iteration is a generation: one epoch and an evaluation."""

    def setup(self, config, data):
        self._data = data
        self._build(config)

    def reset_config(self, new_config):
        self._build(new_config)
        return True

    def _build(self, config):
        import keras
        from keras import layers

        keras.utils.set_random_seed(7)
        keras.backend.clear_session()
        hidden = layers.Dense(config["hidden"], activation="relu", kernel_initializer="he_normal")
        dropout = layers.Dropout(config["dropout"])
        self._model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), hidden, dropout, layers.Dense(10)])
        self._model.compile(
            optimizer=keras.optimizers.SGD(config["learningRate"], momentum=config["momentum"]),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
            jit_compile=False,
        )
        self._model.optimizer.build(self._model.trainable_variables)

    def step(self):
        x, y, validation_x, validation_y = self._data
        self._model.fit(x, y, batch_size=BATCH_SIZE, epochs=1, verbose=0)
        _, accuracy = self._model.evaluate(validation_x, validation_y, batch_size=500, verbose=0)
        return {"val_accuracy": accuracy}

    def _variables(self):
        return [*self._model.variables, *self._model.optimizer.variables]

    def save_checkpoint(self, checkpoint_dir):
        np.savez(os.path.join(checkpoint_dir, "state.npz"), *[variable.numpy() for variable in self._variables()])

    def load_checkpoint(self, checkpoint_dir):
        with np.load(os.path.join(checkpoint_dir, "state.npz")) as state:
            for variable, value in zip(self._variables(), state.values(), strict=True):
                variable.assign(value)


def split_data():
    """x and y to train on, then to validate on; images scaled."""
    x, y = common.images().astype(np.float32) / np.float32(255), common.labels()
    rows = [common.split(name) for name in ("train", "validation")]
    return [part[split] for split in rows for part in (x, y)]


def make_tuner(generations, cpus, folder):
    scheduler = tune.schedulers.PopulationBasedTraining(
        time_attr="training_iteration",
        perturbation_interval=1,
        quantile_fraction=0.25,
        resample_probability=0.25,
        perturbation_factors=(1.2, 0.8),
        hyperparam_mutations={
            "learningRate": tune.loguniform(*LIMITS["learningRate"]),
            "momentum": tune.uniform(*LIMITS["momentum"]),
            "dropout": tune.uniform(*LIMITS["dropout"]),
        },
        custom_explore_fn=within_limits,
    )
    return tune.Tuner(
        tune.with_resources(tune.with_parameters(Member, data=split_data()), {"cpu": cpus}),
        param_space={"hidden": tune.choice([64, 128, 256])},
        tune_config=tune.TuneConfig(
            metric="val_accuracy", mode="max", num_samples=common.MEMBERS, scheduler=scheduler, reuse_actors=True
        ),
        run_config=tune.RunConfig(storage_path=folder, stop={"training_iteration": generations}, verbose=0),
    )


def main():
    generations, cpus = int(sys.argv[1]), float(sys.argv[2])
    folder = tempfile.mkdtemp(prefix="peers-ray-")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, _temp_dir=os.path.join(folder, "ray"))
    try:
        results = make_tuner(generations, cpus, os.path.join(folder, "results")).fit()
        iterations = [(result.metrics or {}).get("training_iteration", 0) for result in results]
        best = max((result.metrics or {}).get("val_accuracy", 0) for result in results)
        print(json.dumps({"best": best, "steps": sum(iterations) * STEPS, "wanted": generations * common.MEMBERS * STEPS}))
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
