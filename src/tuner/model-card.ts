/** What a person or a program has to know of an exported model. */
import type { SharedDataset, SplitName } from '../data/index.js';
import type { ExportedModel } from '../engine/index.js';
import type { Hyperparameters } from '../space/index.js';
import type { TestEvaluation } from '../store/index.js';
import {
  type BestSegment,
  digest,
  foldCount,
  type Objective,
  type OutcomeBound,
  type StudyState,
} from '../study/index.js';

/** One segment of a model's life: whose weights were trained with what. */
interface LineageEntry {
  readonly trial: number;
  readonly generation: number;
  readonly fromStep: number;
  readonly toStep: number;
  readonly hyperparameters: Hyperparameters;
}

/** `model-card.json`. No clock and no machine is in it: one study has one card. */
export interface ModelCard {
  readonly version: 1;
  readonly study: string;
  readonly model: string;
  readonly objective: Objective;
  /** Where there are several. */
  readonly objectives?: readonly Objective[];
  readonly outcomes?: readonly OutcomeBound[];
  /** Whether the study has no better model; with several objectives, by the first of them. */
  readonly isBest: boolean;
  readonly trial: number;
  readonly steps: number;
  readonly hyperparameters: Hyperparameters;
  readonly inputs: readonly { readonly name: string; readonly type: string; readonly shape: readonly number[] }[];
  readonly output: { readonly shape: readonly number[]; readonly what: string };
  readonly batchSize: number | null;
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly reference: unknown;
    readonly rows: Readonly<Partial<Record<SplitName, number>>>;
    readonly rowsWithoutTarget: number;
  };
  /**
   * Given where trials are judged by the mean over folds: how many there are. The weights are those of the first fold's model, and figures of validation
   * are means and deviations over all.
   */
  readonly folds?: number;
  /** On the rows that chose the model. */
  readonly validation: Readonly<Record<string, number>>;
  /** On rows that played no part in anything, evaluated when the model was first exported. `null` without a test split. */
  readonly test: {
    readonly metrics: TestEvaluation['metrics'];
    /** Models of this study that were evaluated on the test split before this one: above 0, the split is less held out. */
    readonly earlierEvaluations: number;
  } | null;
  /** The model's life, oldest first, across the trials that it was copied from. */
  readonly lineage: readonly LineageEntry[];
  readonly seed: number;
  readonly digest: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Format → its folder or file within the export. */
  readonly formats: Readonly<Record<string, string>>;
  /** How to train the same model again, or why one command cannot. */
  readonly reproduce: string;
}

export interface CardOptions {
  readonly state: StudyState;
  readonly best: BestSegment;
  readonly dataset: SharedDataset;
  readonly model: ExportedModel;
  readonly formats: Readonly<Record<string, string>>;
  readonly test: TestEvaluation | undefined;
  /** Of the test split, of this model and others, in order. */
  readonly testEvaluations: readonly TestEvaluation[];
  readonly reproduce: string;
  readonly isBest: boolean;
}

export function modelCard(options: CardOptions): ModelCard {
  const { state, best, dataset, model, formats, reproduce, isBest } = options;
  const { settings, created } = state;
  const { metrics, loss, toStep } = state.trials[best.trial]!.segments[best.generation]!;
  return {
    version: 1,
    study: settings.study,
    model: settings.model.split(/[\\/]/).slice(-2).join('/'),
    objective: settings.objective,
    ...(settings.objectives === undefined ? {} : { objectives: settings.objectives }),
    ...(settings.outcomes === undefined ? {} : { outcomes: settings.outcomes }),
    isBest,
    trial: best.trial,
    steps: toStep,
    hyperparameters: best.hyperparameters,
    inputs: model.inputs.map(({ name, type, rowShape }) => ({ name, type, shape: rowShape })),
    output: { shape: model.outputShape, what: describeOutput(dataset, model.outputShape) },
    batchSize: model.batchSize,
    dataset: describeDataset(dataset, settings.dataset),
    ...(foldCount(settings) === 1 ? {} : { folds: foldCount(settings) }),
    validation: { ...metrics, ...(loss === null ? {} : { trainLoss: loss }) },
    test: describeTest(options),
    lineage: lineageOf(state, best),
    seed: settings.seed,
    digest: digest(state),
    versions: created.versions,
    formats,
    reproduce,
  };
}

function describeOutput({ target, features, series }: SharedDataset, shape: readonly number[]): string {
  const size = shape.reduce((a, b) => a * b, 1);
  if (target.kind === 'class') {
    const { vocabulary } = features;
    if (vocabulary !== undefined && shape.length === 2) {
      return `at each place, a probability for each of ${vocabulary.length} tokens to be the next`;
    }
    if (size === target.classes.length) return `a probability for each class: ${target.classes.join(', ')}`;
  }
  if (target.kind !== 'number' || size !== 1) return "the model's own predictions";
  const number = `${target.label ?? 'a number'}, in its own unit`;
  return series === undefined ? number : `${number}, ${times(series.horizon)} after the last one that is read`;
}

const times = (count: number) => (count === 1 ? 'one time' : `${count} times`);

function describeDataset(dataset: SharedDataset, reference: unknown): ModelCard['dataset'] {
  const rows = Object.entries(dataset.splits).map(([split, range]) => [split, range?.count] as const);
  return {
    name: dataset.name,
    digest: dataset.digest,
    reference,
    rows: Object.fromEntries(rows),
    rowsWithoutTarget: dataset.droppedRowCount,
  };
}

function describeTest({ test, testEvaluations }: CardOptions): ModelCard['test'] {
  if (test === undefined) return null;
  return { metrics: test.metrics, earlierEvaluations: testEvaluations.indexOf(test) };
}

/** The segments that led to the best one: a copy goes on from a checkpoint of its parent. */
function lineageOf({ history }: StudyState, best: BestSegment): LineageEntry[] {
  const entries: LineageEntry[] = [];
  const last = history.items.find(({ trial, generation }) => trial === best.trial && generation === best.generation);
  for (let point = last ?? null; point !== null; point = point.previous) {
    const { trial, generation, fromStep, toStep, hyperparameters } = point;
    entries.unshift({ trial, generation, fromStep, toStep, hyperparameters });
  }
  return entries;
}
