import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeConfig } from '../../src/graph/config-proto.js';
import { GraphBuilder } from '../../src/graph/graph-builder.js';
import { shapeProto } from '../../src/graph/graph-def.js';
import {
  install,
  loadSegmentAddon,
  type NativePaths,
  type ProgramSpec,
  type SegmentAddon,
} from '../../src/native/index.js';

let paths: NativePaths;
let addon: SegmentAddon;
beforeAll(async () => {
  paths = await install();
  addon = loadSegmentAddon(paths);
});

const placeholder = (graph: GraphBuilder, name: string, type: number, shape: readonly number[]) =>
  graph.node('Placeholder', [], { dtype: { type }, shape: { shape: shapeProto(shape) } }, name);

/** `b = a`, of a type by TensorFlow's number. */
function identity(type: number): ProgramSpec {
  const graph = new GraphBuilder();
  const fetched = graph.node('Identity', [placeholder(graph, 'a', type, [-1])], { T: { type } });
  return { key: `identity ${type}`, graph: graph.encode(), feeds: ['a'], fetches: [fetched], config: encodeConfig() };
}

/** Multiplies `size` × `size` matrices until the counter has reached the limit. */
function longLoop(key: string, size: number): ProgramSpec {
  const graph = new GraphBuilder();
  const outer = [
    graph.scalar('int32', 0),
    graph.placeholder('limit', 'int32', []),
    graph.placeholder('m', 'float32', [size, size]),
  ];
  const body = new GraphBuilder();
  const counter = body.placeholder('counter', 'int32', []);
  body.placeholder('limit', 'int32', []);
  const matrix = body.placeholder('m', 'float32', [size, size]);
  const product = body.node('MatMul', [matrix, matrix], {
    T: { type: 1 },
    transpose_a: { b: false },
    transpose_b: { b: false },
  });
  const next = body.binary('AddV2', counter, body.scalar('int32', 1), 'int32');
  return {
    key,
    graph: graph.encode(),
    feeds: ['limit', 'm'],
    fetches: ['loop:0'],
    config: encodeConfig(),
    loop: {
      body: body.encode(),
      parameters: ['counter', 'limit', 'm'],
      results: [next, 'limit:0', product],
      arguments: outer,
      compile: false,
    },
  };
}

describe('the companion addon', () => {
  it.each([
    ['float32', 1, Float32Array.of(1.5, -2)],
    ['float64', 2, Float64Array.of(1.5, -2)],
    ['int32', 3, Int32Array.of(7, -8)],
    ['uint8', 4, Uint8Array.of(7, 255)],
    ['int16', 5, Int16Array.of(7, -8)],
    ['int8', 6, Int8Array.of(7, -8)],
    ['complex64', 8, Float32Array.of(1, 2, 3, 4)],
    ['int64', 9, BigInt64Array.of(7n, -8n)],
    ['bool', 10, Uint8Array.of(1, 0)],
    ['bfloat16', 14, Uint16Array.of(0x3f80, 0xc000)],
    ['uint16', 17, Uint16Array.of(7, 65535)],
    ['complex128', 18, Float64Array.of(1, 2, 3, 4)],
    ['float16', 19, Uint16Array.of(0x3c00, 0xc000)],
    ['uint32', 22, Uint32Array.of(7, 2 ** 32 - 1)],
    ['uint64', 23, BigUint64Array.of(7n, 2n ** 64n - 1n)],
  ] as const)('feeds and fetches %s', (_, type, values) => {
    const program = addon.load(identity(type));
    const out = new (values.constructor as new (length: number) => typeof values)(values.length);
    addon.run(program, [values], [out]);
    expect(out).toEqual(values);
    addon.run(program, [values.subarray(0, 0)], [out.subarray(0, 0)]);
    addon.release(program);
  });

  it('refuses what cannot be fed from a typed array, or does not fit', () => {
    expect(() => addon.load(identity(7))).toThrow('only numbers and booleans can be fed');
    const program = addon.load(identity(1));
    const out = Float32Array.of(9);
    expect(() => addon.run(program, [Float32Array.of(1, 2)], [out])).toThrow('output 0 has 8 bytes; 4 were provided');
    expect(() => addon.run(program, [Uint8Array.of(1)], [out])).toThrow('"a" takes 4 bytes; 1 were given');
    expect(() => addon.run(program, [], [out])).toThrow('one typed array a feed is expected');
    expect(out[0]).toBe(9);
    addon.release(program);
    expect(() => addon.run(program, [out], [out])).toThrow('the program was released');
  });

  describe('cancel', () => {
    const workers: Worker[] = [];
    afterAll(() => Promise.all(workers.map((worker) => worker.terminate())));

    /** Runs a loop that takes hours in another thread. */
    function runElsewhere(spec: ProgramSpec, size: number): { started: Promise<void>; ended: Promise<string> } {
      const index = new URL('../../dist/src/native/index.js', import.meta.url).href;
      const source = `
        import { parentPort, workerData } from 'node:worker_threads';
        const { loadSegmentAddon } = await import(${JSON.stringify(index)});
        const { paths, spec, size } = workerData;
        const addon = loadSegmentAddon(paths);
        const program = addon.load(spec);
        parentPort.postMessage('started');
        try {
          addon.run(program, [Int32Array.of(2 ** 31 - 1), new Float32Array(size * size)], [new Int32Array(1)]);
          parentPort.postMessage('done');
        } catch (error) {
          parentPort.postMessage(error.code);
        }`;
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
        workerData: { paths, spec, size },
      });
      workers.push(worker);
      const message = () =>
        new Promise<string>((resolve, reject) => worker.once('message', resolve).once('error', reject));
      const started = message();
      return { started: started.then(() => undefined), ended: started.then(message) };
    }

    it('ends a call that runs in another thread, and leaves other owners’ alone', async () => {
      const run = runElsewhere(longLoop('mine: loop', 64), 64);
      await run.started;
      const other = addon.load(longLoop('other: loop', 8));
      addon.cancel('nobody’s');
      expect(await Promise.race([run.ended, new Promise((resolve) => setTimeout(resolve, 300, 'still running'))])).toBe(
        'still running',
      );
      addon.cancel('mine: ');
      expect(await run.ended).toBe('TF_1');
      const counter = new Int32Array(1);
      addon.run(other, [Int32Array.of(3), new Float32Array(64)], [counter]);
      expect(counter[0]).toBe(3);
    });

    it('lets the same key be loaded anew', () => {
      const spec = longLoop('again: loop', 8);
      const before = addon.load(spec);
      addon.cancel('again: ');
      const counter = new Int32Array(1);
      const call = [Int32Array.of(3), new Float32Array(64)];
      expect(() => addon.run(before, call, [counter])).toThrow(/closed|cancel/i);
      addon.run(addon.load(spec), call, [counter]);
      expect(counter[0]).toBe(3);
    });
  });
});
