// node bench/import/fuzz-child.mjs SEED FIRST END: reads the damaged files of these numbers, and tells one JSON object a line.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDamaged } from './damaged-file.mjs';

const { readTableFile } = await import('../../dist/src/data/readers/table-file.js');
const { decodeIdx } = await import('../../dist/src/data/readers/idx.js');
const { decodeImage } = await import('../../dist/src/data/readers/image.js');

const [seed, first, end] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-fuzz-'));
const memoryLimitBytes = 256 << 20;

/** Reads a file as what its name says. */
async function read(path, bytes) {
  if (path.endsWith('-ubyte')) return decodeIdx(path, bytes, 3, memoryLimitBytes);
  if (/\.(png|jpg)$/.test(path)) return decodeImage(path, bytes, { height: 32, width: 32, channels: 3 });
  return readTableFile(path, { ignore: [], threads: 1, memoryLimitBytes });
}

const tell = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
try {
  for (let input = first; input < end; input++) {
    const { name, bytes } = readDamaged(seed, input);
    const path = join(folder, name);
    writeFileSync(path, bytes);
    tell({ input });
    const started = performance.now();
    const { outcome, detail } = await read(path, bytes).then(
      () => ({ outcome: 'read' }),
      (error) =>
        typeof error.code === 'string' && error.name === 'TunerError'
          ? { outcome: error.code }
          : { outcome: 'unexpected', detail: `${name}: ${error.stack ?? error}` },
    );
    tell({ input, outcome, detail, ms: Math.round(performance.now() - started) });
    rmSync(path);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
