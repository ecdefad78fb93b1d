/** Runs segments in a worker. Nothing of tfjs is loaded here: a traced shape is data. */
import { availableParallelism } from 'node:os';
import { columnView, fillBatches, type SharedDataset, splitView } from '../data/index.js';
import {
  alignedShared,
  EvaluationRunner,
  firstNonFinite,
  readHeader,
  type Tables,
  TrainingRunner,
  writeHeader,
} from '../graph/index.js';
import type { SegmentAddon } from '../native/index.js';
import { foldIn, type Key, randomBits, seedKey } from '../random/index.js';
import type { ControlBoard } from './control-board.js';
import { injectFault } from './faults.js';
import type { SegmentTask, SegmentValue } from './tasks.js';

/** One native call should take about this long: stopping and progress stay prompt, and its overhead does not count. */
const callMilliseconds = 100;
/** Shapes kept open in a worker; what an open shape costs is its session, which all workers share. */
const openShapes = Math.max(16, availableParallelism());

interface Runners {
  readonly training: TrainingRunner;
  readonly evaluation: EvaluationRunner;
  /** Measured; only the number of steps a call does depends on it, and no result. */
  millisecondsPerStep: number | undefined;
}

/** Runs segments one after another on one data set. */
export class SegmentRunner {
  /** Least recently used first. */
  readonly #open = new Map<string, Runners>();
  readonly #tables: Tables;
  readonly #train: Int32Array;
  readonly #validation: Int32Array;

  constructor(
    private readonly addon: SegmentAddon,
    dataset: SharedDataset,
    private readonly seed: number,
    private readonly board: ControlBoard,
  ) {
    this.#tables = Object.fromEntries(dataset.columns.map(({ name }) => [name, columnView(dataset, name)]));
    this.#train = splitView(dataset, 'train');
    this.#validation = splitView(dataset, 'validation');
  }

  run(task: SegmentTask): SegmentValue {
    const started = performance.now();
    const { layout } = task.traced;
    const at = readHeader(task.state, layout);
    if (at !== task.fromStep) throw new Error(`the state is at step ${at}, the segment starts at ${task.fromStep}`);
    const runners = this.#runners(task);
    const state = alignedShared(this.addon, layout.byteLength);
    const loss = this.#trainSteps(task, runners, state);
    const seconds = () => (performance.now() - started) / 1000;
    if (loss === 'cancelled') return { outcome: 'cancelled' };
    const diverged = (message: string) => ({ outcome: 'diverged', message, seconds: seconds() }) as const;
    if (!Number.isFinite(loss)) return diverged(`the training loss became ${loss}`);
    const bad = firstNonFinite(state, layout);
    if (bad !== undefined) return diverged(`"${bad}" has values that are not finite`);
    const metrics = runners.evaluation.evaluate({
      rows: this.#validation,
      hyperparameters: task.mutable,
      tables: this.#tables,
      state,
    });
    const [badMetric] = Object.entries(metrics).find(([, value]) => !Number.isFinite(value)) ?? [];
    if (badMetric !== undefined) return diverged(`${badMetric} is ${metrics[badMetric]}`);
    writeHeader(state, layout, task.toStep);
    return { outcome: 'done', loss: loss / (task.toStep - task.fromStep), metrics, state, seconds: seconds() };
  }

  /** Trains from `task.state` into `state`; returns the sum of losses, as far as it stayed finite. */
  #trainSteps(task: SegmentTask, runners: Runners, state: Uint8Array): number | 'cancelled' {
    const { training } = runners;
    const key = foldIn(seedKey(this.seed), 'trial', task.trial);
    const [seed0, seed1] = randomBits(foldIn(key, 'layers'), 2);
    const seed = [seed0! | 0, seed1! | 0] as const;
    let sum = 0;
    let from = task.state;
    for (let step = task.fromStep; step < task.toStep; ) {
      if (this.board.cancelled) return 'cancelled';
      const steps = Math.min(task.toStep - step, stepsPerCall(runners));
      this.#fill(training, foldIn(key, 'batches'), step, steps);
      const started = performance.now();
      sum += training.train({
        steps,
        firstStep: step,
        seed,
        hyperparameters: task.mutable,
        tables: this.#tables,
        from,
        to: state,
      });
      runners.millisecondsPerStep = (performance.now() - started) / steps;
      from = state;
      step += steps;
      this.board.setStep(task.trial, step);
      this.board.countSteps(steps);
      if (!Number.isFinite(sum)) return sum;
      if (2 * (step - task.fromStep) >= task.toStep - task.fromStep) injectFault(task);
    }
    return sum;
  }

  #fill(training: TrainingRunner, key: Key, fromStep: number, stepCount: number): void {
    const { batchSize } = training.program;
    const out = training.indices.subarray(0, stepCount * batchSize);
    fillBatches(out, { key, rows: this.#train, batchSize, fromStep, stepCount });
  }

  #runners({ traced }: SegmentTask): Runners {
    const { key } = traced.training.spec;
    const runners = this.#open.get(key) ?? {
      training: new TrainingRunner(this.addon, traced.training),
      evaluation: new EvaluationRunner(this.addon, traced.evaluation),
      millisecondsPerStep: undefined,
    };
    this.#open.delete(key);
    this.#open.set(key, runners);
    this.#closeOldest();
    return runners;
  }

  #closeOldest(): void {
    for (const [key, { training, evaluation }] of this.#open) {
      if (this.#open.size <= openShapes) return;
      training.close();
      evaluation.close();
      this.#open.delete(key);
    }
  }
}

/** A first call is short, since nothing is known of its speed (and it compiles); the next ones are measured. */
function stepsPerCall({ training, millisecondsPerStep }: Runners): number {
  const { capacity } = training.program;
  if (millisecondsPerStep === undefined) return Math.min(capacity, 2);
  return Math.max(1, Math.min(capacity, Math.floor(callMilliseconds / Math.max(millisecondsPerStep, 1e-3))));
}
