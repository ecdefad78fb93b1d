import {
  appendFileSync,
  copyFileSync,
  fstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { RecordBatchFileWriter, tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  columnView,
  loadDataset,
  openRowSource,
  type SharedDataset,
  splitView,
  toArrow,
} from '../../../src/data/index.js';
import { layOutDataset } from '../../../src/data/shared-layout.js';
import { openArrowDataset } from '../../../src/data/streaming/open-stream.js';
import { foldIn, seedKey } from '../../../src/random/index.js';
import { anyDataset } from '../small-datasets.js';
import { errorOf, temporaryFolder } from '../support.js';
import { numberedRows, writeArrow } from './support.js';

const folder = temporaryFolder();
const options = { cacheDirectory: folder, baseDirectory: folder };
const studyKey = seedKey(4);
const trialKey = foldIn(studyKey, 'trial', 0);

/** Numbered rows take 18 bytes. */
const memory = 4000;

async function opened(path: string, limit?: number): Promise<SharedDataset> {
  const dataset = await openArrowDataset(path, limit);
  expect(dataset).toBeDefined();
  return dataset!;
}

/** What a row's values say of which row it is, if all columns agree. */
function rowAt({ tables }: ReturnType<typeof openRowSource>, index: number): number {
  const [x, small, y] = [tables.x!, tables.small!, tables.y!];
  const row = x[3 * index]!;
  expect([x[3 * index + 2], small[2 * index + 1], y[index]]).toEqual([row + 0.5, (row + 1) % 256, row % 3]);
  return row;
}

function epochOf(dataset: SharedDataset, batchSize: number, stepCount: number): number[][] {
  const rows = openRowSource(dataset);
  const steps: number[][] = [];
  const indices = new Int32Array(batchSize * 16);
  while (steps.length < stepCount) {
    const lease = rows.batches(indices, { studyKey, trialKey, batchSize, fromStep: steps.length, stepCount: 16 });
    for (let step = 0; step < lease.steps; step++) {
      const batch = indices.subarray(step * batchSize, (step + 1) * batchSize);
      steps.push([...batch].map((index) => rowAt(rows, index)));
    }
    lease.release();
  }
  return steps.slice(0, stepCount);
}

function splitRows(dataset: SharedDataset, split: 'train' | 'validation' | 'test', batchSize: number): number[] {
  const rows = openRowSource(dataset);
  const { count, pieces } = rows.split(split);
  const found: number[] = [];
  for (const piece of pieces(batchSize, 4)) {
    if (found.length + piece.length < count) expect(piece.length % batchSize).toBe(0);
    found.push(...[...piece].map((index) => rowAt(rows, index)));
  }
  expect(found.length).toBe(count);
  return found;
}

let path: string;
let whole: SharedDataset;
beforeAll(async () => {
  whole = numberedRows({ rowCount: 1003 });
  path = await writeArrow(join(folder, 'numbered.arrow'), whole);
});

describe('an Arrow file of a data set', () => {
  it('is read into memory with the same bytes, splits and digest, whatever it holds', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(anyDataset, async (dataset) => {
        const file = await writeArrow(join(folder, `any-${count++}.arrow`), dataset);
        const read = await opened(file);
        expect(read).toMatchObject({ digest: dataset.digest, rowCount: dataset.rowCount, name: dataset.name });
        for (const { name } of dataset.columns) expect(columnView(read, name)).toEqual(columnView(dataset, name));
        expect(splitView(read, 'train')).toEqual(splitView(dataset, 'train'));
        expect(splitView(read, 'validation')).toEqual(splitView(dataset, 'validation'));
        rmSync(file);
      }),
      { numRuns: 30 },
    );
  });

  it('is read alike in several record batches', async () => {
    const table = await toArrow(whole);
    const cut = [0, 7, 300, 301, 1003].map((from, index, all) => table.slice(from, all[index + 1])).slice(0, 4);
    const writer = new RecordBatchFileWriter();
    for (const part of cut) for (const batch of part.batches) writer.write(batch);
    writer.finish();
    const file = join(folder, 'batches.arrow');
    writeFileSync(file, writer.toUint8Array(true));
    expect(tableFromIPC(readFileSync(file)).batches.length).toBe(4);
    expect((await opened(file)).digest).toBe(whole.digest);
    const streamed = await opened(file, memory);
    expect(streamed.digest).toBe(whole.digest);
    expect(splitRows(streamed, 'validation', 7)).toEqual([...splitView(whole, 'validation')]);
  });

  it('is streamed with the same digest and counts if it takes more than it may, and else read whole', async () => {
    const streamed = await opened(path, memory);
    expect(streamed.stream).toBeDefined();
    expect(streamed.digest).toBe(whole.digest);
    expect(streamed.buffer.byteLength).toBeLessThanOrEqual(memory);
    expect(streamed.splits.train.count).toBe(whole.splits.train.count);
    expect((await opened(path, 1003 * 22)).stream).toBeUndefined();
    expect((await opened(path, 1003 * 22 - 1)).stream).toBeDefined();
  });

  it('is streamed by a reference with memory', async () => {
    const dataset = await loadDataset({ path, memory: '4kB' }, options);
    expect(dataset.stream?.memory).toBe(4000);
    const text = join(folder, 'rows.csv');
    writeFileSync(text, 'a,b\n1,2\n');
    await errorOf('DATA_TARGET_REQUIRED', () => loadDataset({ path: text, memory: 4000 }, options));
    const table = join(folder, 'foreign.arrow');
    writeFileSync(table, tableToIPC(tableFromArrays({ a: [1, 2] }), 'file'));
    await errorOf('DATA_STREAM_LAYOUT', () => loadDataset({ path: table, memory: 4000 }, options));
  });

  it('is not to be looked at as a whole while it is streamed', async () => {
    const streamed = await opened(path, memory);
    await errorOf('DATA_SHARED_STREAMED', () => columnView(streamed, 'x'));
    await errorOf('DATA_SHARED_STREAMED', () => splitView(streamed, 'train'));
  });
});

describe('rows that are streamed', () => {
  it('are each there once an epoch, with their own values', async () => {
    const streamed = await opened(path, memory);
    const steps = Math.ceil((2 * 802) / 10);
    const drawn = epochOf(streamed, 10, steps).flat();
    const train = [...splitView(whole, 'train')];
    expect(drawn.slice(0, 802).sort((a, b) => a - b)).toEqual(train);
    expect(drawn.slice(802, 1604).sort((a, b) => a - b)).toEqual(train);
    expect(drawn.slice(0, 802)).not.toEqual(train);
  });

  it('are the same again, for a step taken alone, too', async () => {
    const steps = epochOf(await opened(path, memory), 10, 90);
    const rows = openRowSource(await opened(path, memory));
    const indices = new Int32Array(10);
    for (const step of [0, 1, 40, 79, 80, 89]) {
      const lease = rows.batches(indices, { studyKey, trialKey, batchSize: 10, fromStep: step, stepCount: 1 });
      expect([...indices].map((index) => rowAt(rows, index))).toEqual(steps[step]);
      lease.release();
    }
  });

  it('of a split come in order, in pieces of whole batches, whatever the splits', async () => {
    const splits = ['train', 'validation', 'test', 'none'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 60, maxLength: 200 }),
        fc.integer({ min: 1, max: 12 }),
        async (codes, batchSize) => {
          codes[0] = 0;
          const dataset = numberedRows({ rowCount: codes.length, splitOf: (row) => splits[codes[row]!]! });
          const file = await writeArrow(join(folder, 'splits.arrow'), dataset);
          const streamed = await opened(file, 700);
          expect(streamed.digest).toBe(dataset.digest);
          for (const split of ['train', 'validation', 'test'] as const) {
            if ((dataset.splits[split]?.count ?? 0) === 0) continue;
            expect(splitRows(streamed, split, batchSize)).toEqual([...splitView(dataset, split)]);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('of a scattered validation split come from a copy, with the same values, which is nowhere to be seen', async () => {
    const scratch = join(folder, 'scratch');
    const dataset = numberedRows({ rowCount: 5003 });
    const file = await writeArrow(join(folder, 'scattered.arrow'), dataset);
    const streamed = (await openArrowDataset(file, 40_000, scratch))!;
    const { copy } = streamed.stream!;
    const plain = await opened(file, 40_000);
    expect(plain.stream!.copy).toBeUndefined();
    expect(readdirSync(scratch)).toEqual([]);
    const bytes = copy!.blockCount * copy!.blockBytes;
    expect(fstatSync(copy!.file).size).toBe(bytes);
    // numbered rows take 18 bytes, and every fifth is for validation; the last block may be shorter
    expect(bytes).toBeGreaterThanOrEqual(1001 * 18);
    expect(bytes).toBeLessThan(1001 * 18 + copy!.blockBytes);
    // the training rows last: they drive the others out
    for (const split of ['validation', 'train'] as const) {
      expect(splitRows(streamed, split, 7)).toEqual([...splitView(dataset, split)]);
      expect(splitRows(plain, split, 7)).toEqual([...splitView(dataset, split)]);
    }
    const rows = openRowSource(streamed);
    truncateSync(`/proc/self/fd/${copy!.file}`, 0);
    await errorOf('DATA_STREAM_CHANGED', () => [...rows.split('validation').pieces(7, 4)]);
  });

  it('are not copied where they lie together, or no copy can be written', async () => {
    const together = numberedRows({ rowCount: 500, splitOf: (row) => (row < 100 ? 'validation' : 'train') });
    const file = await writeArrow(join(folder, 'together.arrow'), together);
    expect((await openArrowDataset(file, memory, join(folder, 'scratch')))!.stream!.copy).toBeUndefined();
    const scattered = numberedRows({ rowCount: 5003 });
    await writeArrow(file, scattered);
    const streamed = (await openArrowDataset(file, 40_000, join(file, 'not a folder')))!;
    expect(streamed.stream!.copy).toBeUndefined();
    expect(splitRows(streamed, 'validation', 7)).toEqual([...splitView(scattered, 'validation')]);
  });

  it('may be few: one block, shorter than a block, fewer than a batch', async () => {
    const few = numberedRows({ rowCount: 500, splitOf: (row) => (row === 77 || row === 400 ? 'train' : 'validation') });
    const streamed = await opened(await writeArrow(join(folder, 'few.arrow'), few), memory);
    expect(
      epochOf(streamed, 5, 2)
        .flat()
        .slice(0, 4)
        .map((row) => row === 77 || row === 400),
    ).toEqual(Array(4).fill(true));
    const wide = openRowSource(streamed).split('train');
    expect([...wide.pieces(64, 8)].map((piece) => piece.length)).toEqual([2]);
    expect(openRowSource(streamed).split('validation', 3).count).toBe(3);
    await errorOf('DATA_SHARED_SPLIT', () => openRowSource(streamed).split('test'));
  });

  it('must fit into memory for one batch, and the message says how much is enough', async () => {
    const rows = openRowSource(await opened(path, 1000));
    const request = { studyKey, trialKey, batchSize: 200, fromStep: 0, stepCount: 1 };
    const out = new Int32Array(200);
    const error = await errorOf('DATA_MEMORY_TOO_SMALL', () => rows.batches(out, request));
    const least = Number(/at least (\d+) bytes/.exec(error.message)![1]);
    expect(openRowSource(await opened(path, least)).batches(out, request).steps).toBe(1);
    await errorOf('DATA_MEMORY_TOO_SMALL', () => [...rows.split('train').pieces(200, 1)]);
    expect(
      [
        ...openRowSource(await opened(path, least))
          .split('train')
          .pieces(200, 1),
      ].length,
    ).toBe(5);
  });

  it('keep small types small', async () => {
    const streamed = await opened(path, memory);
    const { stream, buffer } = streamed;
    const bytes = stream!.plan.slotCount * stream!.plan.rowsPerBlock * (12 + 2 + 4);
    expect(buffer.byteLength).toBeLessThan(bytes + 3 * 64);
    expect(openRowSource(streamed).tables.small).toBeInstanceOf(Uint8Array);
  });
});

describe('a file that does not stay as it is', () => {
  const change = async (name: string, act: (file: string) => void) => {
    const file = join(folder, name);
    copyFileSync(path, file);
    const streamed = await opened(file, memory);
    const rows = openRowSource(streamed);
    const out = new Int32Array(10);
    const batch = (fromStep: number) => {
      rows.batches(out, { studyKey, trialKey, batchSize: 10, fromStep, stepCount: 1 }).release();
    };
    batch(0);
    act(file);
    // several windows on, so that it must be read
    return { again: () => [20, 40, 60, 79].forEach(batch), streamed };
  };

  it.each<[string, (file: string) => void]>([
    ['written to', (file) => utimesSync(file, 1, 1)],
    ['longer', (file) => appendFileSync(file, 'x')],
    ['cut off', (file) => truncateSync(file, 3000)],
  ])('is an error when it is %s', async (name, act) => {
    const { again } = await change(`${name}.arrow`, act);
    const error = await errorOf('DATA_STREAM_CHANGED', again);
    expect(error.todo).toContain('resumed');
    // it does not hang, and it is the same error again
    await errorOf('DATA_STREAM_CHANGED', again);
  });

  it('is read on by threads that have it open when it is deleted, and missed by others', async () => {
    const { again, streamed } = await change('deleted.arrow', (file) => rmSync(file));
    again();
    const other = openRowSource(await withoutCache(streamed));
    await errorOf('DATA_FILE_NOT_FOUND', () => [...other.split('train').pieces(1, 4)]);
  });

  it('is another one when it is replaced', async () => {
    const { streamed } = await change('replaced.arrow', (file) => {
      writeFileSync(`${file}.new`, 'something else');
      renameSync(`${file}.new`, file);
    });
    const other = openRowSource(await withoutCache(streamed));
    await errorOf('DATA_STREAM_CHANGED', () => [...other.split('train').pieces(1, 4)]);
  });

  it('is refused when its contents are others than its digest says', async () => {
    const bytes = readFileSync(path);
    // in the middle of the first column
    bytes[3000]! ^= 1;
    const file = join(folder, 'flipped.arrow');
    writeFileSync(file, bytes);
    await errorOf('DATA_DIGEST', () => openArrowDataset(file, memory));
    await errorOf('DATA_DIGEST', () => openArrowDataset(file));
  });

  it('is refused or read in time wherever it is cut off or changed', async () => {
    const bytes = readFileSync(path);
    const file = join(folder, 'damaged.arrow');
    const fates = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length - 1 }), fc.boolean(), async (at, cut) => {
        const damaged = Buffer.from(cut ? bytes.subarray(0, at) : bytes);
        // the schema and the footer are where a changed byte does most
        const place = at % 2 === 0 ? at : bytes.length - 1 - (at % 2500);
        if (!cut) damaged[place]! ^= 1 << (at % 8);
        writeFileSync(file, damaged);
        const fate = await openArrowDataset(file, memory).then(
          (dataset) => (dataset === undefined ? 'another' : dataset.digest === whole.digest ? 'read' : 'wrong'),
          (error) => String(error.code),
        );
        fates.add(fate);
        expect(fate).toMatch(/^(another|read|DATA_[A-Z_]+)$/);
      }),
      { numRuns: 150 },
    );
    expect(fates.size).toBeGreaterThan(1);
  });
});

/** The same stream with nothing in its slots: as another process has it. */
async function withoutCache(dataset: SharedDataset): Promise<SharedDataset> {
  const control = dataset.stream!.control;
  const empty = new SharedArrayBuffer(control.byteLength);
  const fresh = await openArrowDataset(path, memory);
  new Uint8Array(empty).set(new Uint8Array(fresh!.stream!.control));
  return { ...dataset, stream: { ...dataset.stream!, control: empty } };
}

it('loads images as bytes: memory is the file, not four times it', async () => {
  const dataset = layOutDataset({
    name: 'bytes',
    rowCount: 1000,
    columns: [{ name: 'x', type: 'uint8', rowShape: [10, 10, 1], fill: (view) => view.fill(7) }],
    features: { column: 'x', scale: 1 / 255, offset: 0 },
    target: { kind: 'none' },
    splits: {
      train: Int32Array.from({ length: 900 }, (_, i) => i),
      validation: Int32Array.from({ length: 100 }, (_, i) => 900 + i),
    },
    droppedRowCount: 0,
  });
  const read = await opened(await writeArrow(join(folder, 'bytes.arrow'), dataset));
  expect(read.buffer.byteLength).toBeLessThan(100_000 + 4000 + 3 * 64);
});
