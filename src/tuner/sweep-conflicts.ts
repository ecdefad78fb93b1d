/** What cannot go together in a sweep whose parts are right by themselves. */
import { namedSampler, takesSeveralObjectives } from '../study/index.js';
import type { Problem } from './sweep-problem.js';
import { samplerSettings } from './sweep-sampler.js';
import type { ParsedSweep } from './sweep-schema.js';

/** A replay proposes nothing. */
export function earlierProblems({ strategy, earlier }: ParsedSweep): Problem[] {
  if (earlier === undefined || strategy.replay === undefined) return [];
  const text = 'is for strategies that search, and replay repeats what was found; leave it out';
  return [{ path: ['earlier'], text }];
}

/** What a study of several objectives, or one with bounds of outcomes, cannot have. */
export function severalProblems({ strategy, sampler, stop, objectives, outcomes }: ParsedSweep): Problem[] {
  const [kind = ''] = Object.entries(strategy).find(([, one]) => one !== undefined) ?? [];
  const isPopulation = kind === 'pbt' || kind === 'pb2';
  const problems: Problem[] = [];
  if (outcomes !== undefined && isPopulation) {
    const text = `is for trials that are decided on one by one, and ${kind} copies members by their score alone; use another strategy`;
    problems.push({ path: ['outcomes'], text });
  }
  if (objectives === undefined) return problems;
  problems.push(...severalByRandom(kind, objectives.length));
  return [
    ...problems,
    ...oneObjectiveProblems(objectives.length, sampler && namedSampler(samplerSettings(sampler)).name, stop),
  ];
}

/** A strategy that looks at intermediate results, or copies members, goes by one objective. */
export function severalByRandom(strategy: string, objectiveCount: number): Problem[] {
  if (strategy === 'random') return [];
  const text = `compares trials by one objective, and there are ${objectiveCount}; use random (with the sampler nsga2 or tpe), or objective`;
  return [{ path: ['strategy', strategy], text }];
}

/** Samplers and rules that go by a single number. */
export function oneObjectiveProblems(
  objectiveCount: number,
  sampler: string | undefined,
  stop: { readonly regret?: unknown } | undefined,
): Problem[] {
  const problems: Problem[] = [];
  if (sampler !== undefined && !takesSeveralObjectives(sampler)) {
    const text = `learns from one objective, and there are ${objectiveCount}; use nsga2, tpe, random, sobol, latinHypercube or grid`;
    problems.push({ path: ['sampler'], text: `${sampler} ${text}` });
  }
  if (stop?.regret !== undefined) {
    const text = `is for one objective, and there are ${objectiveCount}; use stop.plateau or budget`;
    problems.push({ path: ['stop', 'regret'], text });
  }
  return problems;
}

/** Rules look at trials that are over, and a population's are over all at once: it has generations instead. */
export function stopProblems({ strategy, stop }: Pick<ParsedSweep, 'stop'> & { readonly strategy: object }): Problem[] {
  if (stop === undefined) return [];
  const [kind = ''] = Object.entries(strategy).find(([, one]) => one !== undefined) ?? [];
  const isPopulation = kind === 'pbt' || kind === 'pb2';
  const { plateau, regret } = stop;
  if (kind === 'replay') {
    const text =
      'is for strategies that search, and replay trains all trials to the end; use objective.target or budget';
    return [{ path: ['stop'], text }];
  }
  const problems: Problem[] = [];
  if (isPopulation && regret !== undefined) {
    const text = `is for strategies whose trials end one by one, and ${kind} trains all of them to the end; use stop.plateau`;
    problems.push({ path: ['stop', 'regret'], text });
  }
  const [wanted, other] = isPopulation ? (['generations', 'trials'] as const) : (['trials', 'generations'] as const);
  if (plateau?.[other] !== undefined) {
    const why = isPopulation ? 'a population trains all of its trials to the end' : 'only populations have generations';
    problems.push({ path: ['stop', 'plateau', other], text: `must be ${wanted} here, since ${why}` });
  } else if (plateau !== undefined && plateau[wanted] === undefined) {
    const text = 'must be an integer of at least 1, and is missing';
    problems.push({ path: ['stop', 'plateau', wanted], text });
  }
  return problems;
}
