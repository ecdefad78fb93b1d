import { describe, expect, it } from 'vitest';
import { parsePbtOptions } from '../../src/schedulers/index.js';
import { parsePb2Options } from '../../src/schedulers/pb2-options.js';

const required = { population: 8, interval: 125 };

describe('parsePbtOptions', () => {
  it('fills in the defaults', () => {
    const defaults = { quantile: 0.25, resample: 0.25, factors: [0.8, 1.2], burnIn: 0 };
    expect(parsePbtOptions(required)).toStrictEqual({ ...required, ...defaults });
    expect(parsePbtOptions({ ...required, quantile: undefined })).toStrictEqual({ ...required, ...defaults });
  });

  it('keeps what is given, up to the ends of what is allowed', () => {
    const given = { population: 2, interval: 1, quantile: 0.5, resample: 0, factors: [1, 0.5], burnIn: 1000 };
    expect(parsePbtOptions(given)).toStrictEqual(given);
    expect(parsePbtOptions({ ...given, resample: 1, factors: [3] })).toMatchObject({ resample: 1, factors: [3] });
  });

  it.each<[unknown, string, string]>([
    [null, 'SCHEDULERS_PBT_NOT_AN_OBJECT', 'not null'],
    [[8, 125], 'SCHEDULERS_PBT_NOT_AN_OBJECT', 'not [8,125]'],
    [8, 'SCHEDULERS_PBT_NOT_AN_OBJECT', 'not 8'],
    [{ population: 8 }, 'SCHEDULERS_PBT_OPTION_MISSING', 'interval'],
    [{ interval: 8 }, 'SCHEDULERS_PBT_OPTION_MISSING', 'population'],
    [{ ...required, quantil: 0.2 }, 'SCHEDULERS_PBT_OPTION_UNKNOWN', 'Did you mean "quantile"?'],
    [{ ...required, burnin: 10 }, 'SCHEDULERS_PBT_OPTION_UNKNOWN', 'Did you mean "burnIn"?'],
    ...[1, 0, -1, 2.5, '8', Number.NaN, null].map(
      (population) => [{ ...required, population }, 'SCHEDULERS_PBT_OPTION_INVALID', 'population'] as never,
    ),
    ...[0, -1, 0.5, '125', Number.POSITIVE_INFINITY].map(
      (interval) => [{ ...required, interval }, 'SCHEDULERS_PBT_OPTION_INVALID', 'interval'] as never,
    ),
    ...[0, 0.51, -0.1, Number.NaN, '0.25'].map(
      (quantile) => [{ ...required, quantile }, 'SCHEDULERS_PBT_OPTION_INVALID', 'quantile'] as never,
    ),
    ...[-0.1, 1.1, Number.NaN, true].map(
      (resample) => [{ ...required, resample }, 'SCHEDULERS_PBT_OPTION_INVALID', 'resample'] as never,
    ),
    ...[[], [1], [1, 1], [0, 1.2], [-1, 2], [Number.NaN], ['0.8'], 1.2, null].map(
      (factors) => [{ ...required, factors }, 'SCHEDULERS_PBT_OPTION_INVALID', 'factors'] as never,
    ),
    ...[-1, 0.5, '10', Number.NaN].map(
      (burnIn) => [{ ...required, burnIn }, 'SCHEDULERS_PBT_OPTION_INVALID', 'burnIn'] as never,
    ),
  ])('refuses %j', (given, code, text) => {
    expect(() => parsePbtOptions(given)).toThrow(
      expect.objectContaining({ code, kind: 'input', message: expect.stringContaining(text) }),
    );
  });

  it('keeps what may be left out, where it is given', () => {
    const given = { exploit: 'ttest', window: 5, significance: 0.1, asynchronous: true, explore: 'resample' };
    expect(parsePbtOptions({ ...required, ...given })).toMatchObject(given);
    const own = () => 1;
    expect(parsePbtOptions({ ...required, explore: own }).explore).toBe(own);
    expect(parsePbtOptions({ ...required, interval: '2 epochs' }).interval).toEqual({ epochs: 2 });
    const plateau = { patience: 3, minDelta: 0.001, every: 50 };
    expect(parsePbtOptions({ ...required, interval: { plateau } }).interval).toEqual({ plateau });
    expect(parsePbtOptions({ ...required, backtrack: {} }).backtrack).toEqual({
      patience: 3,
      tolerance: 0,
      checkpoints: 1,
      who: 'worst',
    });
    expect(parsePb2Options({ ...required, kappa: 0, memory: 50 })).toMatchObject({
      kappa: 0,
      memory: 50,
      quantile: 0.25,
    });
  });

  it.each<[object, string]>([
    [{ exploit: 'trunkation' }, 'exploit'],
    [{ window: 1 }, 'window'],
    [{ significance: 0 }, 'significance'],
    [{ significance: 1 }, 'significance'],
    [{ asynchronous: 'yes' }, 'asynchronous'],
    [{ explore: 'perturbe' }, 'explore'],
    [{ interval: '2 hours' }, 'interval'],
    [{ interval: { plateau: {} } }, 'interval'],
    [{ backtrack: true }, 'backtrack'],
    [{ backtrack: { patience: 0 } }, 'backtrack'],
    [{ backtrack: { tolerance: -1 } }, 'backtrack'],
    [{ backtrack: { who: 'best' } }, 'backtrack'],
    [{ backtrack: { pateince: 2 } }, 'backtrack'],
  ])('refuses %j', (given, name) => {
    expect(() => parsePbtOptions({ ...required, ...given })).toThrow(
      expect.objectContaining({
        code: 'SCHEDULERS_PBT_OPTION_INVALID',
        message: expect.stringContaining(`option ${name} of pbt`),
      }),
    );
    expect(() => parsePb2Options({ ...required, kappa: -1 })).toThrow(
      'The option kappa of pb2 must be a number of at least 0',
    );
  });

  it('says what must hold and what was given', () => {
    expect(() => parsePbtOptions({ ...required, quantile: 0.6 })).toThrow(
      'The option quantile of pbt must be a number above 0 and at most 0.5 (so that the best and the worst never overlap), not 0.6.',
    );
  });
});
