// The toy of Jaderberg et al. 2017, "Population based training of neural networks", section 4 (figure 2),
// https://arxiv.org/abs/1711.09846: maximise Q(θ) = 1.2 - (θ0² + θ1²), of which a member only sees the surrogate
// Q'(θ | h) = 1.2 - (h0 θ0² + h1 θ1²), by gradient steps. Two members begin at θ = (0.9, 0.9) with h = (1, 0) and (0, 1), the two
// points of a grid search: alone, each moves one of its parameters only.

export const toy = { interval: 4, generations: 50, learningRate: 0.01, start: [0.9, 0.9] };

/** Q(θ), at most 1.2. */
export function quality([theta0, theta1]) {
  return 1.2 - (theta0 ** 2 + theta1 ** 2);
}

/** One gradient step on the surrogate. */
export function trainStep([theta0, theta1], { h0, h1 }) {
  return [theta0 - toy.learningRate * 2 * h0 * theta0, theta1 - toy.learningRate * 2 * h1 * theta1];
}

/**
 * Trains the two members.
 *
 * @param decide called after each generation with { generation, members }, each { trial, theta, hyperparameters, score };
 * returns theta and hyperparameters of each for the next one
 * @returns θ of both members after each step, with the beginning
 */
export function runToy(decide) {
  let members = [
    { trial: 0, theta: toy.start, hyperparameters: { h0: 1, h1: 0 } },
    { trial: 1, theta: toy.start, hyperparameters: { h0: 0, h1: 1 } },
  ];
  const paths = members.map(({ theta }) => [theta]);
  for (let generation = 0; generation < toy.generations; generation++) {
    for (let step = 0; step < toy.interval; step++) {
      members = members.map((member) => ({ ...member, theta: trainStep(member.theta, member.hyperparameters) }));
      for (const { trial, theta } of members) paths[trial].push(theta);
    }
    const scored = members.map((member) => ({ ...member, score: quality(member.theta) }));
    members = decide({ generation, members: scored }).map((next, trial) => ({ trial, ...next }));
  }
  return paths;
}

/** The best Q of the two members after each step. */
export function bestQuality(paths) {
  return paths[0].map((_, step) => Math.max(...paths.map((path) => quality(path[step]))));
}

/**
 * The four runs of the figure.
 *
 * @param rooms { pbt, parsePbtOptions, explore, parseSpace, foldIn, seedKey } of the tuner
 */
export function toyRuns({ pbt, parsePbtOptions, explore, parseSpace, foldIn, seedKey }) {
  const space = parseSpace({ h0: { float: [0, 1] }, h1: { float: [0, 1] } });
  const options = { population: 2, interval: toy.interval, quantile: 0.5 };
  const full = parsePbtOptions(options);
  const byScheduler = (scheduler) => (seed) =>
    runToy(({ generation, members }) => {
      const reports = members.map(({ trial, score, hyperparameters }) => {
        const steps = (generation + 1) * toy.interval;
        return { trial, score, hyperparameters, generation, steps, lineage: [] };
      });
      const key = foldIn(seedKey(seed), 'toy');
      const input = { space, key, generation, members: reports, ready: [0, 1], frozen: new Set(), history: [] };
      return scheduler.decide(input).map((decision) => {
        if (decision.kind !== 'exploit') return members[decision.trial];
        return { theta: members[decision.parent].theta, hyperparameters: decision.hyperparameters };
      });
    });
  return {
    PBT: byScheduler(pbt(full)),
    'explore only': (seed) =>
      runToy(({ generation, members }) =>
        members.map(({ trial, theta, hyperparameters: own }) => {
          const key = foldIn(seedKey(seed), 'toy', generation, trial);
          return { theta, hyperparameters: explore(space, key, full, own, own).hyperparameters };
        }),
      ),
    // a copy takes over the weights and goes on with its own hyperparameters
    'exploit only': byScheduler(pbt(parsePbtOptions({ ...options, explore: ({ own }) => own }))),
    'grid search': () => runToy(({ members }) => members),
  };
}
