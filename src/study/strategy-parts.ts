/** The sampler and the scheduler that a study's settings name. Samplers and schedulers check their own options. */
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
} from '../samplers/index.js';
import {
  asha,
  type FidelityScheduler,
  fifo,
  hyperband,
  hyperbandBrackets,
  medianStopping,
  pasha,
  patience,
  percentileStopping,
  successiveHalving,
} from '../schedulers/index.js';
import { regret } from './regret.js';
import {
  type FidelityStrategy,
  type SamplerSettings,
  type StopSettings,
  type StudySettings,
  type SweepSampler,
  type TrialwiseStrategy,
  trialCount,
} from './settings.js';
import { plateau, type StopRule } from './stopping.js';

/** Options are checked by what takes them, so that a message is the same wherever they are written. */
type Make<T> = (options: never) => T;

const samplers: Readonly<Record<SweepSampler, Make<Sampler>>> = {
  random: () => randomSampler(),
  sobol: () => sobolSampler(),
  latinHypercube: latinHypercubeSampler,
  grid: gridSampler,
  tpe: tpeSampler,
  gp: gpSampler,
  cmaEs: cmaEsSampler,
  evolution: regularisedEvolutionSampler,
  nsga2: nsga2Sampler,
  bohb: bohbSampler,
};

/** Samplers that learn from results: with them, trials are proposed one after another. */
const learning: readonly SamplerSettings['name'][] = ['tpe', 'gp', 'cmaEs', 'evolution', 'nsga2', 'bohb', 'own'];

/** Samplers that compare trials by a single number. */
const ofOneObjective: readonly string[] = ['gp', 'cmaEs', 'evolution', 'bohb'];

/** Of a user's own it is taken to be so. */
export function learnsFromResults(sampler: SamplerSettings['name']): boolean {
  return learning.includes(sampler);
}

/** Whether the sampler may be asked in a study of several objectives. */
export function takesSeveralObjectives(sampler: string): boolean {
  return !ofOneObjective.includes(sampler);
}

/** @param own the user's, where the settings name it. Errors: SAMPLERS_OPTION…. */
export function samplerOf({ sampler, strategy }: Pick<StudySettings, 'sampler' | 'strategy'>, own?: Sampler): Sampler {
  const { name, options } = namedSampler(sampler ?? defaultSampler(strategy));
  if (name === 'own') return loaded('sampler', own);
  const all = name === 'latinHypercube' ? { points: trialCount(strategy), ...options } : options;
  return samplers[name](all as never);
}

/** What has been loaded from the module that settings name. */
export function loaded<T>(what: string, own: T | undefined): T {
  if (own === undefined) throw new Error(`the ${what} has to be loaded first`);
  return own;
}

/** Which one a study asks. */
export function samplerName({
  sampler,
  strategy,
}: Pick<StudySettings, 'sampler' | 'strategy'>): SamplerSettings['name'] {
  return namedSampler(sampler ?? defaultSampler(strategy)).name;
}

function defaultSampler({ kind }: StudySettings['strategy']): SweepSampler {
  return kind === 'bohb' ? 'bohb' : 'random';
}

export function namedSampler(sampler: SweepSampler | SamplerSettings): SamplerSettings {
  return typeof sampler === 'string' ? { name: sampler, options: {} } : sampler;
}

const schedulers: Readonly<Record<Exclude<FidelityStrategy['kind'], 'own'>, Make<FidelityScheduler>>> = {
  asha,
  successiveHalving,
  hyperband,
  bohb: hyperband,
  pasha,
  median: medianStopping,
  percentile: percentileStopping,
  patience,
};

/** @param own the user's, where the settings name it. Errors: SCHEDULERS_OPTION…. */
export function fidelitySchedulerOf(strategy: TrialwiseStrategy, own?: FidelityScheduler): FidelityScheduler {
  if (strategy.kind === 'random') return fifo({ interval: strategy.interval });
  if (strategy.kind === 'own') return loaded('scheduler', own);
  return schedulers[strategy.kind](strategy.options as never);
}

/** In the order in which they are asked. Errors: STUDY_OPTION…. */
export function stopRulesOf({ plateau: waits, regret: bound }: StopSettings): StopRule[] {
  const { trials, minDelta = 0 } = waits ?? {};
  return [
    ...(trials === undefined ? [] : [plateau({ trials, minDelta })]),
    ...(bound === undefined ? [] : [regret(bound)]),
  ];
}

/** Trials that all brackets of one round of Hyperband start, with its options as a strategy has them. */
export function roundOfHyperband({ minSteps, reduction }: FidelityStrategy['options'], maxSteps: number): number {
  const brackets = hyperbandBrackets(Number(minSteps), Number(reduction), maxSteps);
  return brackets.reduce((sum, { trialCount: count }) => sum + count, 0);
}
