/**
 * The toy of Jaderberg et al. 2017, section 4 (figure 2): maximise Q(θ) = 1.2 - (θ0² + θ1²) by gradient steps on a
 * surrogate, Q'(θ | h) = 1.2 - (h0 θ0² + h1 θ1²). With h = [1, 0] or [0, 1], the two points of the grid search, one of the
 * parameters never moves; a population of two finds the optimum by copying and exploring.
 */
import { describe, expect, it } from 'vitest';
import { foldIn, type Key, seedKey } from '../../src/random/index.js';
import { type MemberReport, noScheduler, parsePbtOptions, pbt, type Scheduler } from '../../src/schedulers/index.js';
import { type Hyperparameters, parseSpace } from '../../src/space/index.js';

const space = parseSpace({ h0: { float: [0, 1] }, h1: { float: [0, 1] } });
const interval = 4;
const generations = 50;
const learningRate = 0.01;

type Theta = readonly [number, number];

interface Toy {
  readonly theta: Theta;
  readonly hyperparameters: Hyperparameters;
}

const quality = ([theta0, theta1]: Theta) => 1.2 - (theta0 ** 2 + theta1 ** 2);

function train({ theta, hyperparameters }: Toy): Toy {
  let [theta0, theta1] = theta;
  for (let step = 0; step < interval; step++) {
    theta0 -= learningRate * 2 * (hyperparameters.h0 as number) * theta0;
    theta1 -= learningRate * 2 * (hyperparameters.h1 as number) * theta1;
  }
  return { theta: [theta0, theta1], hyperparameters };
}

/** The best quality in the population at the end of `generations` × `interval` steps each. */
function run(scheduler: Scheduler, key: Key): number {
  let toys: Toy[] = [
    { theta: [0.9, 0.9], hyperparameters: { h0: 1, h1: 0 } },
    { theta: [0.9, 0.9], hyperparameters: { h0: 0, h1: 1 } },
  ];
  for (let generation = 0; generation < generations; generation++) {
    toys = toys.map(train);
    const members = toys.map(({ theta, hyperparameters }, trial): MemberReport => {
      return { trial, score: quality(theta), hyperparameters, generation, steps: (generation + 1) * interval };
    });
    toys = scheduler.decide({ space, key, generation, members }).map((decision) => {
      if (decision.kind !== 'exploit') return toys[decision.trial]!;
      return { theta: toys[decision.parent]!.theta, hyperparameters: decision.hyperparameters };
    });
  }
  return Math.max(...toys.map(({ theta }) => quality(theta)));
}

describe('the toy of the PBT paper', () => {
  const scheduler = pbt(parsePbtOptions({ population: 2, interval, quantile: 0.5 }));
  const grid = run(noScheduler(), seedKey(0));
  const results = Array.from({ length: 50 }, (_, seed) => run(scheduler, foldIn(seedKey(seed), 'toy')));

  it('leaves grid search at the quality of one parameter that never moved', () => {
    expect(grid).toBeLessThan(1.2 - 0.81);
    expect(grid).toBeGreaterThan(1.2 - 0.81 - 0.001);
  });

  it('is better than grid search after the same steps, for every seed', () => {
    expect(Math.min(...results)).toBeGreaterThan(grid);
  });

  it('comes near the optimum of 1.2 for most seeds', () => {
    const median = results.sort((a, b) => a - b)[25]!;
    expect(median).toBeGreaterThan(1.1);
  });
});
