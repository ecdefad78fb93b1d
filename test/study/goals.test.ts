import { describe, expect, it } from 'vitest';
import {
  boundNames,
  checkMetrics,
  type Goals,
  keepsBounds,
  lossesOf,
  metricsOfGoals,
  objectivesOf,
  reachesTargets,
  violationsOf,
} from '../../src/study/index.js';

const accuracy = { metric: 'valAccuracy', direction: 'maximize' } as const;
const loss = { metric: 'valLoss', direction: 'minimize' } as const;
const one: Goals = { objective: { ...accuracy, target: 0.9 } };
const two: Goals = {
  objective: accuracy,
  objectives: [accuracy, loss],
  outcomes: [
    { metric: 'latency', atMost: 5 },
    { metric: 'valAccuracy', atLeast: 0.5, atMost: 0.99 },
  ],
};

describe('what a study wants', () => {
  it('is losses to minimise, of one objective or several', () => {
    expect(objectivesOf(one)).toHaveLength(1);
    expect(lossesOf(one, { valAccuracy: 0 })).toEqual([0]);
    expect(lossesOf(two, { valAccuracy: 0.75, valLoss: 2 })).toEqual([-0.75, 2]);
    expect(metricsOfGoals(two)).toEqual(['valAccuracy', 'valLoss', 'latency']);
  });

  it('is bounds, passed by how much', () => {
    expect(boundNames(two)).toEqual(['latency <= 5', 'valAccuracy <= 0.99', 'valAccuracy >= 0.5']);
    expect(violationsOf(two, { latency: 7, valAccuracy: 0.5 })).toEqual([2, -0.49, 0]);
    expect(keepsBounds(two, { latency: 5, valAccuracy: 0.5 })).toBe(true);
    expect(keepsBounds(two, { latency: 5.01, valAccuracy: 0.5 })).toBe(false);
    expect(keepsBounds(two, { latency: Number.POSITIVE_INFINITY, valAccuracy: 0.5 })).toBe(false);
    expect(violationsOf({ ...one, outcomes: [{ metric: 'a', atMost: 1 }] }, { a: Number.NEGATIVE_INFINITY })).toEqual([
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it('is targets, all that there are', () => {
    expect(reachesTargets(one, { valAccuracy: 0.9 })).toBe(true);
    expect(reachesTargets(one, { valAccuracy: 0.89 })).toBe(false);
    expect(reachesTargets(two, { valAccuracy: 1, valLoss: 0 })).toBe(false);
    const both = {
      ...two,
      objectives: [
        { ...accuracy, target: 0.8 },
        { ...loss, target: 0.3 },
      ],
    };
    expect(reachesTargets(both, { valAccuracy: 0.8, valLoss: 0.4 })).toBe(false);
    expect(reachesTargets(both, { valAccuracy: 0.8, valLoss: 0.3 })).toBe(true);
  });

  it('has to be measured', () => {
    expect(() => checkMetrics(two, ['valAccuracy', 'valLoss', 'latency'])).not.toThrow();
    expect(() => checkMetrics(two, ['valAccuracy', 'latency'])).toThrow(/objective's metric must .* not "valLoss"/);
    expect(() => checkMetrics(two, ['valAccuracy', 'valLoss'])).toThrow(/an outcome's metric must .* not "latency"/);
  });
});
