/** The file that the pools' threads run. A thread loads only what its first task needs: segments need no tfjs. */
import { workerData } from 'node:worker_threads';
import { loadSegmentAddon, type SegmentAddon } from '../native/index.js';
import { ControlBoard } from './control-board.js';
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

let segments: SegmentRunner | undefined;
function segmentRunner(): SegmentRunner {
  segments ??= new SegmentRunner(
    segmentAddon(),
    context.dataset,
    context.seed,
    new ControlBoard(context.control),
    context.owner,
    context.mostOpenBytes,
  );
  return segments;
}

let preparing: Promise<Preparer> | undefined;
async function loadPreparer(): Promise<Preparer> {
  // before tfjs: while the library is loaded the process is at its largest
  const opened = segmentAddon();
  const { loadModel, Preparer } = await import('./prepare.js');
  const model = await loadModel(context.modelPath, context.layers, context.native);
  return new Preparer(model, context.dataset, opened, context.native, context.seed);
}

async function run(task: Task): Promise<unknown> {
  if (task.kind === 'segment' && task.model.kind === 'traced') return segmentRunner().run(task);
  preparing ??= loadPreparer();
  const preparer = await preparing;
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
      return segmentRunner().run(task, (shape) => preparer.eagerRunner(shape));
    case 'export':
      return preparer.export(task);
    default:
      return task satisfies never;
  }
}

export default function handle(task: Task): Promise<TaskResult<unknown>> {
  return resultOfPromise(run(task));
}
