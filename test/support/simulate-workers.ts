import { foldIn, type Key, seedKey, uniform } from '../../src/random/index.js';
import { parseSpace } from '../../src/space/index.js';
import {
  apply,
  foldRecords,
  type PlannedSegment,
  plan,
  type StudyRecord,
  type StudySettings,
  type StudyState,
} from '../../src/study/index.js';
import { created, trainedRecord } from './simulate.js';

export interface Workers {
  readonly count: number;
  /** Decides how long segments take, and nothing else. Default: 0. */
  readonly luck?: number;
  /** After how many segments of each process it is killed, with what runs then. Default: never. */
  readonly killAfter?: readonly number[];
  /** Probability that a segment diverges. Default: 0. */
  readonly divergence?: number;
  /** Probability that a segment cannot be completed. Default: 0. */
  readonly failure?: number;
  /** Generations, from the first to before the second, in which every score is halved. Default: none. */
  readonly slump?: readonly [from: number, to: number];
}

export interface Simulated {
  readonly records: readonly StudyRecord[];
  readonly state: StudyState;
  /** Most segments that ran at once. */
  readonly mostAtOnce: number;
}

/** A study whose segments take their time on some workers, decided as soon as there is something to decide. */
export function simulateWorkers(of: StudySettings, workers: Workers): Simulated {
  const space = parseSpace(of.space, of);
  const key = seedKey(of.seed);
  const records: StudyRecord[] = [created(of)];
  let state = foldRecords(records);
  let mostAtOnce = 0;
  const add = (record: StudyRecord) => {
    records.push(record);
    state = apply(state, record);
  };
  const kills = [...(workers.killAfter ?? [])];
  for (let isOver = false; !isOver; ) {
    const running = new Map<number, { readonly segment: PlannedSegment; readonly until: number }>();
    let now = 0;
    let left = kills.shift() ?? Number.POSITIVE_INFINITY;
    while (!isOver && left > 0) {
      const next = plan(state, space, 0);
      if (next.kind === 'done') isOver = true;
      if (next.kind === 'record') next.records.forEach(add);
      if (next.kind !== 'run') continue;
      for (const segment of next.segments) {
        if (running.size < workers.count && !running.has(segment.trial)) {
          const seconds = 0.1 + uniform(foldIn(seedKey(workers.luck ?? 0), segment.trial, segment.generation));
          running.set(segment.trial, { segment, until: now + seconds });
        }
      }
      mostAtOnce = Math.max(mostAtOnce, running.size);
      const [first] = [...running.values()].sort((a, b) => a.until - b.until);
      running.delete(first!.segment.trial);
      now = first!.until;
      add(endOf(key, first!.segment, workers));
      left--;
    }
    // as another process finds it
    state = foldRecords(JSON.parse(JSON.stringify(records)) as StudyRecord[]);
  }
  return { records, state, mostAtOnce };
}

function endOf(key: Key, segment: PlannedSegment, workers: Workers): StudyRecord {
  const { divergence = 0, failure = 0, slump = [0, 0] } = workers;
  const { trial, generation } = segment;
  if (uniform(foldIn(key, 'failure', trial, generation)) >= failure) {
    const trained = trainedRecord(key, segment, divergence);
    if (trained.outcome !== 'done' || generation < slump[0] || generation >= slump[1]) return trained;
    return { ...trained, metrics: { ...trained.metrics, valAccuracy: trained.metrics.valAccuracy! / 2 } };
  }
  return { kind: 'failed', trial, generation, attempts: 3, code: 'ENGINE_WORKER_LOST', message: 'lost' };
}
