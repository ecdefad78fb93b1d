/**
 * An inference graph as a TensorFlow SavedModel: `saved_model.pb` with one signature, `serving_default`. Weights are constants of the
 * graph, so there is no checkpoint beside it. Messages as in tensorflow/core/protobuf/{saved_model,meta_graph}.proto.
 */
import protobuf from 'protobufjs/light.js';
import { dataTypes, encodeGraph, shapeProto } from './graph-def.js';
import type { InferenceGraph } from './inference.js';

const field = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id });
const mapped = (type: string, id: number) => ({ keyType: 'string', type, id }) as protobuf.IField;

const savedModel = protobuf.Root.fromJSON({
  nested: {
    Dim: { fields: { size: field('int64', 1) } },
    TensorShape: { fields: { dim: repeated('Dim', 2) } },
    TensorInfo: {
      fields: { name: field('string', 1), dtype: field('int32', 2), tensorShape: field('TensorShape', 3) },
    },
    SignatureDef: {
      fields: { inputs: mapped('TensorInfo', 1), outputs: mapped('TensorInfo', 2), methodName: field('string', 3) },
    },
    MetaInfoDef: {
      fields: { tags: repeated('string', 4), tensorflowVersion: field('string', 5) },
    },
    MetaGraphDef: {
      fields: {
        metaInfoDef: field('MetaInfoDef', 1),
        // an embedded message is its bytes
        graphDef: field('bytes', 2),
        signatureDef: mapped('SignatureDef', 5),
      },
    },
    SavedModel: { fields: { savedModelSchemaVersion: field('int64', 1), metaGraphs: repeated('MetaGraphDef', 2) } },
  },
}).lookupType('SavedModel');

/** What the one output is called. */
export const outputName = 'predictions';

/**
 * The bytes of `saved_model.pb`.
 *
 * @param tensorflowVersion that the graph's ops are of
 */
export function encodeSavedModel(inference: InferenceGraph, tensorflowVersion: string): Uint8Array {
  const { nodes, inputs, output } = inference;
  const info = (name: string, type: 'float32' | 'int32', rowShape: readonly number[]) => ({
    name,
    dtype: dataTypes[type],
    tensorShape: shapeProto([inference.batchSize ?? -1, ...rowShape]),
  });
  const signature = {
    inputs: Object.fromEntries(inputs.map(({ name, type, rowShape }) => [name, info(`${name}:0`, type, rowShape)])),
    outputs: { [outputName]: info(output.reference, 'float32', output.rowShape) },
    methodName: 'tensorflow/serving/predict',
  };
  const metaGraph = {
    metaInfoDef: { tags: ['serve'], tensorflowVersion },
    graphDef: encodeGraph(nodes),
    signatureDef: { serving_default: signature },
  };
  return savedModel.encode({ savedModelSchemaVersion: 1, metaGraphs: [metaGraph] }).finish();
}
