/** Runs and resumes studies of objective functions in this process. They need neither the native library nor a data set. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ObjectivePool } from '../../engine/index.js';
import { parseSpace } from '../../space/index.js';
import { StudyStore } from '../../store/index.js';
import {
  hasSeveralObjectives,
  type ObjectiveStudyRecord,
  type ObjectiveStudySettings,
  type OwnFunctions,
  objectiveDigest,
  objectiveFormat,
  objectiveStatus,
  type StudySummary,
} from '../../study/index.js';
import { importEarlier, readEarlier } from '../earlier-trials.js';
import { errors } from '../errors.js';
import { loadSampler } from '../load-sampler.js';
import { loadScheduler } from '../load-scheduler.js';
import { resolveSpace } from '../resolve-space.js';
import type { SweepSource } from '../sweep-source.js';
import type { RunOptions, TuneOptions } from '../tune.js';
import { productVersion } from '../version.js';
import { ObjectiveConductor } from './conductor.js';
import { objectiveCandidate, type ReadObjectiveSweep, readObjectiveSweep } from './read-sweep.js';
import { newStudy } from './study.js';

/** Runs a sweep as a new study if it is one of an objective function; `null`: it is not. Errors: as `tune`. */
export async function tuneObjective(source: SweepSource, options: TuneOptions): Promise<StudySummary | null> {
  const path = objectiveCandidate(source);
  if (path === null) return null;
  const workers = workersOf(options);
  const describer = new ObjectivePool({ path, workers: 1, threads: 1, timeoutMs: Number.POSITIVE_INFINITY });
  const own = await describer.describe().finally(() => describer.close());
  if (own === null) return null;
  const read = readObjectiveSweep(source);
  const root = resolve(options.directory ?? 'studies');
  StudyStore.checkNew(root, read.study);
  const settings = await complete(
    { ...read, ...(options.seed === undefined ? {} : { seed: options.seed }) },
    own,
    root,
  );
  const store = await StudyStore.create(root, settings.study);
  const created: ObjectiveStudyRecord = {
    kind: 'objective',
    format: objectiveFormat,
    settings,
    versions: { 'tfjs-tuner': productVersion() },
  };
  const [entry] = store.append(created);
  options.onEvent?.({ type: 'objective', at: entry!.at, replayed: false, record: created });
  return conduct(store, [created], { ...options, workers }, false);
}

/** Goes on with a study. Closes the store. */
export async function resumeObjective(
  store: StudyStore,
  entries: readonly { readonly at: string; readonly record: ObjectiveStudyRecord }[],
  options: RunOptions,
): Promise<StudySummary> {
  for (const { at, record } of entries) options.onEvent?.({ type: 'objective', at, replayed: true, record });
  const records = entries.map(({ record }) => record);
  return conduct(store, records, { ...options, workers: workersOf(options) }, true);
}

function workersOf({ workers = availableParallelism() }: RunOptions): number {
  if (!Number.isInteger(workers) || workers < 1) throw errors.TUNER_BAD_WORKERS({ workers });
  return workers;
}

/** The sweep's space over the objective's own, and what an earlier study knows; tried, so that a bad sweep fails before a study is made. */
async function complete(
  { earlier: request, ...read }: ReadObjectiveSweep,
  own: ObjectiveStudySettings['space'],
  root: string,
): Promise<ObjectiveStudySettings> {
  const space = resolveSpace(own, read.space, read.constraints);
  const parsed = parseSpace(space, read);
  const known = request && importEarlier(readEarlier(root, request, read), read, parsed);
  const settings = { ...read, space, ...(known === undefined ? {} : { earlier: known.earlier }) };
  // asked once, so that a sampler that cannot propose fails before there is a study
  newStudy(settings, await ownFunctions(settings), () => {}).ask();
  return settings;
}

async function ownFunctions({ sampler, strategy }: ObjectiveStudySettings): Promise<OwnFunctions> {
  return {
    sampler: sampler.kind === 'own' ? await loadSampler(String(sampler.options.module)) : undefined,
    scheduler: strategy.kind === 'own' ? await loadScheduler(String(strategy.options.scheduler)) : undefined,
  };
}

async function conduct(
  store: StudyStore,
  records: readonly ObjectiveStudyRecord[],
  options: RunOptions & { readonly workers: number },
  resumed: boolean,
): Promise<StudySummary> {
  const { workers, signal, onEvent: emit = () => {} } = options;
  const [created] = records;
  if (created?.kind !== 'objective') throw new Error('an objective journal begins with its settings');
  const own = await ownFunctions(created.settings);
  const pool = poolOf(created.settings, workers);
  const conductor = new ObjectiveConductor({ store, pool, records, emit, own });
  const onAbort = () => void conductor.interrupt();
  try {
    if (conductor.state.ended === null) {
      conductor.record({ kind: 'started', workers, backend: 'none', resumed });
      const work = conductor.run();
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      const isOver = await work;
      if (!isOver && conductor.state.ended === null) conductor.record({ kind: 'interrupted', by: 'signal' });
    }
    const summary = summaryOf(conductor, workers);
    emit({ type: 'summary', ...summary });
    return summary;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await pool.close();
    store.close();
  }
}

/** With a scheduler trials wait for one another's reports, so all of them need a thread; how many compute is another matter. */
function poolOf(settings: ObjectiveStudySettings, workers: number): ObjectivePool {
  const { model: path, parallel, timeoutSeconds = Number.POSITIVE_INFINITY } = settings;
  const threads = settings.strategy.kind === 'random' ? Math.min(parallel, workers) : parallel;
  return new ObjectivePool({ path, workers: Math.min(parallel, workers), threads, timeoutMs: timeoutSeconds * 1000 });
}

function summaryOf({ state, elapsedSeconds }: ObjectiveConductor, workers: number): StudySummary {
  const { best, front, settings, trials, steps } = state;
  return {
    study: settings.study,
    status: objectiveStatus(state) ?? 'interrupted',
    best: best && { trial: best.trial, value: best.value, hyperparameters: best.hyperparameters },
    ...(hasSeveralObjectives(settings) ? { front } : {}),
    trials: trials.length,
    steps,
    wallSeconds: elapsedSeconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    workers,
    backend: 'none',
    digest: objectiveDigest(state),
  };
}
