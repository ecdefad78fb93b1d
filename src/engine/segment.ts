/** Runs segments in a worker. Nothing of tfjs is loaded here: a traced shape is data. */
import { availableParallelism } from 'node:os';
import { type BatchLease, openRowSource, type RowSource, type SharedDataset } from '../data/index.js';
import {
  alignedShared,
  type EvaluationOptions,
  EvaluationRunner,
  firstNonFinite,
  programBytes,
  readHeader,
  type StateLayout,
  TrainingRunner,
  writeHeader,
} from '../graph/index.js';
import type { SegmentAddon } from '../native/index.js';
import { foldIn, type Key, randomBits } from '../random/index.js';
import type { TracedModel } from '../trial/index.js';
import { CallPace } from './call-pace.js';
import type { ControlBoard } from './control-board.js';
import { injectFault } from './faults.js';
import { RecentlyUsed } from './recently-used.js';
import { resultOf } from './task-result.js';
import type { SegmentMember, SegmentTask, SegmentValue, Shape, TaskResult } from './tasks.js';

/** The most shapes kept open in a worker, however small they are. */
const openShapes = Math.max(16, availableParallelism());

/** Trains and evaluates one shape in this thread. */
export interface ShapeRunner {
  /** The most steps a call can train. */
  readonly capacity: number;
  /** The most batches a call can evaluate. */
  readonly evaluationCapacity: number;
  /** Row numbers of the next call's batches. */
  readonly indices: Int32Array;
  train: TrainingRunner['train'];
  evaluateInCalls: EvaluationRunner['evaluateInCalls'];
  close(): void;
}

interface Open {
  readonly runner: ShapeRunner;
  readonly batchSize: number;
  readonly training: CallPace;
  readonly evaluation: CallPace;
}

/** Makes the runner of a shape whose step cannot be traced: where tfjs is, which this file does without. */
export type EagerRunners = (shape: Shape) => ShapeRunner;

/**
 * Runs segments one after another on one data set. What it keeps open is bounded by an estimate of its memory. Its sessions are shared
 * by all workers, so that together they take less.
 */
export class SegmentRunner {
  readonly #open: RecentlyUsed<Open>;
  readonly #rows: RowSource;

  constructor(
    private readonly addon: SegmentAddon,
    dataset: SharedDataset,
    private readonly key: Key,
    private readonly board: ControlBoard,
    private readonly owner: string,
    mostOpenBytes: number,
  ) {
    this.#rows = openRowSource(dataset);
    this.#open = new RecentlyUsed({
      mostBytes: mostOpenBytes,
      most: openShapes,
      onDrop: ({ runner }) => runner.close(),
    });
  }

  /** Members run one after another: why not as one graph is in docs/notes.md. */
  run(task: SegmentTask, eager?: EagerRunners): TaskResult<SegmentValue>[] {
    return task.members.map((member) => resultOf(() => this.#runMember(task, member, eager)));
  }

  #runMember(task: SegmentTask, member: SegmentMember, eager: EagerRunners | undefined): SegmentValue {
    const started = performance.now();
    const layout = layoutOf(task);
    const at = readHeader(member.state, layout);
    if (at !== task.fromStep) throw new Error(`the state is at step ${at}, the segment starts at ${task.fromStep}`);
    const open = this.#openShape(task, eager);
    const state = member.target ?? alignedShared(this.addon, layout.byteLength);
    const loss = this.#trainSteps(task, member, open, state);
    const seconds = () => (performance.now() - started) / 1000;
    if (loss === 'cancelled') return { outcome: 'cancelled' };
    const diverged = (message: string) => ({ outcome: 'diverged', message, seconds: seconds() }) as const;
    if (!Number.isFinite(loss)) return diverged(`the training loss became ${loss}`);
    const bad = firstNonFinite(state, layout);
    if (bad !== undefined) return diverged(`"${bad}" has values that are not finite`);
    const metrics = this.#evaluate(member, open, state);
    if (metrics === 'cancelled') return { outcome: 'cancelled' };
    const [badMetric] = Object.entries(metrics).find(([, value]) => !Number.isFinite(value)) ?? [];
    if (badMetric !== undefined) return diverged(`${badMetric} is ${metrics[badMetric]}`);
    writeHeader(state, layout, task.toStep);
    return { outcome: 'done', loss: loss / (task.toStep - task.fromStep), metrics, state, seconds: seconds() };
  }

  /** Trains from the member's state into `state`; returns the sum of losses, as far as it stayed finite. */
  #trainSteps(task: SegmentTask, member: SegmentMember, open: Open, state: Uint8Array): number | 'cancelled' {
    const { trial, place, generation, mutable } = member;
    const { fromStep, toStep, attempt } = task;
    const key = foldIn(this.key, 'trial', trial);
    const [seed0, seed1] = randomBits(foldIn(key, 'layers'), 2);
    const seed = [seed0! | 0, seed1! | 0] as const;
    let sum = 0;
    let from = member.state;
    for (let step = fromStep; step < toStep; ) {
      if (this.board.cancelled) return 'cancelled';
      const { steps, release } = this.#lease(trial, open, step, toStep);
      const started = performance.now();
      try {
        sum = open.runner.train({
          steps,
          firstStep: step,
          lossSum: sum,
          seed,
          hyperparameters: mutable,
          tables: this.#rows.tables,
          from,
          to: state,
        });
      } finally {
        release();
      }
      // what compiling and optimising a graph took is free now
      if (!open.training.isMeasured) this.addon.trim();
      open.training.took(steps, performance.now() - started);
      from = state;
      step += steps;
      this.board.setStep(place, step);
      this.board.countSteps(steps);
      if (!Number.isFinite(sum)) return sum;
      if (2 * (step - fromStep) >= toStep - fromStep) injectFault({ trial, generation, attempt });
    }
    return sum;
  }

  /** Metrics over the validation rows. */
  #evaluate({ mutable }: SegmentMember, { runner, evaluation }: Open, state: Uint8Array) {
    const { tables } = this.#rows;
    const rows = this.#rows.split('validation');
    const batchesPerCall = () => evaluation.steps;
    const calls = runner.evaluateInCalls({ rows, hyperparameters: mutable, tables, state, batchesPerCall });
    try {
      for (;;) {
        if (this.board.cancelled) return 'cancelled';
        const started = performance.now();
        const { done, value } = calls.next();
        if (done) return value;
        evaluation.took(value, performance.now() - started);
      }
    } finally {
      // lets go of rows that are streamed
      calls.return({});
    }
  }

  /** The next call's batches. */
  #lease(trial: number, open: Open, fromStep: number, toStep: number): BatchLease {
    const studyKey = this.key;
    const trialKey = foldIn(studyKey, 'trial', trial, 'batches');
    const stepCount = Math.min(toStep - fromStep, open.training.steps);
    const { indices } = open.runner;
    return this.#rows.batches(indices, { studyKey, trialKey, batchSize: open.batchSize, fromStep, stepCount });
  }

  #openShape({ model }: SegmentTask, eager: EagerRunners | undefined): Open {
    const key = model.kind === 'traced' ? model.traced.training.spec.key : JSON.stringify(model.shape);
    const open = this.#open.get(key, () => this.#makeOpen(model, eager));
    this.#open.weigh(key, open, bytesOf(model));
    return open;
  }

  #makeOpen(model: SegmentTask['model'], eager: EagerRunners | undefined): Open {
    const isTraced = model.kind === 'traced';
    const runner = isTraced ? new TracedRunner(this.addon, model.traced, this.owner) : eager!(model.shape);
    return {
      runner,
      batchSize: isTraced ? model.traced.training.batchSize : model.shape.batchSize,
      training: new CallPace(runner.capacity),
      evaluation: new CallPace(runner.evaluationCapacity),
    };
  }
}

/** An estimate of what an open shape takes; of one that runs eagerly, its variables. */
function bytesOf(model: SegmentTask['model']): number {
  if (model.kind === 'eager') return model.layout.byteLength;
  const { training, evaluation } = model.traced;
  return programBytes(training) + programBytes(evaluation);
}

function layoutOf({ model }: SegmentTask): StateLayout {
  return model.kind === 'traced' ? model.traced.layout : model.layout;
}

/** The two programs of a traced shape. */
class TracedRunner implements ShapeRunner {
  readonly #training: TrainingRunner;
  readonly #evaluation: EvaluationRunner;
  readonly capacity: number;
  readonly evaluationCapacity: number;

  constructor(addon: SegmentAddon, traced: TracedModel, owner: string) {
    this.#training = new TrainingRunner(addon, traced.training, owner);
    this.#evaluation = new EvaluationRunner(addon, traced.evaluation, owner);
    this.capacity = traced.training.capacity;
    this.evaluationCapacity = traced.evaluation.capacity;
  }

  get indices(): Int32Array {
    return this.#training.indices;
  }

  train(options: Parameters<TrainingRunner['train']>[0]): number {
    return this.#training.train(options);
  }

  evaluateInCalls(options: EvaluationOptions): Generator<number, Record<string, number>> {
    return this.#evaluation.evaluateInCalls(options);
  }

  close(): void {
    this.#training.close();
    this.#evaluation.close();
  }
}
