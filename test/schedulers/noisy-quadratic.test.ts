/** The quadratic that ways to select are compared on (`bench/quality/noisy-quadratic.mjs`): its moments are those of training that is simulated. */
import { describe, expect, it } from 'vitest';
import { batch, beginTraining, curvatures, expectedLoss, train } from '../../bench/quality/noisy-quadratic.mjs';
import { foldIn, normal, seedKey } from '../../src/random/index.js';

const hyperparameters = { learningRate: 0.3, momentum: 0.8 };
const [runs, steps] = [4000, 12];

/** x² after each run of stochastic gradient descent in one dimension, by its definition. */
function simulate(h: number): number[] {
  return Array.from({ length: runs }, (_, run) => {
    const key = foldIn(seedKey(3), run);
    let [x, v] = [normal(foldIn(key, 'start')), 0];
    for (let step = 0; step < steps; step++) {
      v = hyperparameters.momentum * v + h * x + Math.sqrt(h / batch) * normal(foldIn(key, step));
      x -= hyperparameters.learningRate * v;
    }
    return x * x;
  });
}

describe('the noisy quadratic', () => {
  it.each([0, 4, 49])('has the moments of simulated training in dimension %i', (dimension) => {
    const squares = simulate(curvatures[dimension]!);
    const mean = squares.reduce((sum, one) => sum + one, 0) / runs;
    const variance = squares.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (runs - 1);
    // four standard errors: one in 16,000 of right ones would fail, and these draws are always the same
    const error = Math.abs(train(beginTraining(), hyperparameters, steps).xx[dimension]! - mean);
    expect(error).toBeLessThan(4 * Math.sqrt(variance / runs));
  });

  it('goes on from a state as if it had never stopped', () => {
    const halfway = train(beginTraining(), hyperparameters, 5);
    expect(train(halfway, hyperparameters, 7)).toEqual(train(beginTraining(), hyperparameters, 12));
  });

  it('gets further at first with a large learning rate, and in the end with a small one', () => {
    const loss = (learningRate: number, after: number) =>
      expectedLoss(train(beginTraining(), { learningRate, momentum: 0.9 }, after));
    expect(loss(0.1, 125)).toBeLessThan(loss(0.01, 125));
    expect(loss(0.1, 2500)).toBeGreaterThan(loss(0.01, 2500));
  });
});
