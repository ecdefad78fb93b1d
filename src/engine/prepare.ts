/** Builds and traces models in a worker: the only place where tfjs and the model author's code run. */
import * as tf from '@tensorflow/tfjs';
import { openRowSource, type RowSource, type SharedDataset } from '../data/index.js';
import { TunerError } from '../errors/index.js';
import {
  choosesOwnProducts,
  encodeSavedModel,
  graphModelOf,
  OpDefinitions,
  readHeader,
  type TableColumn,
  type TensorFlowBackend,
} from '../graph/index.js';
import { isSavedModel, loadDefault, readSavedModel } from '../modules/index.js';
import { loadTfjsNode, type NativePaths, nativeVersions, type SegmentAddon } from '../native/index.js';
import { foldIn, type Key } from '../random/index.js';
import type { SpaceDefinition } from '../space/index.js';
import {
  type Building,
  buildModel,
  type DataDescription,
  EagerRunner,
  initialState,
  isLayersModel,
  isModelDefinition,
  loadState,
  type ModelDefinition,
  type SavedTraining,
  savedFromModel,
  savedLayersModel,
  type TracedModel,
  traceModel,
  traceModelInference,
  trialErrors,
} from '../trial/index.js';
import type { ExportedLayers, ExportedModel, ExportTask, PreparedModel, Shape } from './tasks.js';

/**
 * Errors of the tracer that mean: this step's JavaScript has to run at every step. What a step keeps in JavaScript between two
 * steps, which the tracer's other errors are about, would be shared by the trials of a thread if it ran eagerly.
 */
const untraceable = new Set(['GRAPH_VALUE_READ', 'GRAPH_DRAWN_IN_JAVASCRIPT', 'GRAPH_CLOCK_READ']);

/** What a model is told of the data set. */
function describeData(dataset: SharedDataset): DataDescription {
  const { features, categories } = dataset;
  return {
    featureShape: shapeOfColumn(dataset, features.column),
    target: describeTarget(dataset),
    ...(features.vocabulary === undefined ? {} : { vocabularySize: features.vocabulary.length }),
    ...(categories === undefined
      ? {}
      : { categories: categories.names.map((name, index) => ({ name, size: categories.sizes[index]! })) }),
  };
}

function describeTarget(dataset: SharedDataset): DataDescription['target'] {
  const { target } = dataset;
  if (target.kind === 'none') return target;
  const shape = shapeOfColumn(dataset, target.column);
  if (target.kind === 'class') return { kind: 'class', classCount: target.classes.length, shape };
  return { kind: 'number', shape, mean: target.mean, deviation: target.deviation };
}

function shapeOfColumn({ columns }: SharedDataset, column: string): readonly number[] {
  return columns.find(({ name }) => name === column)!.rowShape;
}

/** The columns that a step's batch is made of, in tables of `rowCount` rows. */
function tableColumns({ columns, features, categories, target }: SharedDataset, rowCount: number): TableColumn[] {
  const used = [features.column, categories?.column, target.kind === 'none' ? undefined : target.column];
  return columns
    .filter(({ name }) => used.includes(name))
    .map(({ name, type, rowShape }) => {
      if (name !== features.column || features.vocabulary !== undefined) return { name, type, rowShape, rowCount };
      return { name, type, rowShape, rowCount, scale: { factor: features.scale, offset: features.offset } };
    });
}

/**
 * The model of a file: of a `model.json`, or a module's default export: a definition, a `tf.LayersModel`, or a function that makes
 * one.
 *
 * @param training how a model without a step of its own is trained
 *
 * Errors: MODULES_…, TRIAL_NOT_A_MODEL, TRIAL_SAVED_…, TRIAL_HAS_ITS_OWN_STEP.
 */
export async function loadModel(path: string, training: SavedTraining, native: NativePaths): Promise<ModelDefinition> {
  // before anything makes a tensor, which would be another backend's
  loadTfjsNode(native, tf);
  if (isSavedModel(path)) return savedLayersModel(await readSavedModel(path), training);
  const exported = await loadDefault(path);
  if (isModelDefinition(exported)) {
    // hyperparameters of these names are its own
    const { optimizers: _, losses: __, ...settings } = training;
    const names = Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (names.length > 0) throw trialErrors.TRIAL_HAS_ITS_OWN_STEP({ path, names });
    return exported;
  }
  const model = typeof exported === 'function' ? await makeModel(path, exported as () => unknown) : exported;
  if (isLayersModel(model)) return savedLayersModel(savedFromModel(path, model), training);
  throw trialErrors.TRIAL_NOT_A_MODEL({ path, given: typeof exported });
}

/** A function without arguments that makes a model, as examples and applications have it. */
async function makeModel(path: string, make: () => unknown): Promise<unknown> {
  try {
    return await make();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw trialErrors.TRIAL_BUILD_FAILED({ message, line: path }, error);
  }
}

/** Builds and traces one model for one data set. */
export class Preparer {
  readonly #backend: TensorFlowBackend;
  readonly #definitions: OpDefinitions;
  readonly #rows: RowSource;

  constructor(
    private readonly model: ModelDefinition,
    private readonly dataset: SharedDataset,
    private readonly addon: SegmentAddon,
    native: NativePaths,
    private readonly key: Key,
  ) {
    this.#backend = loadTfjsNode(native, tf).backend as unknown as TensorFlowBackend;
    this.#definitions = new OpDefinitions(addon);
    this.#rows = openRowSource(dataset);
  }

  /** The model's own space. */
  get space(): SpaceDefinition {
    return this.model.space;
  }

  /** Traces a shape; one that cannot be traced is run eagerly, or fails if the study requires it to be traced. */
  prepare(shape: Shape): PreparedModel {
    return this.#withBuilding(shape, 0, (building) => {
      try {
        return { kind: 'traced', traced: this.#trace(shape, building) };
      } catch (error) {
        if (shape.requireTraced || !(error instanceof TunerError) || !untraceable.has(error.code)) throw error;
        const metrics = this.#metrics(shape);
        return { kind: 'eager', shape, layout: building.layout, metrics, reason: error.message };
      }
    });
  }

  #trace(shape: Shape, building: Building): TracedModel {
    return traceModel(building, {
      backend: this.#backend,
      definitions: this.#definitions,
      columns: tableColumns(this.dataset, this.#rows.tableRows),
      sampleRows: this.#sampleRows(Math.max(shape.batchSize, shape.evaluationBatchSize)),
      ownProducts: choosesOwnProducts(this.addon, shape.trials),
      ...shape,
    });
  }

  /** Trains and evaluates a shape op by op, in this thread. */
  eagerRunner(shape: Shape): EagerRunner {
    const { batchSize, evaluationBatchSize } = shape;
    const columns = tableColumns(this.dataset, this.#rows.tableRows);
    return new EagerRunner({
      building: this.#build(shape, 0),
      backend: this.#backend,
      columns,
      batchSize,
      evaluationBatchSize,
    });
  }

  /** What an evaluation reports, found out by running one on a single row. */
  #metrics(shape: Shape): string[] {
    const runner = this.eagerRunner(shape);
    try {
      const state = initialState(this.#build(shape, 0), this.addon);
      const hyperparameters = Object.fromEntries(Object.entries(shape.mutable).map(([name, [value]]) => [name, value]));
      const { tables } = this.#rows;
      const rows = this.#rows.split('validation', 1);
      return Object.keys(runner.evaluate({ rows, hyperparameters, tables, state }));
    } finally {
      runner.close();
    }
  }

  initialise(shape: Shape, trial: number): Uint8Array {
    return this.#withBuilding(shape, trial, (building) => initialState(building, this.addon));
  }

  /** The model with the state's weights: as tfjs saves it, if it is a layers model, and as a graph of its predictions. */
  async export({ shape, state, test }: ExportTask): Promise<ExportedModel> {
    const building = this.#build(shape, 0);
    try {
      const { model } = building.model;
      readHeader(state, building.layout);
      loadState(building, state);
      const inference = traceModelInference(building, {
        backend: this.#backend,
        definitions: this.#definitions,
        data: describeData(this.dataset),
        batchSize: shape.evaluationBatchSize,
      });
      return {
        layers: model ? await artifactsOf(model) : null,
        graphModel: graphModelOf(inference) ?? null,
        savedModel: encodeSavedModel(inference, nativeVersions.libtensorflow),
        inputs: inference.inputs,
        outputShape: inference.output.rowShape,
        batchSize: inference.batchSize,
        test: this.#evaluateTest(shape, state, test),
      };
    } finally {
      building.dispose();
    }
  }

  #evaluateTest(shape: Shape, state: Uint8Array, hyperparameters: ExportTask['test']): ExportedModel['test'] {
    if (hyperparameters === null || this.dataset.splits.test === undefined) return null;
    const runner = this.eagerRunner(shape);
    try {
      const { tables } = this.#rows;
      const rows = this.#rows.split('test');
      const metrics = runner.evaluate({ rows, hyperparameters, tables, state });
      return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name.replace(/^val/, 'test'), value]));
    } finally {
      runner.close();
    }
  }

  #withBuilding<T>(shape: Shape, trial: number, use: (building: Building) => T): T {
    const building = this.#build(shape, trial);
    try {
      return use(building);
    } finally {
      building.dispose();
    }
  }

  #build(shape: Shape, trial: number): Building {
    return buildModel(this.model, {
      structural: shape.structural,
      mutable: Object.keys(shape.mutable),
      data: describeData(this.dataset),
      batchSize: shape.batchSize,
      key: foldIn(this.key, 'trial', trial, 'weights'),
    });
  }

  /** The first training rows of each column. */
  #sampleRows(most: number): Record<string, ArrayLike<number>> {
    const { tables } = this.#rows;
    const { count, pieces } = this.#rows.split('train', most);
    const columns = this.dataset.columns.map(({ name, rowShape }) => {
      const width = rowShape.reduce((a, b) => a * b, 1);
      return { name, width, values: new Float64Array(count * width) };
    });
    let written = 0;
    for (const rows of pieces(1, count)) {
      for (const row of rows) {
        for (const { name, width, values } of columns) {
          values.set(tables[name]!.subarray(row * width, (row + 1) * width), written * width);
        }
        written++;
      }
    }
    return Object.fromEntries(columns.map(({ name, values }) => [name, values]));
  }
}

async function artifactsOf(model: tf.LayersModel): Promise<ExportedLayers> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const { modelTopology, weightSpecs, weightData, generatedBy, format } = saved!;
  return {
    modelTopology: modelTopology as object,
    weightSpecs: weightSpecs!,
    weightData: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)),
    versions: { generatedBy: generatedBy ?? '', format: format ?? 'layers-model' },
  };
}
