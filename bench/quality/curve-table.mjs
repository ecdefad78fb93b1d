/** Trials whose learning curves are looked up in a table, on workers that train one step at a time each: a tick of simulated time. */
import { readFileSync } from 'node:fs';
import { foldIn, permutation, seedKey } from '../../dist/src/random/index.js';
import { encode, parseSpace } from '../../dist/src/space/index.js';

export function readTable(file) {
  const { space: definition, steps, trials } = JSON.parse(readFileSync(file, 'utf8'));
  const space = parseSpace(definition);
  // items of a choice stand in order here: units
  const place = (hyperparameters) => space.parameters.map((one) => encode(one, hyperparameters[one.name]));
  const places = trials.map(({ hyperparameters }) => place(hyperparameters));
  const distance = (a, b) => a.reduce((total, value, at) => total + (value - b[at]) ** 2, 0);
  return {
    space,
    steps,
    /** A random order of the table's configurations, without a repeat. */
    order: (seed) => {
      const order = permutation(foldIn(seedKey(seed), 'table'), trials.length);
      return (trial) => order.at(trial % trials.length);
    },
    /** The table's configuration that lies nearest on the parameters' scales. */
    nearest: (hyperparameters) => {
      const from = place(hyperparameters);
      let best = 0;
      for (let at = 1; at < places.length; at++)
        if (distance(places[at], from) < distance(places[best], from)) best = at;
      return best;
    },
    error: (configuration, step) => trials[configuration].errors[step - 1],
  };
}

/**
 * Runs workers until they have trained so many steps together.
 *
 * @param begin () => a task {configuration, step} to go on with, or undefined if there is nothing now
 * @param step (task, error) => whether the worker goes on with the task, having trained one more step; `error` is what it has there
 * @returns {final, anytime}: the least error seen, and the mean over steps of the least error so far
 */
export function simulate({ table, workers, budget, begin, step }) {
  const tasks = new Array(workers).fill(undefined);
  let [spent, best, total] = [0, 1, 0];
  while (spent < budget) {
    let trained = 0;
    for (let worker = 0; worker < workers && spent < budget; worker++) {
      tasks[worker] ??= begin();
      const task = tasks[worker];
      if (task === undefined) continue;
      trained++;
      task.step++;
      const error = table.error(task.configuration, task.step);
      best = Math.min(best, error);
      total += best;
      spent++;
      if (!step(task, error)) tasks[worker] = undefined;
    }
    if (trained === 0) throw new Error('all workers wait, and for nothing');
  }
  return { final: best, anytime: total / budget };
}
