import { foldIn, type Key, sequence, uniform } from '../../src/random/index.js';
import { parseSpace } from '../../src/space/index.js';
import {
  apply,
  type CreatedRecord,
  foldRecords,
  journalFormat,
  type PlannedSegment,
  plan,
  type SegmentRecord,
  type StudyRecord,
  type StudySettings,
  type StudyState,
} from '../../src/study/index.js';

export const settings = (more: Partial<StudySettings> = {}): StudySettings => ({
  study: 'simulated',
  model: '/nowhere/model.js',
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: {
    learningRate: { float: [0.001, 1], scale: 'log' },
    momentum: { float: [0, 1] },
    units: { choice: [8, 16, 32] },
  },
  strategy: {
    kind: 'pbt',
    population: 6,
    interval: 10,
    quantile: 0.25,
    resample: 0.25,
    factors: [0.8, 1.2],
    burnIn: 0,
  },
  budget: { steps: 50 },
  seed: 3,
  training: { batchSize: 8, evaluationBatchSize: 8, compile: 'never' },
  ...more,
});

export const created = (of: StudySettings): CreatedRecord => ({
  kind: 'created',
  format: journalFormat,
  settings: of,
  datasetDigest: 'd',
  versions: {},
});

/** What a segment gives, as a function of what it was given, like real training. */
export function trainedRecord(key: Key, segment: PlannedSegment, divergence = 0): SegmentRecord {
  const { trial, generation, fromStep, toStep, hyperparameters } = segment;
  const common = { kind: 'segment', trial, generation, fromStep, toStep, seconds: 0.1 } as const;
  const luck = uniform(foldIn(key, trial, generation));
  if (luck < divergence) return { ...common, outcome: 'diverged', message: 'the training loss became NaN' };
  const quality = 1 - Math.abs(Math.log10(Number(hyperparameters.learningRate)) + 1) / 4;
  const valAccuracy = quality * (1 - 1 / (1 + toStep / 10)) + 0.01 * luck;
  const state = { file: `trial-${trial}-generation-${generation}.state`, bytes: 64, sha256: '0'.repeat(64) };
  return {
    ...common,
    outcome: 'done',
    loss: 1 - valAccuracy,
    metrics: { valAccuracy, valLoss: 1 - valAccuracy },
    state,
  };
}

export interface Simulation {
  readonly records: readonly StudyRecord[];
  readonly state: StudyState;
}

/**
 * Runs a whole study without threads or files. `order` says in which order a generation's segments end; `stopAfter` records
 * the process is killed, and the study taken up again from its records.
 */
export function simulate(
  of: StudySettings,
  { order = 0, divergence = 0, stopAfter = [] as readonly number[] } = {},
): Simulation {
  const space = parseSpace(of.space);
  const shuffle = sequence([order, 1]);
  const records: StudyRecord[] = [created(of)];
  let state = foldRecords(records);
  const append = (record: StudyRecord) => {
    records.push(record);
    // a killed process remembers nothing: the state is made from the records alone
    state = stopAfter.includes(records.length) ? foldRecords(structuredClone(records)) : apply(state, record);
  };
  for (let guard = 0; guard < 10_000; guard++) {
    const next = plan(state, space, 0);
    if (next.kind === 'done') return { records, state };
    if (next.kind === 'record') for (const record of next.records) append(record);
    else {
      const segment = next.segments[Math.floor(shuffle() * next.segments.length)]!;
      append(trainedRecord([7, 7], segment, divergence));
    }
  }
  throw new Error('the study does not end');
}
