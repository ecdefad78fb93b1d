import { describe, expect, it } from 'vitest';
import { asha } from '../../src/schedulers/asha.js';
import { fifo } from '../../src/schedulers/fifo.js';
import { hyperband } from '../../src/schedulers/hyperband.js';
import { medianStopping } from '../../src/schedulers/median-stopping.js';
import { pasha } from '../../src/schedulers/pasha.js';
import { patience } from '../../src/schedulers/patience.js';
import { percentileStopping } from '../../src/schedulers/percentile-stopping.js';
import { successiveHalving } from '../../src/schedulers/successive-halving.js';

const makers: Record<string, [make: (options: never) => unknown, required: object]> = {
  fifo: [fifo, {}],
  medianStopping: [medianStopping, {}],
  percentileStopping: [percentileStopping, { percentile: 25 }],
  patience: [patience, { reports: 3 }],
  successiveHalving: [successiveHalving, {}],
  asha: [asha, {}],
  hyperband: [hyperband, {}],
  pasha: [pasha, {}],
};
const make = (name: string, options: unknown) => makers[name]![0](options as never);
const refusal = (code: string, text: string) =>
  expect.objectContaining({ code: `SCHEDULERS_${code}`, kind: 'input', message: expect.stringContaining(text) });

describe.each(Object.entries(makers))('options of %s', (name, [, required]) => {
  it('may be left at their defaults', () => {
    expect(() => make(name, required)).not.toThrow();
  });

  it.each([null, [], 3, 'x', true])('must be an object, not %j', (given) => {
    expect(() => make(name, given)).toThrow(refusal('OPTIONS_NOT_AN_OBJECT', name));
  });

  it('must have known names', () => {
    expect(() => make(name, { ...required, nonsense: 1 })).toThrow(refusal('OPTION_UNKNOWN', '"nonsense" is not'));
  });
});

describe('options of multi-fidelity schedulers', () => {
  it.each<[string, object]>([
    ['percentileStopping', {}],
    ['patience', {}],
  ])('of %s must be given where there is no default', (name, options) => {
    expect(() => make(name, options)).toThrow(refusal('OPTION_MISSING', name));
  });

  it('are suggested where one is misspelt', () => {
    expect(() => make('asha', { minStep: 1 })).toThrow(refusal('OPTION_UNKNOWN', 'Did you mean "minSteps"?'));
  });

  const wholes: [string, string, number][] = [
    ['fifo', 'interval', 1],
    ['medianStopping', 'interval', 1],
    ['medianStopping', 'warmupSteps', 0],
    ['medianStopping', 'startupTrials', 0],
    ['medianStopping', 'minTrials', 1],
    ['patience', 'reports', 1],
    ['successiveHalving', 'trials', 1],
    ['successiveHalving', 'minSteps', 1],
    ['asha', 'reduction', 2],
    ['asha', 'brackets', 1],
    ['pasha', 'interval', 1],
    ['hyperband', 'reduction', 2],
  ];
  it.each(wholes)('of %s: %s is a whole number of at least %d', (name, option, least) => {
    const given = (value: unknown) => () => make(name, { ...makers[name]![1], [option]: value });
    expect(given(least)).not.toThrow();
    for (const bad of [least - 1, least + 0.5, `${least}`, Number.NaN, null, Number.POSITIVE_INFINITY]) {
      expect(given(bad)).toThrow(refusal('OPTION_INVALID', option));
    }
  });

  it.each<[string, object]>([
    ['percentileStopping', { percentile: 0 }],
    ['percentileStopping', { percentile: 100 }],
    ['percentileStopping', { percentile: Number.NaN }],
    ['medianStopping', { over: 'means' }],
    ['medianStopping', { among: null }],
    ['patience', { reports: 3, minDelta: -0.1 }],
    ['patience', { reports: 3, wrapped: asha() }],
    ['patience', { reports: 3, wrapped: 'median' }],
    ['asha', { variant: 'synchronous' }],
    ['asha', { cutoff: 'median' }],
    ['hyperband', { variant: 'asynchronous' }],
  ])('of %s refuse %j', (name, options) => {
    expect(() => make(name, options)).toThrow(refusal('OPTION_INVALID', name));
  });
});
