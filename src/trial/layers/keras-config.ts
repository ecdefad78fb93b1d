/**
 * Translates what newer versions of Keras write into what tfjs reads, which is Keras 2's older form:
 * - regularizers `L1` and `L2` are `L1L2` (tfjs knows no others);
 * - global pooling with `keepdims` is one without, and layers that put the axes back;
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
  if (key === 'layers' && Array.isArray(value)) return [key, value.flatMap(layersOf)];
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

/**
 * A layer as those that tfjs has; what follows it finds its name as before. `RepeatVector(1)` puts an axis of size 1 in front. `Reshape`
 * would do, but tfjs forgets how many channels there are.
 */
function layersOf(layer: unknown): unknown[] {
  if (!isJson(layer) || !isJson(layer.config)) return [layer];
  const { keepdims, data_format: format, ...config } = layer.config;
  const [, axes] = /^Global(?:Average|Max)Pooling([12])D$/.exec(String(layer.class_name)) ?? [];
  if (axes === undefined || keepdims !== true || format === 'channels_first') return [layer];
  const repeat = { class_name: 'RepeatVector', config: { name: `${config.name}_axis`, n: 1 } };
  const named = (name: unknown) => ({ ...repeat, config: { ...repeat.config, name } });
  const last =
    axes === '1'
      ? [named(config.name)]
      : [
          named(`${config.name}_first_axis`),
          { class_name: 'TimeDistributed', config: { name: config.name, layer: repeat } },
        ];
  const pooling = { ...layer, config: { ...config, data_format: format, name: `${config.name}_pooling` } };
  return chained([pooling, ...last], layer.inbound_nodes);
}

interface LayerConfig {
  readonly config: { readonly name?: unknown };
}

/** Layers one after another: of a functional model each has a name beside its config and names the one before it, at each use of the first. */
function chained(layers: readonly LayerConfig[], nodes: unknown): unknown[] {
  if (!Array.isArray(nodes)) return [...layers];
  return layers.map((layer, index) => {
    const before = layers[index - 1]?.config.name;
    const inbound_nodes = before === undefined ? nodes : nodes.map((_node, use) => [[before, use, 0, {}]]);
    return { ...layer, name: layer.config.name, inbound_nodes };
  });
}
