/** Samplers and schedulers of objectives, by the names that sweeps have for them. */
import {
  bohbSampler,
  cmaEsSampler,
  gpSampler,
  gridSampler,
  latinHypercubeSampler,
  nsga2Sampler,
  randomSampler,
  regularisedEvolutionSampler,
  type Sampler,
  sobolSampler,
  tpeSampler,
} from '../../samplers/index.js';
import {
  asha,
  type FidelityScheduler,
  hyperband,
  medianStopping,
  pasha,
  patience,
  percentileStopping,
  successiveHalving,
} from '../../schedulers/index.js';
import { loaded } from '../strategy-parts.js';
import type { ObjectiveStudySettings } from './settings.js';

type Given = Readonly<Record<string, unknown>>;
type Options<F extends (...all: never[]) => unknown> = Parameters<F>[0];

const samplers: Readonly<Record<string, (options: Given, trials: number) => Sampler>> = {
  tpe: (options) => tpeSampler(options as Options<typeof tpeSampler>),
  random: () => randomSampler(),
  nsga2: (options) => nsga2Sampler(options as Options<typeof nsga2Sampler>),
  gp: (options) => gpSampler(options as Options<typeof gpSampler>),
  cmaEs: (options) => cmaEsSampler(options as Options<typeof cmaEsSampler>),
  bohb: (options) => bohbSampler(options as Options<typeof bohbSampler>),
  sobol: (options) => sobolSampler(options as Options<typeof sobolSampler>),
  latinHypercube: (options, trials) => latinHypercubeSampler({ points: trials, ...options }),
  grid: (options) => gridSampler(options as Options<typeof gridSampler>),
  evolution: (options) => regularisedEvolutionSampler(options as Options<typeof regularisedEvolutionSampler>),
};

type MakeScheduler = (options: Given, trials: number, own?: FidelityScheduler) => FidelityScheduler | null;

/** A function that is paused runs again from its checkpoint; where a scheduler can stop instead, it does unless it is told otherwise. */
const strategies: Readonly<Record<string, MakeScheduler>> = {
  random: () => null,
  asha: (options) => asha({ variant: 'stopping', ...options }),
  hyperband: (options) => hyperband({ variant: 'stopping', ...options }),
  successiveHalving: (options, trials) => successiveHalving({ trials, ...options }),
  pasha: (options) => pasha(options),
  median: (options) => medianStopping(options),
  percentile: (options) => percentileStopping(options as unknown as Options<typeof percentileStopping>),
  patience: (options) => patience(options as unknown as Options<typeof patience>),
  own: (_options, _trials, own) => loaded('scheduler', own),
};

export const objectiveSamplers = Object.keys(samplers);
export const objectiveStrategies = Object.keys(strategies);

/**
 * Errors: SAMPLERS_OPTION….
 *
 * @param kind one of {@link objectiveSamplers}, or `own`
 * @param own the user's, where the settings name it
 */
export function makeSampler(
  { sampler: { kind, options }, trials }: Pick<ObjectiveStudySettings, 'sampler' | 'trials'>,
  own?: Sampler,
): Sampler {
  if (kind === 'own') return loaded('sampler', own);
  return samplers[kind]!(options, trials);
}

/**
 * `null`: none, every trial goes on to its end. Errors: SCHEDULERS_OPTION….
 *
 * @param own the user's, where the settings name it
 */
export function makeScheduler(
  { strategy: { kind, options }, trials }: Pick<ObjectiveStudySettings, 'strategy' | 'trials'>,
  own?: FidelityScheduler,
): FidelityScheduler | null {
  return strategies[kind]!(options, trials, own);
}
