/** Runs an exported model in this process, with plain tfjs, or on libtensorflow where that is installed. */
import * as tf from '@tensorflow/tfjs';
import type { EncodedRows } from '../data/index.js';
import { loadTfjsNode, locate } from '../native/index.js';
import { errors } from './errors.js';

/** A GraphModel as tfjs's loaders take it. */
export interface GraphArtifacts {
  readonly modelTopology: object;
  readonly signature: object;
  readonly weightSpecs: readonly object[];
  readonly weightData: Uint8Array;
}

/** Predictions of some rows. */
export interface Predictions {
  readonly rowCount: number;
  /** `[rows, …rowShape]` */
  readonly values: Float32Array;
  readonly rowShape: readonly number[];
}

export class Predictor {
  private constructor(
    private readonly model: tf.GraphModel,
    private readonly shape: readonly number[],
    private readonly batchSize: number | null,
  ) {}

  /**
   * @param shape of a row of `x`
   * @param batchSize rows that the graph wants; `null` for any number
   */
  static async load(artifacts: GraphArtifacts, shape: readonly number[], batchSize: number | null): Promise<Predictor> {
    await chooseBackend();
    const { weightData, ...rest } = artifacts;
    const whole = { ...rest, weightData: Uint8Array.from(weightData).buffer } as unknown as tf.io.ModelArtifacts;
    return new Predictor(await attempt(() => tf.loadGraphModel(tf.io.fromMemory(whole))), shape, batchSize);
  }

  /** @throws TUNER_PREDICTION_FAILED */
  async predict(rows: EncodedRows): Promise<Predictions> {
    const step = this.batchSize ?? rows.rowCount;
    const parts: Float32Array[] = [];
    let rowShape: readonly number[] = [];
    for (let start = 0; start < rows.rowCount; start += step) {
      const count = Math.min(step, rows.rowCount - start);
      const predictions = await attempt(async () => tf.tidy(() => this.#run(rows, start, step)));
      rowShape = predictions.shape.slice(1);
      const size = rowShape.reduce((a, b) => a * b, 1);
      parts.push(((await predictions.data()) as Float32Array).slice(0, count * size));
      predictions.dispose();
    }
    return { rowCount: rows.rowCount, values: joined(parts), rowShape };
  }

  /** `step` rows from `start` on; what is missing of them at the end is zeros. */
  #run({ x, categories, rowCount }: EncodedRows, start: number, step: number): tf.Tensor {
    const part = (values: Float32Array | Int32Array, rowShape: readonly number[]) => {
      const width = values.length / rowCount;
      const padded =
        values.slice(0, 0).constructor === Int32Array ? new Int32Array(step * width) : new Float32Array(step * width);
      padded.set(values.subarray(start * width, (start + step) * width));
      return tf.tensor(
        padded,
        [step, ...rowShape],
        x === values && values instanceof Float32Array ? 'float32' : 'int32',
      );
    };
    const inputs = { x: part(x, this.shape) };
    const given =
      categories === undefined ? inputs : { ...inputs, categories: part(categories, [categories.length / rowCount]) };
    return this.model.predict(given) as tf.Tensor;
  }

  dispose(): void {
    this.model.dispose();
  }
}

/** The native library is used where it is there, and never installed for this: plain tfjs predicts the same, to rounding. */
async function chooseBackend(): Promise<void> {
  const native = await locate();
  if (native !== undefined) loadTfjsNode(native, tf);
  else await tf.setBackend('cpu');
  await tf.ready();
}

async function attempt<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw errors.TUNER_PREDICTION_FAILED({ message: (cause as Error).message }, cause);
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
