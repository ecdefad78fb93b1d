import * as tf from '@tensorflow/tfjs';
import {
  type InferenceGraph,
  type InferenceInput,
  type OpDefinitions,
  type TensorFlowBackend,
  traceInference,
} from '../graph/index.js';
import { attempt, type Building } from './build.js';
import { errors } from './errors.js';
import type { Batch, BuiltModel, DataDescription } from './model.js';

type Inputs = Omit<Batch, 'y'>;

export interface InferenceModelOptions {
  readonly backend: TensorFlowBackend;
  readonly definitions: OpDefinitions;
  readonly data: DataDescription;
  /** Rows of a batch where the model works for one size only. */
  readonly batchSize: number;
}

/**
 * The graph of a built model's predictions, with the weights that it has now. Without fused kernels: the graph runs wherever
 * TensorFlow's common ops do, plain tfjs included.
 *
 * @throws TRIAL_NOT_EXPORTABLE, GRAPH_PREDICTIONS_SHAPE, and what the model throws.
 */
export function traceModelInference({ model }: Building, options: InferenceModelOptions): InferenceGraph {
  const predict = predictorOf(model);
  const { data, ...rest } = options;
  return traceInference({ tf, ...rest, inputs: inputsOf(data) }, (inputs) => {
    return attempt('predict', () => predict(inputs as unknown as Inputs));
  });
}

function inputsOf({ featureShape, vocabularySize, categories }: DataDescription): InferenceInput[] {
  const x = { name: 'x', type: vocabularySize === undefined ? 'float32' : 'int32', rowShape: featureShape } as const;
  if (categories === undefined) return [x];
  return [x, { name: 'categories', type: 'int32', rowShape: [categories.length] }];
}

function predictorOf({ predict, model }: BuiltModel): (inputs: Inputs) => tf.Tensor {
  if (predict !== undefined) return predict;
  if (model === undefined) throw errors.TRIAL_NOT_EXPORTABLE({});
  return ({ x, categories }) => {
    const given = model.inputs.length === 2 && categories !== undefined ? [x, categories] : x;
    return model.apply(given, { training: false }) as tf.Tensor;
  };
}
