import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type DatasetReference, digestOfFolds, loadFolds, type SharedDataset, withMemoryLimit } from '../data/index.js';
import { Engine, foldMetricNames, type Incident } from '../engine/index.js';
import { isSavedModel, readSavedModel } from '../modules/index.js';
import {
  homeDirectory,
  install,
  locate,
  type NativePaths,
  nativeVersions,
  type OnProgress,
  setOperationThreads,
} from '../native/index.js';
import { type Hyperparameters, parseSpace, type Space } from '../space/index.js';
import { objectiveEntries, StudyStore } from '../store/index.js';
import {
  type CreatedRecord,
  checkActions,
  checkMetrics,
  digest,
  type ExploreFunction,
  foldCount,
  foldRecords,
  frontPoint,
  hasSeveralObjectives,
  isPopulation,
  journalFormat,
  type OwnFunctions,
  parseReplaySchedule,
  plan,
  type StudySettings,
  type StudyState,
  type StudySummary,
  stepsTrained,
  type TunerEvent,
  trialCount,
  withIntroduced,
} from '../study/index.js';
import { checkIntervals } from './check-intervals.js';
import { Conductor } from './conductor.js';
import { withEarlierSchedule } from './earlier-schedule.js';
import { type EarlierStudy, importEarlier, readEarlier } from './earlier-trials.js';
import { errors } from './errors.js';
import { loadExplore } from './load-explore.js';
import { loadSampler } from './load-sampler.js';
import { loadScheduler } from './load-scheduler.js';
import { findModel } from './models.js';
import type { ObjectiveSweep } from './objective/objective-sweep.js';
import { resumeObjective, tuneObjective } from './objective/session.js';
import { resolveSpace, shapeOf } from './resolve-space.js';
import { readModelSweep, type SweepSettings, sourceOf } from './sweep-file.js';
import type { Sweep } from './sweep-schema.js';
import { trainingChoices } from './training-choices.js';
import { productVersion } from './version.js';

/** How a study is run; nothing here changes its result. */
export interface RunOptions {
  /** Threads that train; the machine's cores unless given. */
  readonly workers?: number;
  /** The folder of studies; `./studies` unless given. */
  readonly directory?: string;
  /** Where data sets' files are looked for first. */
  readonly dataDirectory?: string;
  /** `cpu` and `auto` run on the processor; `gpu` fails where the installed libtensorflow has no graphics card. */
  readonly backend?: 'auto' | 'cpu' | 'gpu';
  /** The function that explores, of a sweep that has one in code: to resume it, it has to be given again. */
  readonly explore?: ExploreFunction;
  /** Fail where a model's step cannot be traced, instead of running it op by op. */
  readonly requireTraced?: boolean;
  readonly onEvent?: (event: TunerEvent) => void;
  readonly onInstallProgress?: OnProgress;
  /** Interrupts: the study is left resumable, and the summary says `interrupted`. */
  readonly signal?: AbortSignal;
}

export interface TuneOptions extends RunOptions {
  /** Instead of the sweep's. */
  readonly seed?: number;
  /** Bytes that the data set may take in memory, instead of the sweep's; one that is larger is streamed from its file. */
  readonly memory?: number;
}

/**
 * Runs a sweep as a new study until it ends.
 *
 * @param sweep a sweep, or the path of a sweep file (YAML, JSON, TypeScript or JavaScript)
 * @returns the summary; a study that ended without a healthy trial has status `failed` and is no exception
 * @throws TunerError with kind `input` (nothing was made) or `machine` (what was recorded can be resumed)
 */
export async function tune(sweep: string | Sweep | ObjectiveSweep, options: TuneOptions = {}): Promise<StudySummary> {
  const source = await sourceOf(sweep);
  const objective = await tuneObjective(source, options);
  if (objective !== null) return objective;
  const read = readModelSweep(source);
  const root = resolve(options.directory ?? 'studies');
  StudyStore.checkNew(root, read.settings.study);
  const dataset = await limitMemory(read.settings.dataset, options);
  const { earlier, ...asked } = read.settings;
  const found = withEarlierSchedule(asked, root);
  const known = earlier && readEarlier(root, earlier, found);
  const settings = { ...found, dataset, ...(options.seed === undefined ? {} : { seed: options.seed }) };
  const own = read.explore === undefined ? {} : { explore: read.explore };
  const session = await Session.open(settings, { ...own, ...options });
  try {
    const { complete, execution } = await session.complete(settings, known);
    const store = await StudyStore.create(root, complete.study);
    const created: CreatedRecord = {
      kind: 'created',
      format: journalFormat,
      settings: complete,
      datasetDigest: session.datasetDigest,
      ...(await modelDigest(settings)),
      versions: { 'tfjs-tuner': productVersion(), ...nativeVersions },
      execution,
    };
    const [entry] = store.append(created);
    options.onEvent?.({ type: 'record', at: entry!.at, replayed: false, record: created });
    return await session.conduct(store, foldRecords([created]), false);
  } finally {
    await session.close();
  }
}

/**
 * Goes on with a study that was interrupted or killed, from its last recorded segments.
 *
 * @param study its name
 */
export async function resume(study: string, options: RunOptions = {}): Promise<StudySummary> {
  const store = await StudyStore.open(resolve(options.directory ?? 'studies'), study);
  try {
    const objective = objectiveEntries(store.entries());
    if (objective !== null) return await resumeObjective(store, objective, options);
    const entries = store.entries();
    const state = foldRecords(entries.map(({ record }) => record));
    const session = await Session.open(state.settings, options);
    try {
      if (session.datasetDigest !== state.created.datasetDigest) {
        throw errors.TUNER_DATA_CHANGED({ dataset: session.dataset.name });
      }
      if ((await modelDigest(state.settings)).modelDigest !== state.created.modelDigest) {
        throw errors.TUNER_MODEL_CHANGED({ path: findModel(state.settings.model) });
      }
      await session.check(state);
      for (const { at, record } of entries) options.onEvent?.({ type: 'record', at, replayed: true, record });
      return await session.conduct(store, state, true);
    } finally {
      await session.close();
    }
  } finally {
    store.close();
  }
}

/** The data set with its limit of memory. One that was not asked for is told of, since the order of batches depends on it. */
async function limitMemory(dataset: StudySettings['dataset'], { memory, onEvent }: TuneOptions) {
  const limited = await withMemoryLimit(dataset as DatasetReference, memory);
  // not asked for
  if (limited !== dataset && memory === undefined && typeof limited !== 'string' && 'memory' in limited) {
    const message = `the data set is larger than half of the free memory: it is streamed, in at most ${limited.memory} bytes`;
    onEvent?.({ type: 'notice', code: 'DATA_STREAMED', message });
  }
  return limited as StudySettings['dataset'];
}

type Execution = NonNullable<CreatedRecord['execution']>;

/** What one process needs to work on a study: the native library, the data set and an engine. */
export class Session {
  #conductor: Conductor | undefined;
  #functions: OwnFunctions = {};

  private constructor(
    private readonly options: RunOptions,
    private readonly datasets: readonly SharedDataset[],
    readonly engine: Engine,
    private readonly incidents: Incident[],
    private readonly workers: number,
  ) {}

  static async open(
    settings: Omit<StudySettings, 'space'> & Partial<Pick<StudySettings, 'space'>>,
    options: RunOptions,
  ): Promise<Session> {
    const workers = options.workers ?? availableParallelism();
    if (!Number.isInteger(workers) || workers < 1) throw errors.TUNER_BAD_WORKERS({ workers });
    const modelPath = findModel(settings.model);
    const { optimizer, loss, initialWeights } = settings.training;
    const native = await prepareNative(options);
    const threads = operationThreads(settings);
    if (setOperationThreads(threads) !== threads) options.onEvent?.({ type: 'notice', ...otherThreads });
    const datasets = await loadFolds(settings.dataset as DatasetReference, {
      cacheDirectory: homeDirectory(),
      baseDirectory: process.cwd(),
      onProgress: (progress) => {
        if (progress.kind === 'noted')
          options.onEvent?.({ type: 'notice', code: 'DATA_NOTED', message: `${progress.path}: ${progress.text}` });
      },
      ...(options.dataDirectory === undefined ? {} : { dataDirectory: resolve(options.dataDirectory) }),
    });
    const incidents: Incident[] = [];
    const session: { current?: Session } = {};
    const engine = new Engine({
      workers,
      native,
      datasets,
      modelPath,
      layers: {
        ...(optimizer === undefined ? {} : { optimizer }),
        ...(loss === undefined ? {} : { loss }),
        ...(initialWeights === undefined ? {} : { initialWeights }),
        ...trainingChoices(settings.space),
      },
      seed: settings.seed,
      trials: trialCount(settings.strategy),
      onIncident: (incident) => session.current?.onIncident(incident),
      onUntraced: (reason) => {
        options.onEvent?.({
          type: 'notice',
          code: 'ENGINE_STEP_NOT_TRACED',
          message: `the model runs op by op: ${reason}`,
        });
      },
    });
    session.current = new Session(options, datasets, engine, incidents, workers);
    return session.current;
  }

  /** The data set, or that of the first fold. */
  get dataset(): SharedDataset {
    return this.datasets[0]!;
  }

  get datasetDigest(): string {
    return digestOfFolds(this.datasets);
  }

  /** Incidents before the study has a journal (its model is tried out) are kept until it has one. */
  private onIncident(incident: Incident): void {
    if (this.#conductor) this.#conductor.incident(incident);
    else this.incidents.push(incident);
  }

  /** Fills in the model's space, and tries the first trial's model, so that a bad sweep fails before a study is made. */
  async complete(
    settings: SweepSettings,
    known: EarlierStudy | undefined,
  ): Promise<{ complete: StudySettings; execution: Execution }> {
    const { schedule = [], constraints } = settings;
    if (schedule.length > 0 && !isPopulation(settings.strategy)) throw errors.TUNER_SCHEDULE_WITHOUT_POPULATION({});
    const wanted = withIntroduced(settings.space ?? {}, schedule);
    const space = resolveSpace(await this.engine.describe(), wanted, constraints);
    const { count: rows } = this.dataset.splits.train;
    await this.#loadFunctions(settings);
    const parsed = parseSpace(space, settings);
    const earlier = known === undefined ? {} : withEarlier(settings, known, parsed);
    const complete: StudySettings = { ...settings, space, training: { ...settings.training, rows }, ...earlier };
    checkActions(schedule, parsed);
    if (settings.strategy.kind === 'replay') parseReplaySchedule(settings.strategy.schedule, parsed);
    checkIntervals(schedule, complete);
    const first = plan(foldRecords([tentative(complete)]), parsed, 0, this.#functions);
    const proposed = first.kind === 'record' ? first.records.find((record) => record.kind === 'proposed') : undefined;
    if (!proposed) throw new Error('a new study begins with proposals');
    return { complete, execution: await this.#tryOut(complete, proposed.hyperparameters) };
  }

  /** Builds the models that a resumed study goes on with: if that fails now, it is not for its trials to pay. */
  async check({ settings, trials }: StudyState): Promise<void> {
    await this.#loadFunctions(settings);
    for (const { status, hyperparameters } of trials) {
      if (status === 'ready') await this.#tryOut(settings, hyperparameters);
    }
  }

  async #loadFunctions({ strategy, sampler }: Pick<StudySettings, 'strategy' | 'sampler'>): Promise<void> {
    const isOwn = typeof sampler === 'object' && sampler.name === 'own';
    this.#functions = {
      explore: await loadExplore(strategy, this.options.explore),
      sampler: isOwn ? await loadSampler(String(sampler.options.module)) : undefined,
      scheduler: strategy.kind === 'own' ? await loadScheduler(String(strategy.options.scheduler)) : undefined,
    };
  }

  async #tryOut(settings: StudySettings, hyperparameters: Hyperparameters): Promise<Execution> {
    const { requireTraced } = this.options;
    const shape = shapeOf(settings, parseSpace(settings.space, settings), hyperparameters, requireTraced);
    const model = await this.engine.prepare(shape);
    const metrics = model.kind === 'traced' ? model.traced.evaluation.metrics.map(({ name }) => name) : model.metrics;
    checkMetrics(settings, foldMetricNames(metrics, this.datasets.length));
    if (model.kind === 'eager') return { mode: 'eager', reason: model.reason };
    const { compile, reason } = model.traced.compile;
    return { mode: compile ? 'compiled' : 'plain', reason };
  }

  /** Works on the study until it ends or is interrupted; closes the store. */
  async conduct(store: StudyStore, state: StudyState, resumed: boolean): Promise<StudySummary> {
    const emit = this.options.onEvent ?? (() => {});
    const conductor = new Conductor({
      store,
      engine: this.engine,
      space: parseSpace(state.settings.space, state.settings),
      state,
      emit,
      requireTraced: this.options.requireTraced ?? false,
      functions: this.#functions,
    });
    this.#conductor = conductor;
    const onAbort = () => conductor.interrupt();
    try {
      if (state.ended === null) {
        conductor.record({ kind: 'started', workers: this.workers, backend: 'cpu', resumed });
        for (const incident of this.incidents.splice(0)) conductor.incident(incident);
      }
      this.options.signal?.addEventListener('abort', onAbort, { once: true });
      if (this.options.signal?.aborted) onAbort();
      const ended = await conductor.run();
      if (!ended) conductor.record({ kind: 'interrupted', by: 'signal' });
      const summary = this.#summary(conductor);
      emit({ type: 'summary', ...summary });
      return summary;
    } finally {
      this.options.signal?.removeEventListener('abort', onAbort);
      store.close();
    }
  }

  #summary({ state, elapsedSeconds }: Conductor): StudySummary {
    const { best, front, settings, ended, trials } = state;
    return {
      study: settings.study,
      status: ended === null ? 'interrupted' : ended === 'budget' ? 'completed' : ended,
      best: best && { trial: best.trial, value: best.value, hyperparameters: best.hyperparameters },
      ...(hasSeveralObjectives(settings) ? { front: front.map(frontPoint) } : {}),
      trials: trials.length,
      steps: stepsTrained(state),
      wallSeconds: elapsedSeconds,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      workers: this.workers,
      backend: 'cpu',
      digest: digest(state),
    };
  }

  async close(): Promise<void> {
    await this.engine.close();
  }
}

/**
 * Threads for one operation. Several trials have a core each; then results do not depend on how many cores there are. One trial
 * alone may use them all, and is compiled where that pays, which does not depend on them either.
 */
function operationThreads(settings: Pick<StudySettings, 'training' | 'strategy' | 'dataset'>): number {
  const { compile } = settings.training;
  const wide =
    compile === 'always' || (compile === 'auto' && trialCount(settings.strategy) * foldCount(settings) === 1);
  return wide ? availableParallelism() : 1;
}

const otherThreads = {
  code: 'NATIVE_THREADS_SET',
  message:
    'libtensorflow was set up for another number of threads in this process, so that the digest may differ from a run of its own',
} as const;

/** Of a saved model's files: what a study was begun with is what it goes on with. */
async function modelDigest({ model }: Pick<StudySettings, 'model'>): Promise<{ readonly modelDigest?: string }> {
  const path = findModel(model);
  return isSavedModel(path) ? { modelDigest: (await readSavedModel(path)).sha256 } : {};
}

/** Settings of a study that learns from an earlier one: its best points are tried after those that the sweep names. */
function withEarlier(
  settings: SweepSettings,
  known: EarlierStudy,
  space: Space,
): Pick<StudySettings, 'earlier' | 'enqueue'> {
  const { earlier, points } = importEarlier(known, settings, space);
  return { earlier, enqueue: [...(settings.enqueue ?? []), ...points] };
}

/** A journal's first record before there is a journal. */
function tentative(settings: StudySettings): CreatedRecord {
  return { kind: 'created', format: journalFormat, settings, datasetDigest: '', versions: {} };
}

/** The native library, installed on first use. */
async function prepareNative({ onEvent, onInstallProgress, backend }: RunOptions): Promise<NativePaths> {
  if (backend === 'gpu') throw errors.TUNER_NO_GPU({});
  const found = await locate();
  if (found) return found;
  onEvent?.({
    type: 'notice',
    code: 'NATIVE_INSTALL',
    message: 'first use: getting and compiling the native library (about 275 MB, a minute or two)',
  });
  return install(onInstallProgress ? { onProgress: onInstallProgress } : {});
}
