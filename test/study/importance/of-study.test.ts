import { describe, expect, it } from 'vitest';
import { foldRecords, type ObjectiveState, objectiveImportance, studyImportance } from '../../../src/study/index.js';
import { simulateStudy } from '../../report/simulated-study.js';

const methods = ['ped-anova', 'fanova', 'shapley'] as const;
const sumOf = (shares: Readonly<Record<string, number>>) => Object.values(shares).reduce((sum, one) => sum + one, 0);

describe('the importance in a study', () => {
  // only the learning rate changes how a played trial learns
  const random = { kind: 'random', trials: 60, interval: 500 } as const;
  const trials = foldRecords(simulateStudy({ strategy: random, divergesAbove: 2 }));
  const population = foldRecords(simulateStudy({ divergesAbove: 2, steps: 2500 }));

  it.each(methods)('of trials, by %s, is that of what they end with', (method) => {
    const { judged, count, shares } = studyImportance(trials, { method });
    expect({ judged, count }).toEqual({ judged: 'trials', count: 60 });
    expect(Object.keys(shares)[0]).toBe('learningRate');
    expect(sumOf(shares)).toBeCloseTo(1, 12);
  });

  it.each(methods)('of a population, by %s, is that of what its segments gain', (method) => {
    const { judged, count, shares } = studyImportance(population, { method });
    expect({ judged, count }).toEqual({ judged: 'segments', count: 6 * 20 });
    expect(Object.keys(shares).sort()).toEqual(['hidden', 'learningRate', 'momentum']);
    expect(sumOf(shares)).toBeCloseTo(1, 12);
  });

  it('of a population does not come from how far training was', () => {
    const { shares } = studyImportance(population, { method: 'shapley' });
    expect(Object.keys(shares)[0]).toBe('learningRate');
  });

  it('needs two results', () => {
    const begun = foldRecords(simulateStudy({ records: 9 }));
    expect(() => studyImportance(begun, {})).toThrow(/at least 2/);
  });

  it.each(['minimize', 'maximize'] as const)(
    'of an objective function to %s is that of its complete trials',
    (direction) => {
      const state = {
        settings: {
          space: { a: { float: [0, 1] }, b: { float: [0, 1] } },
          objective: { metric: 'm', direction },
          seed: 1,
        },
        trials: Array.from({ length: 80 }, (_, trial) => {
          const [a, b] = [(trial * 0.618) % 1, (trial * 0.755) % 1];
          const status = trial % 10 === 9 ? 'pruned' : 'complete';
          return { trial, hyperparameters: { a, b }, status, values: [direction === 'minimize' ? a ** 2 : -(a ** 2)] };
        }),
      } as unknown as ObjectiveState;
      const { judged, count, shares } = objectiveImportance(state, { method: 'ped-anova' });
      expect({ judged, count }).toEqual({ judged: 'trials', count: 72 });
      expect(shares.a).toBeGreaterThan(0.9);
    },
  );
});
