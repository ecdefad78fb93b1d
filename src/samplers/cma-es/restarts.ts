/**
 * What follows a run that is over.
 *
 * - IPOP: a new run with twice the points in a generation (Auger and Hansen 2005, https://doi.org/10.1109/CEC.2005.1554902).
 * - BIPOP: in turn such runs and short ones with few points and a small step, so that both use as many trials (Hansen 2009,
 *   https://doi.org/10.1145/1570256.1570333).
 */
import { foldIn, type Key, uniform } from '../../random/index.js';

export type Restarts = 'none' | 'ipop' | 'bipop';

/** How a run begins, and what the runs before it used. */
export interface Regime {
  /** Runs before it. */
  readonly run: number;
  readonly lambda: number;
  /** Of the first run's step size. */
  readonly sigmaFactor: number;
  readonly isLarge: boolean;
  /** Points in a generation of the latest large run. */
  readonly largeLambda: number;
  /** Trials that large and small runs used. The first one counts as neither. */
  readonly largeTrials: number;
  readonly smallTrials: number;
}

export function firstRegime(lambda: number): Regime {
  return {
    run: 0,
    lambda,
    sigmaFactor: 1,
    isLarge: true,
    largeLambda: lambda,
    largeTrials: 0,
    smallTrials: 0,
  };
}

/**
 * @param before that of the run that is over
 * @param trials what it used
 * @param first points in a generation of the first run
 */
export function nextRegime(
  restarts: 'ipop' | 'bipop',
  before: Regime,
  trials: number,
  first: number,
  studyKey: Key,
): Regime {
  const run = before.run + 1;
  const largeTrials = before.largeTrials + (before.isLarge && before.run > 0 ? trials : 0);
  const smallTrials = before.smallTrials + (before.isLarge ? 0 : trials);
  const isLarge = restarts === 'ipop' || smallTrials >= largeTrials;
  const largeLambda = isLarge ? 2 * before.largeLambda : before.largeLambda;
  const counts = { run, isLarge, largeLambda, largeTrials, smallTrials };
  if (isLarge) return { ...counts, lambda: largeLambda, sigmaFactor: 1 };
  const u = uniform(foldIn(studyKey, 'regime', run));
  const lambda = Math.floor(first * ((0.5 * largeLambda) / first) ** (u * u));
  return { ...counts, lambda: Math.max(2, lambda), sigmaFactor: 10 ** (-2 * uniform(foldIn(studyKey, 'sigma', run))) };
}
