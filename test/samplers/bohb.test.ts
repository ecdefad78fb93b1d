import { describe, expect, it } from 'vitest';
import { bohbSampler } from '../../src/samplers/bohb.js';
import { randomSampler } from '../../src/samplers/random.js';
import type { Observation, Sampler } from '../../src/samplers/sampler.js';
import { parseSpace } from '../../src/space/index.js';
import { input, itIsASampler, observation } from './sampler-contract.js';

const line = parseSpace({ x: { float: [0, 1] } });
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Trials at regular places, each with reports at the steps that `reach` gives it, whose losses are lowest at `bestAt` of the step. */
function reported(count: number, reach: (trial: number) => readonly number[], bestAt: (step: number) => number) {
  return Array.from({ length: count }, (_, trial): Observation => {
    const x = (0.5 + trial * 0.618) % 1;
    const reports = reach(trial).map((step) => ({ step, loss: Math.abs(x - bestAt(step)) }));
    return observation(trial, { x }, { status: 'pruned', losses: [reports.at(-1)!.loss], reports });
  });
}

/** The median of what is proposed. */
function centre(sampler: Sampler, history: readonly Observation[]): number {
  const xs = Array.from({ length: 40 }, (_, at) => {
    return sampler.propose(input(line, history.length + at, { history })).hyperparameters.x as number;
  });
  return median(xs);
}

describe('bohb', () => {
  itIsASampler(() => bohbSampler());

  const modelOnly = () => bohbSampler({ randomFraction: 0 });

  it('learns from the highest step that enough trials have reached', () => {
    // low steps mislead: good at 0.2 there is bad later
    const bestAt = (step: number) => (step === 1 ? 0.2 : 0.8);
    const many = reported(40, (trial) => (trial % 4 === 0 ? [1, 3] : [1]), bestAt);
    expect(Math.abs(centre(modelOnly(), many) - 0.8)).toBeLessThan(0.1);
    // three at the higher step are one too few: N_min is 2, and two more are needed
    const few = reported(40, (trial) => (trial < 3 ? [1, 3] : [1]), bestAt);
    expect(Math.abs(centre(modelOnly(), few) - 0.2)).toBeLessThan(0.1);
    expect(Math.abs(centre(bohbSampler({ randomFraction: 0, minPoints: 1 }), few) - 0.2)).toBeGreaterThan(0.1);
  });

  it('compares trials at the same step, however far each one came', () => {
    // loss at step 1 is at its best at 0.2; those that went on to step 2 are worse there, and must not be ranked by it
    const history = reported(
      40,
      (trial) => (trial < 3 ? [1, 2] : [1]),
      (step) => (step === 1 ? 0.2 : 5),
    );
    expect(Math.abs(centre(modelOnly(), history) - 0.2)).toBeLessThan(0.1);
  });

  it('takes complete trials without reports as they are', () => {
    const history = Array.from({ length: 30 }, (_, trial) => {
      const x = (trial * 0.618) % 1;
      return observation(trial, { x }, { losses: [(x - 0.3) ** 2] });
    });
    expect(Math.abs(centre(modelOnly(), history) - 0.3)).toBeLessThan(0.1);
  });

  it('draws a third from the prior, as random search does, whatever is known', () => {
    const history = reported(
      60,
      () => [1],
      () => 0.2,
    );
    const xs = Array.from({ length: 600 }, (_, at) => {
      return bohbSampler().propose(input(line, 60 + at, { history })).hyperparameters.x as number;
    });
    // a third of these is uniform, and nothing else is as far away from the best
    const far = xs.filter((x) => x > 0.5).length / xs.length;
    // four standard deviations of a binomial share
    expect(Math.abs(far - 1 / 6)).toBeLessThan(0.061);
  });

  it('draws from the prior while little is known', () => {
    const xs = (sampler: Sampler) =>
      Array.from({ length: 200 }, (_, trial) => sampler.propose(input(line, trial)).hyperparameters.x as number);
    expect(Math.abs(median(xs(bohbSampler())) - median(xs(randomSampler())))).toBeLessThan(0.15);
  });

  it('refuses several objectives', () => {
    expect(() => bohbSampler().propose(input(line, 0, { objectiveCount: 2 }))).toThrow(
      expect.objectContaining({ code: 'SAMPLERS_OBJECTIVE_COUNT' }),
    );
  });

  it.each([{ randomFraction: 2 }, { goodFraction: -1 }, { minPoints: 0 }, { candidates: 0 }, { gamma: 1 }])(
    'refuses %j',
    (options) => {
      expect(() => bohbSampler(options as never)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^SAMPLERS_OPTION_/) }),
      );
    },
  );
});
