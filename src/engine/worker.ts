/** The file that the pools' threads run. A thread loads only what its first task needs: segments need no tfjs. */
import { workerData } from 'node:worker_threads';
import { loadSegmentAddon, type SegmentAddon } from '../native/index.js';
import { ControlBoard } from './control-board.js';
import { foldKey } from './folds.js';
import type { Preparer } from './prepare.js';
import { SegmentRunner } from './segment.js';
import { resultOfPromise } from './task-result.js';
import type { Task, TaskResult, WorkerContext } from './tasks.js';

// Piscina puts the pool's own `workerData` second, behind its own.
const context = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerContext;

let addon: SegmentAddon | undefined;
function segmentAddon(): SegmentAddon {
  addon ??= loadSegmentAddon(context.native);
  return addon;
}

const { datasets } = context;
const keyOf = (fold: number) => foldKey(context.seed, fold, datasets.length);

/** By fold: each has rows and keys of its own. */
const segments: SegmentRunner[] = [];
function segmentRunner(fold: number): SegmentRunner {
  segments[fold] ??= new SegmentRunner(
    segmentAddon(),
    datasets[fold]!,
    keyOf(fold),
    new ControlBoard(context.control),
    context.owner,
    context.mostOpenBytes / datasets.length,
  );
  return segments[fold];
}

let loading: Promise<(fold: number) => Preparer> | undefined;
async function loadPreparers(): Promise<(fold: number) => Preparer> {
  // before tfjs: while the library is loaded the process is at its largest
  const opened = segmentAddon();
  const { loadModel, Preparer } = await import('./prepare.js');
  const model = await loadModel(context.modelPath, context.layers, context.native);
  const preparers: Preparer[] = [];
  return (fold) => {
    preparers[fold] ??= new Preparer(model, datasets[fold]!, opened, context.native, keyOf(fold));
    return preparers[fold];
  };
}

async function run(task: Task): Promise<unknown> {
  const fold = task.kind === 'describe' ? 0 : task.fold;
  if (task.kind === 'segment' && task.model.kind === 'traced') return segmentRunner(fold).run(task);
  loading ??= loadPreparers();
  const preparer = (await loading)(fold);
  switch (task.kind) {
    case 'describe':
      return preparer.space;
    case 'prepare': {
      const prepared = preparer.prepare(task.shape);
      segmentAddon().trim();
      return prepared;
    }
    case 'initialise':
      return preparer.initialise(task.shape, task.trial);
    case 'segment':
      return segmentRunner(fold).run(task, (shape) => preparer.eagerRunner(shape));
    case 'export':
      return preparer.export(task);
    default:
      return task satisfies never;
  }
}

export default function handle(task: Task): Promise<TaskResult<unknown>> {
  return resultOfPromise(run(task));
}
