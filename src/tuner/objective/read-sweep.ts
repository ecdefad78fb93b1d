/** Tells sweeps of objective functions from those of models, and reads them. */
import { resolve } from 'node:path';
import { didYouMean } from '../../errors/index.js';
import { describeValue, type Hyperparameters, type SpaceDefinition } from '../../space/index.js';
import {
  makeSampler,
  makeScheduler,
  type Named,
  type ObjectiveStudySettings,
  objectiveSamplers,
} from '../../study/index.js';
import type { EarlierRequest } from '../earlier-trials.js';
import { oneObjectiveProblems, severalByRandom, stopProblems } from '../sweep-conflicts.js';
import { schedulerMust } from '../sweep-fidelity.js';
import { invalidSweep, isModelPath, withStudy } from '../sweep-file.js';
import { goalContents, goalProblems, goalsOf } from '../sweep-goals.js';
import { type Problem, problemOf } from '../sweep-problem.js';
import { describeProblems, exactlyOne, spaceProblems } from '../sweep-problems.js';
import { isModule } from '../sweep-sampler.js';
import type { SweepSource } from '../sweep-source.js';
import { objectiveSweepSchema, type ParsedObjectiveSweep } from './sweep-schema.js';

/** Settings but for the objective's own part in its space. */
export type ReadObjectiveSweep = Omit<ObjectiveStudySettings, 'space' | 'earlier'> & {
  readonly space?: SpaceDefinition;
  /** The earlier study is still to be read. */
  readonly earlier?: EarlierRequest;
};

/** The module that may be an objective's: that of a sweep without a data set. `null`: it is a model's sweep, or neither. */
export function objectiveCandidate({ value, baseDirectory }: SweepSource): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { model, dataset } = value as { readonly model?: unknown; readonly dataset?: unknown };
  const isModule = typeof model === 'string' && isModelPath(model) && /\.[cm]?[jt]s$/.test(model);
  return isModule && (dataset === undefined || dataset === null) ? resolve(baseDirectory, model) : null;
}

/** @throws TUNER_SWEEP_INVALID, which lists everything that is wrong */
export function readObjectiveSweep(source: SweepSource): ReadObjectiveSweep {
  const given = withStudy(source);
  const parsed = objectiveSweepSchema.safeParse(given);
  const problems = [
    ...describeProblems(objectiveSweepSchema, parsed.error, given),
    ...exactlyOne(objectiveSweepSchema, given, 'strategy'),
    ...goalProblems(given),
    ...(parsed.success ? oneSampler(parsed.data.sampler) : []),
    ...spaceProblems(given),
    ...(parsed.success
      ? [...goalContents(parsed.data), ...stopProblems(parsed.data), ...deciderProblems(parsed.data)]
      : []),
  ];
  if (!parsed.success || problems.length > 0) throw invalidSweep(source, problems);
  return settingsOf(parsed.data, source.baseDirectory);
}

function oneSampler(sampler: ParsedObjectiveSweep['sampler']): Problem[] {
  if (sampler === undefined || typeof sampler === 'string') return [];
  const names = Object.keys(sampler);
  if (names.length === 1) return [];
  const has = names.length === 0 ? 'none' : names.join(' and ');
  return [{ path: ['sampler'], text: `must have exactly one of ${objectiveSamplers.join(', ')}, and has ${has}` }];
}

function deciderProblems(sweep: ParsedObjectiveSweep): Problem[] {
  const { strategy, sampler, trials } = decidersOf(sweep);
  const needsSteps = strategy.kind !== 'random' && strategy.kind !== '' && sweep.budget.steps === undefined;
  if (strategy.kind === '') return [];
  const { objectives, stop } = sweep;
  return [
    ...(objectives === undefined
      ? []
      : [
          ...severalByRandom(strategy.kind, objectives.length),
          ...oneObjectiveProblems(objectives.length, sampler.kind, stop),
        ]),
    ...schedulerProblems(strategy, trials),
    ...(sampler.kind === 'random' ? noOptions(['sampler', 'random'], sampler, []) : []),
    ...(sampler.kind === 'own' ? [] : problemOf(['sampler'], () => makeSampler({ sampler, trials }))),
    ...(needsSteps
      ? [
          {
            path: ['budget'],
            text: `must have the steps that a trial reports, as ${strategy.kind} compares trials by them`,
          },
        ]
      : []),
  ];
}

/** What its own options have against it. */
function schedulerProblems(strategy: Named, trials: number): Problem[] {
  const path = ['strategy', strategy.kind];
  if (strategy.kind === 'random') return noOptions(path, strategy, ['trials', 'parallel']);
  if (strategy.kind === 'own') return ownSchedulerProblems(path, strategy);
  return problemOf(path, () => makeScheduler({ strategy, trials }));
}

/** The module checks itself once it is loaded. */
function ownSchedulerProblems(path: readonly string[], strategy: Named): Problem[] {
  const { scheduler, ...others } = strategy.options;
  const unknown = noOptions(path, { ...strategy, options: others }, ['scheduler', 'trials', 'parallel']);
  return isModule(scheduler) ? unknown : [...unknown, { path: [...path, 'scheduler'], text: schedulerText(scheduler) }];
}

function schedulerText(given: unknown): string {
  const is = given === undefined ? 'and is missing' : `not ${describeValue(given)}`;
  return `must be ${schedulerMust}, ${is}`;
}

/** What has nothing that would check its options. */
function noOptions(path: readonly string[], { kind, options }: Named, known: readonly string[]): Problem[] {
  const may = known.length === 0 ? `${kind} has none` : `${kind} has ${known.join(' and ')}`;
  return Object.keys(options).map((name) => ({
    path: [...path, name],
    text: `is no option: ${may}.${didYouMean(name, known)}`.replace(/\.$/, ''),
  }));
}

/** @param baseDirectory where relative paths start */
function decidersOf(
  { strategy, sampler, objectives }: ParsedObjectiveSweep,
  baseDirectory = '',
): Pick<ObjectiveStudySettings, 'strategy' | 'sampler' | 'trials' | 'parallel'> {
  const [kind, given] = Object.entries(strategy).find(([, one]) => one !== undefined) ?? [
    '',
    { trials: 1, parallel: 1 },
  ];
  const { trials, parallel, ...options } = given as { readonly trials: number; readonly parallel: number };
  const { scheduler } = options as { readonly scheduler?: unknown };
  const own = kind === 'own' && isModule(scheduler) ? { scheduler: resolve(baseDirectory, scheduler) } : {};
  return {
    trials,
    parallel,
    strategy: { kind, options: { ...plain(options), ...own } },
    sampler: namedSampler(sampler ?? (objectives === undefined ? 'tpe' : 'nsga2'), baseDirectory),
  };
}

function namedSampler(sampler: NonNullable<ParsedObjectiveSweep['sampler']>, baseDirectory: string): Named {
  if (isModule(sampler)) return { kind: 'own', options: { module: resolve(baseDirectory, sampler) } };
  if (typeof sampler === 'string') return { kind: sampler, options: {} };
  const [kind, options] = Object.entries(sampler).find(([, one]) => one !== undefined) ?? ['tpe', {}];
  return { kind, options: plain(options ?? {}) };
}

/** As the journal will have it, and nobody else's to change. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function settingsOf(sweep: ParsedObjectiveSweep, baseDirectory: string): ReadObjectiveSweep {
  const { study, model, space, constraints, enqueue, earlier, budget, stop, timeout, seed } = sweep;
  return {
    study,
    model: resolve(baseDirectory, model),
    ...goalsOf(sweep),
    ...(space === undefined ? {} : { space: plain(space) as SpaceDefinition }),
    ...(constraints === undefined ? {} : { constraints }),
    ...(enqueue === undefined ? {} : { enqueue: plain(enqueue) as readonly Hyperparameters[] }),
    ...(earlier === undefined ? {} : { earlier }),
    ...decidersOf(sweep, baseDirectory),
    ...(budget.steps === undefined ? {} : { steps: budget.steps }),
    ...(budget.totalSteps === undefined ? {} : { totalSteps: budget.totalSteps }),
    ...(stop === undefined ? {} : { stop }),
    ...(budget.wall === undefined ? {} : { wallSeconds: budget.wall }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
    seed,
  };
}
