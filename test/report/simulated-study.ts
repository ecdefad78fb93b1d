import { createHash } from 'node:crypto';
import { parseSpace, type SpaceDefinition } from '../../src/space/index.js';
import type { JournalEntry } from '../../src/store/index.js';
import {
  apply,
  type CreatedRecord,
  foldRecords,
  type PlannedSegment,
  plan,
  type SegmentRecord,
  type Strategy,
  type StudyRecord,
  type StudySettings,
} from '../../src/study/index.js';

export interface Simulation {
  readonly study?: string;
  readonly strategy?: Strategy;
  readonly space?: SpaceDefinition;
  readonly steps?: number;
  readonly seed?: number;
  readonly target?: number;
  /** The study is left after this many records. */
  readonly records?: number;
  /** Learning rates above this one diverge. Default: 0.7. */
  readonly divergesAbove?: number;
}

const pbt: Strategy = {
  kind: 'pbt',
  population: 6,
  interval: 125,
  quantile: 0.25,
  resample: 0.25,
  factors: [0.8, 1.2],
  burnIn: 0,
};

const space: SpaceDefinition = {
  learningRate: { float: [1e-4, 1], scale: 'log' },
  momentum: { float: [0.5, 0.99] },
  hidden: { choice: [64, 128, 256] },
};

function settingsOf(simulation: Simulation = {}): StudySettings {
  const { study = 'mnist-pbt', strategy = pbt, steps = 1000, seed = 7, target } = simulation;
  return {
    study,
    model: 'mlp',
    dataset: 'mnist-10k',
    objective: { metric: 'valAccuracy', direction: 'maximize', ...(target === undefined ? {} : { target }) },
    space: simulation.space ?? space,
    strategy,
    budget: { steps },
    seed,
    training: { batchSize: 64, evaluationBatchSize: 500, compile: 'auto' },
  };
}

/**
 * The records of a study, decided by the real sampler and scheduler; only training is played: a trial learns fastest at a
 * learning rate of 0.05 and diverges at large ones. The same input, the same records.
 */
export function simulateStudy(simulation: Simulation = {}): StudyRecord[] {
  const settings = settingsOf(simulation);
  const parsed = parseSpace(settings.space);
  const created: CreatedRecord = {
    kind: 'created',
    format: 1,
    settings,
    datasetDigest: sha256('data'),
    versions: { 'tfjs-tuner': '0.1.0', libtensorflow: '2.21.0' },
  };
  const records: StudyRecord[] = [created, { kind: 'started', workers: 2, backend: 'cpu', resumed: false }];
  let state = foldRecords(records);
  const add = (record: StudyRecord) => {
    records.push(record);
    state = apply(state, record);
  };
  const skills = new Map<string, number>();
  while (state.ended === null) {
    const next = plan(state, parsed, 0);
    if (next.kind === 'done') break;
    if (next.kind === 'record') next.records.forEach(add);
    else for (const segment of next.segments) add(train(segment, skills, simulation.divergesAbove ?? 0.7));
  }
  return records.slice(0, simulation.records ?? records.length);
}

function train(segment: PlannedSegment, skills: Map<string, number>, divergesAbove: number): SegmentRecord {
  const { trial, generation, hyperparameters, fromStep, toStep } = segment;
  const rate = Number(hyperparameters.learningRate ?? 0.01);
  const common = { kind: 'segment', trial, generation, fromStep, toStep, seconds: 1.25 + trial / 8 } as const;
  if (rate > divergesAbove) return { ...common, outcome: 'diverged', message: `loss is NaN at step ${fromStep + 17}` };
  const before = segment.state === null ? 0.1 : skills.get(segment.state.file)!;
  const speed = 0.5 * Math.exp(-(Math.log10(rate / 0.05) ** 2));
  const skill = before + (0.985 - before) * speed;
  const file = `trial-${trial}-generation-${generation}.state`;
  skills.set(file, skill);
  const metrics = { valAccuracy: Math.round(skill * 2000) / 2000, valLoss: -Math.log(skill) };
  const loss = -Math.log(skill) * 0.9;
  return { ...common, outcome: 'done', loss, metrics, state: { file, bytes: 407_112, sha256: sha256(file) } };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Records as a journal has them: a second and a quarter apart, from 2026-11-01 20:00 UTC on. */
export function entriesOf(records: readonly StudyRecord[]): JournalEntry[] {
  const start = Date.UTC(2026, 10, 1, 20);
  return records.map((record, sequence) => ({
    sequence,
    at: new Date(start + sequence * 1250).toISOString(),
    record,
  }));
}
