"""What a decision of Ray Tune's PopulationBasedTraining costs. Reads {"population", "generations", "synchronous", "scores"} from standard
input, scores by generation and trial; prints milliseconds of CPU: synchronous, of the result that lets the whole population be decided on, otherwise
of each result. Trials and controller are stand-ins that train and save nothing."""

import json
import logging
import sys
import time
from types import SimpleNamespace

from ray import tune
from ray.tune.experiment import Trial
from ray.tune.schedulers import PopulationBasedTraining

logging.disable(logging.WARNING)
FLOATS = [f"x{at}" for at in range(8)]


class Member:
    """What the scheduler looks at of a trial, and changes."""

    def __init__(self, number, config, paused):
        self.trial_id = self.experiment_tag = str(number)
        self.status = Trial.PAUSED if paused else Trial.RUNNING
        self.checkpoint = SimpleNamespace(path=f"checkpoint {number}")
        self.temporary_state = SimpleNamespace(saving_to=None)
        config_of_checkpoints = SimpleNamespace(num_to_keep=None)
        manager = SimpleNamespace(checkpoint_config=config_of_checkpoints, _latest_checkpoint_result=None)
        self.run_metadata = SimpleNamespace(checkpoint_manager=manager)
        self.config = config
        self.evaluated_params = {}

    def is_finished(self):
        return False

    def set_experiment_tag(self, tag):
        self.experiment_tag = tag

    def set_config(self, config):
        self.config = config


class Controller:
    search_alg = None

    def __init__(self, members):
        self.members = members

    def get_trials(self):
        return self.members

    def get_live_trials(self):
        return self.members

    def pause_trial(self, trial, should_checkpoint):
        pass

    def _schedule_trial_save(self, trial, result):
        return trial.checkpoint


def times(population, generations, synchronous, scores):
    mutations = {name: tune.loguniform(1e-4, 1) for name in FLOATS} | {"warmup": tune.randint(1, 500)}
    scheduler = PopulationBasedTraining(
        time_attr="training_iteration",
        metric="score",
        mode="max",
        perturbation_interval=1,
        hyperparam_mutations=mutations,
        synch=synchronous,
        log_config=False,
    )
    domains = mutations.items()
    members = [Member(at, {"hidden": 64} | {name: one.sample() for name, one in domains}, synchronous) for at in range(population)]
    controller = Controller(members)
    for member in members:
        scheduler.on_trial_add(controller, member)
    spent = []
    for generation in range(1, generations + 1):
        own = []
        for member, score in zip(members, scores[generation - 1]):
            result = {"training_iteration": generation, "score": score}
            start = time.process_time()
            scheduler.on_trial_result(controller, member, result)
            own.append(1e3 * (time.process_time() - start))
        spent += own[-1:] if synchronous else own
    assert scheduler._num_perturbations > 0
    return spent


if __name__ == "__main__":
    job = json.load(sys.stdin)
    print(json.dumps(times(**job)))
