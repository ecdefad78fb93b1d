/**
 * Translates what newer versions of Keras write into what tfjs reads, which is Keras 2's older form:
 * - regularizers `L1` and `L2` are `L1L2` (tfjs knows no others);
 * - of Keras 3, data types are objects, an input's shape is its `batch_shape`, and layers name their inputs as tensors
 *   (https://keras.io/guides/serialization_and_saving).
 */

type Json = Readonly<Record<string, unknown>>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The topology with everything in it as tfjs reads it. What is not known stays as it is. */
export function forTfjs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forTfjs);
  if (!isJson(value)) return value;
  return renamed(Object.fromEntries(Object.entries(value).map(([key, part]) => entry(key, forTfjs(part)))));
}

function entry(key: string, value: unknown): readonly [string, unknown] {
  if (key === 'batch_shape') return ['batch_input_shape', value];
  if (key === 'dtype' && isJson(value) && isJson(value.config)) return [key, value.config.name];
  if (key === 'inbound_nodes' && Array.isArray(value)) return [key, value.map(inboundNode)];
  const isLayerList = (key === 'input_layers' || key === 'output_layers') && Array.isArray(value);
  return [key, isLayerList && typeof value[0] === 'string' ? [value] : value];
}

function renamed(value: Record<string, unknown>): Json {
  if (value.class_name !== 'L1' && value.class_name !== 'L2') return value;
  const { config } = value;
  return { ...value, class_name: 'L1L2', config: { l1: 0, l2: 0, ...(isJson(config) ? config : {}) } };
}

/** Keras 3 has `{ args, kwargs }` with tensors within; Keras 2 a list of `[layer, node, tensor, kwargs]`. */
function inboundNode(node: unknown): unknown {
  return isJson(node) && 'args' in node ? tensorsIn(node.args) : node;
}

function tensorsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (!isJson(value) || !isJson(value.config)) return [];
  const history = value.config.keras_history;
  return Array.isArray(history) ? [[...history, {}]] : [];
}
