/** An inference graph as a tfjs GraphModel: `model.json` with the graph, and its constants as weights. */
import { type AttributeValue, dataTypes, type NodeDef } from './graph-def.js';
import type { InferenceGraph } from './inference.js';
import { outputName } from './saved-model.js';

/** One weight as tfjs's manifests describe it. */
interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** What a GraphModel's folder is made of. */
export interface GraphModel {
  /** The GraphDef as JSON, without the values of constants. */
  readonly modelTopology: object;
  readonly signature: object;
  readonly weightSpecs: readonly WeightSpec[];
  /** All weights, one after another. */
  readonly weightData: Uint8Array;
}

const typeNames: Readonly<Record<number, string>> = {
  [dataTypes.float32]: 'DT_FLOAT',
  [dataTypes.float64]: 'DT_DOUBLE',
  [dataTypes.int32]: 'DT_INT32',
  [dataTypes.uint8]: 'DT_UINT8',
  [dataTypes.int16]: 'DT_INT16',
  [dataTypes.int8]: 'DT_INT8',
  [dataTypes.complex64]: 'DT_COMPLEX64',
  [dataTypes.int64]: 'DT_INT64',
  [dataTypes.bool]: 'DT_BOOL',
  [dataTypes.bfloat16]: 'DT_BFLOAT16',
  [dataTypes.uint16]: 'DT_UINT16',
  [dataTypes.complex128]: 'DT_COMPLEX128',
  [dataTypes.float16]: 'DT_HALF',
  [dataTypes.uint32]: 'DT_UINT32',
  [dataTypes.uint64]: 'DT_UINT64',
};

/** Types of constants that tfjs has. */
const weightTypes: Readonly<Record<number, string>> = {
  [dataTypes.float32]: 'float32',
  [dataTypes.int32]: 'int32',
  [dataTypes.bool]: 'bool',
};

/** A GraphModel that `tf.loadGraphModel` of plain tfjs loads. `undefined` if a constant's type is not one of tfjs's. */
export function graphModelOf(inference: InferenceGraph): GraphModel | undefined {
  const constants = inference.nodes.filter(({ op }) => op === 'Const');
  const tensors = constants.map(({ name, attr }) => ({ name, ...attr.value!.tensor! }));
  if (tensors.some(({ dtype }) => weightTypes[dtype] === undefined)) return undefined;
  return {
    modelTopology: { node: inference.nodes.map(nodeAsJson), library: {}, versions: {} },
    signature: signatureOf(inference),
    weightSpecs: tensors.map(({ name, dtype, tensorShape }) => {
      return { name, shape: tensorShape.dim.map(({ size }) => size), dtype: weightTypes[dtype]! };
    }),
    weightData: Buffer.concat(tensors.map(({ tensorContent }) => tensorContent)),
  };
}

function signatureOf({ inputs, output, batchSize }: InferenceGraph): object {
  const info = (name: string, type: keyof typeof dataTypes, rowShape: readonly number[]) => ({
    name,
    dtype: typeNames[dataTypes[type]],
    tensorShape: shapeAsJson([batchSize ?? -1, ...rowShape]),
  });
  return {
    inputs: Object.fromEntries(inputs.map(({ name, type, rowShape }) => [name, info(`${name}:0`, type, rowShape)])),
    outputs: { [outputName]: info(output.reference, 'float32', output.rowShape) },
  };
}

function nodeAsJson({ name, op, input, attr }: NodeDef): object {
  const attributes = Object.entries(attr).map(([key, value]) => [key, attributeAsJson(value)] as const);
  return { name, op, input, attr: Object.fromEntries(attributes) };
}

/** As protocol buffers are written in JSON: bytes in base64, 64-bit integers as strings, types by name. */
function attributeAsJson({ list, s, i, type, shape, tensor, ...rest }: AttributeValue): object {
  if (s !== undefined) return { s: Buffer.from(s).toString('base64') };
  if (i !== undefined) return { i: String(i) };
  if (type !== undefined) return { type: typeNames[type] };
  if (shape !== undefined) return { shape: shapeAsJson(shape.dim.map(({ size }) => size)) };
  if (tensor !== undefined) return { tensor: tensorAsJson(tensor) };
  if (list !== undefined) return { list: listAsJson(list) };
  return rest;
}

function tensorAsJson({ dtype, tensorShape }: NonNullable<AttributeValue['tensor']>): object {
  return { dtype: typeNames[dtype], tensorShape: shapeAsJson(tensorShape.dim.map(({ size }) => size)) };
}

function listAsJson({ s, i, type, shape, ...rest }: NonNullable<AttributeValue['list']>): object {
  return {
    ...rest,
    ...(s === undefined ? {} : { s: s.map((bytes) => Buffer.from(bytes).toString('base64')) }),
    ...(i === undefined ? {} : { i: i.map(String) }),
    ...(type === undefined ? {} : { type: type.map((number) => typeNames[number]) }),
    ...(shape === undefined ? {} : { shape: shape.map(({ dim }) => shapeAsJson(dim.map(({ size }) => size))) }),
  };
}

const shapeAsJson = (shape: readonly number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });
