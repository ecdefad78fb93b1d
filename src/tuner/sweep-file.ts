import { isAbsolute, resolve } from 'node:path';
import { resolveReference } from '../data/index.js';
import { describeValue, type SpaceDefinition } from '../space/index.js';
import {
  type ExploreFunction,
  learnsFromResults,
  namedSampler,
  type PbtStrategy,
  parseSchedule,
  type ReplayStrategy,
  type Strategy,
  type StudySettings,
} from '../study/index.js';
import type { EarlierRequest } from './earlier-trials.js';
import { errors } from './errors.js';
import { plainData } from './plain-data.js';
import { defaultParallel, fidelityStrategyOf } from './sweep-fidelity.js';
import { goalsOf } from './sweep-goals.js';
import { type Problem, problemOf } from './sweep-problem.js';
import { checkSweep } from './sweep-problems.js';
import { samplerSettings } from './sweep-sampler.js';
import type { ParsedSweep, Sweep } from './sweep-schema.js';
import { fileSource, objectSource, type SweepSource } from './sweep-source.js';

/** A study's settings but for the model's part in its space. */
export type SweepSettings = Omit<StudySettings, 'space' | 'earlier'> & {
  /** What the sweep says of the space, if anything. */
  readonly space?: SpaceDefinition;
};

/** A replay whose schedule is still to be read from the earlier study. */
export type ReplayRequest = Omit<ReplayStrategy, 'trial' | 'schedule'> & {
  /** `null`: the study's best one. */
  readonly trial: number | null;
};

/** Settings as far as the sweep itself says them. */
export type ReadSettings = Omit<SweepSettings, 'strategy'> & {
  readonly strategy: Exclude<Strategy, ReplayStrategy> | ReplayRequest;
  /** The earlier study is still to be read. */
  readonly earlier?: EarlierRequest;
};

/** A sweep with its defaults filled in and its paths absolute. */
export interface ReadSweep {
  readonly settings: ReadSettings;
  /** A function that explores, where the sweep has it itself. */
  readonly explore?: ExploreFunction;
  /** Where its relative paths started: the sweep's folder, or the working directory for a sweep without a file. */
  readonly baseDirectory: string;
}

/**
 * Reads a sweep.
 *
 * @param sweep the path of a file (YAML, JSON, or a TypeScript or JavaScript module whose default export it is), or the
 * sweep itself
 * @throws TUNER_SWEEP_INVALID, which lists everything that is wrong with its place; TUNER_SWEEP_MISSING,
 * TUNER_SWEEP_UNREADABLE, TUNER_SWEEP_KIND, TUNER_SWEEP_SYNTAX, MODULES_…
 */
export async function readSweep(sweep: string | Sweep): Promise<ReadSweep> {
  return readModelSweep(await sourceOf(sweep));
}

/** What a sweep is written in: read, and known to be plain data, but else not checked. Errors: as {@link readSweep}. */
export async function sourceOf(sweep: string | object): Promise<SweepSource> {
  const source = typeof sweep === 'string' ? await fileSource(sweep) : objectSource(sweep);
  const { value, problems } = plainData(source.value, [explorePath]);
  if (problems.length > 0) throw invalidSweep(source, problems);
  return { ...source, value };
}

/** Where a sweep may have a function. */
const explorePath = ['strategy', 'pbt', 'explore'];

/** As {@link readSweep}, of one that was read. */
export function readModelSweep(source: SweepSource): ReadSweep {
  const checked = checkSweep(withStudy(source));
  const dataset = checkDataset(source);
  const problems = [...('problems' in checked ? checked.problems : []), ...dataset.problems];
  if ('problems' in checked || dataset.value === undefined) throw invalidSweep(source, problems);
  const settings = settingsOf(checked.sweep, dataset.value, source);
  const explore = checked.sweep.strategy.pbt?.explore;
  const own = typeof explore === 'function' ? { explore } : {};
  return { settings, baseDirectory: source.baseDirectory, ...own };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The sweep, with its file's name where it has none of its own. */
export function withStudy({ value, study }: SweepSource): unknown {
  if (!isObject(value) || (value.study !== undefined && value.study !== null)) return value;
  const { study: _, ...rest } = value;
  return study === undefined ? rest : { study, ...rest };
}

/** The reference with absolute paths; a missing one is for the schema to tell. */
function checkDataset({ value, baseDirectory }: SweepSource): {
  value?: StudySettings['dataset'];
  problems: Problem[];
} {
  const given = isObject(value) ? value.dataset : undefined;
  if (given === undefined || given === null) return { problems: [] };
  let resolved: StudySettings['dataset'] | undefined;
  const problems = problemOf(['dataset'], () => {
    const reference = resolveReference(given, baseDirectory);
    resolved = typeof reference === 'string' ? reference : { ...reference };
  });
  return resolved === undefined ? { problems } : { value: resolved, problems };
}

/** The error of a sweep with problems, in the order in which they are written, as far as that is known. */
export function invalidSweep({ name, locate }: SweepSource, problems: readonly Problem[]): Error {
  const located = problems.map((problem) => ({ ...problem, place: locate(problem.path) }));
  located.sort(({ place: a }, { place: b }) => (a && b ? a.line - b.line || a.column - b.column : 0));
  const lines = located.map(({ path, text, place }) => {
    const where = path.map(describeKey).join('.');
    const parts = [place && `line ${place.line}, column ${place.column}`, where, text];
    return parts.filter(Boolean).join(': ');
  });
  return errors.TUNER_SWEEP_INVALID({ source: name, problems: lines });
}

/** A name as it is; in quotes what would not be told from the rest of a line. */
function describeKey(key: PropertyKey): string {
  return typeof key === 'string' && !/^[^\s.:"\p{C}]{1,80}$/u.test(key) ? describeValue(key) : String(key);
}

function settingsOf(sweep: ParsedSweep, dataset: StudySettings['dataset'], source: SweepSource): ReadSettings {
  const { baseDirectory } = source;
  const { study, model, space, constraints, enqueue, earlier, sampler, schedule, budget, stop, seed, training } = sweep;
  return {
    study,
    model: isModelPath(model) ? resolve(baseDirectory, model) : model,
    dataset,
    ...goalsOf(sweep),
    // as the journal will have it, and nobody else's to change
    ...(space === undefined ? {} : { space: JSON.parse(JSON.stringify(space)) as SpaceDefinition }),
    ...(constraints === undefined ? {} : { constraints }),
    ...(enqueue === undefined ? {} : { enqueue }),
    ...(earlier === undefined ? {} : { earlier }),
    ...(sampler === undefined ? {} : { sampler: samplerSettings(sampler, baseDirectory) }),
    ...(schedule === undefined ? {} : { schedule: parseSchedule(JSON.parse(JSON.stringify(schedule))) }),
    strategy: strategyOf(sweep, source),
    budget: budgetOf(budget),
    ...(stop === undefined ? {} : { stop }),
    seed,
    training,
  };
}

/** A model is named by a word if it ships, and else by a path with a separator or an extension. */
export function isModelPath(model: string): boolean {
  return isAbsolute(model) || /[\\/]|\.([cm]?[jt]s|json)$/.test(model);
}

function budgetOf({ steps, totalSteps, wall }: ParsedSweep['budget']): StudySettings['budget'] {
  return {
    steps,
    ...(totalSteps === undefined ? {} : { totalSteps }),
    ...(wall === undefined ? {} : { wallSeconds: wall }),
  };
}

function strategyOf(sweep: ParsedSweep, source: SweepSource): ReadSettings['strategy'] {
  const { strategy, budget } = sweep;
  const interval = Math.ceil(budget.steps / 20);
  const { pbt, pb2, random, replay } = strategy;
  if (replay) return { kind: 'replay', study: replay.study, trial: replay.trial ?? null, trials: replay.trials };
  if (pbt) {
    const { explore, ...rest } = pbt;
    const own = explore === undefined ? {} : { explore: exploreSettings(explore, source) };
    return { kind: 'pbt', ...rest, interval: pbt.interval ?? interval, ...own };
  }
  if (pb2) return { kind: 'pb2', ...pb2, interval: pb2.interval ?? interval };
  if (!random) return fidelityStrategyOf(strategy, budget.steps, source.baseDirectory)!;
  const {
    trials,
    interval: own,
    parallel = needsOrder(sweep) ? Math.min(defaultParallel, trials) : undefined,
  } = random;
  return { kind: 'random', trials, interval: own ?? interval, ...(parallel === undefined ? {} : { parallel }) };
}

function exploreSettings(
  explore: NonNullable<NonNullable<ParsedSweep['strategy']['pbt']>['explore']>,
  { module, baseDirectory }: SweepSource,
): NonNullable<PbtStrategy['explore']> {
  if (typeof explore === 'function') return { module };
  return explore === 'perturb' || explore === 'resample' ? explore : { module: resolve(baseDirectory, explore) };
}

/** Whether trials have to be proposed one after another: for what looks at results of those before, and for the front that they join. */
function needsOrder({ sampler, stop, objectives }: ParsedSweep): boolean {
  const learns = sampler !== undefined && learnsFromResults(namedSampler(samplerSettings(sampler)).name);
  return learns || stop !== undefined || objectives !== undefined;
}
