// node bench/import/fuzz-child.mjs SEED FIRST END BOMBS: reads the damaged files of these numbers, and tells one JSON object a line.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDamaged } from './damaged-file.mjs';
import { checkImageImport, checkImport, checkTextImport, describe, sameTable } from './fuzz-checks.mjs';

const { readTableFile } = await import('../../dist/src/data/readers/table-file.js');
const { decodeIdx } = await import('../../dist/src/data/readers/idx.js');
const { decodeImage } = await import('../../dist/src/data/readers/image.js');
const { readImageFolder } = await import('../../dist/src/data/readers/image-folder.js');
const { readText } = await import('../../dist/src/data/text-dataset.js');

const [seed, first, end] = process.argv.slice(2, 5).map(Number);
const bombFolder = process.argv[5];
const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-fuzz-'));
const memoryLimitBytes = 64 << 20;
const tell = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);

/** What a reading ends in: `value`, the `error` with a code, or `unexpected`. */
async function attempt(act) {
  try {
    return { outcome: 'read', value: await act() };
  } catch (error) {
    if (typeof error.code === 'string' && error.name === 'TunerError') return { outcome: error.code, error };
    return { outcome: 'unexpected', detail: error.stack ?? String(error) };
  }
}

/** A step of an input: the clock starts anew. It takes `ms` of processor time, so that a busy machine is not taken for a hang. */
async function step(input, act) {
  tell({ input });
  const before = process.cpuUsage();
  const result = await attempt(act);
  const { user, system } = process.cpuUsage(before);
  return { ...result, ms: Math.round((user + system) / 1000) };
}

/** Small pieces, so that a small file has several; a bomb has them anyway. */
const threaded = ({ damage }) => ({
  threads: 2,
  threadsFromBytes: 0,
  ...(damage === 'bomb' ? {} : { blockBytes: 4096 }),
});

/** Reads a table with one thread and with two, and imports it. `checks` counts what was compared. */
async function tryTable(input, path, damaged, checks) {
  const { original, mustEqual, mustRead } = damaged;
  const options = { ignore: [], nameUnnamed: true, memoryLimitBytes };
  const one = await step(input, () => readTableFile(path, { ...options, threads: 1 }));
  const two = await step(input, () => readTableFile(path, { ...options, ...threaded(damaged) }));
  const ms = Math.max(one.ms, two.ms);
  for (const result of [one, two]) if (result.outcome === 'unexpected') return { ...result, ms };
  const difference = describe(one, two);
  checks.threads++;
  if (difference !== undefined) return { outcome: 'unexpected', detail: `threads: ${difference}`, ms };
  if (one.outcome !== 'read') {
    if (mustRead) return { outcome: 'unexpected', detail: `refused: ${one.error.message}`, ms };
    return { outcome: one.outcome, ms };
  }
  if (mustEqual) {
    const source = join(folder, `original-${original.name}`);
    writeFileSync(source, original.bytes);
    const reference = await readTableFile(source, { ...options, threads: 1 });
    rmSync(source);
    checks.reference++;
    const wrong = sameTable(reference, one.value);
    if (wrong !== undefined) return { outcome: 'unexpected', detail: `not what was written: ${wrong}`, ms };
  }
  const { columns } = one.value;
  const target = columns[input % columns.length].name;
  const imported = await step(input, () =>
    checkImport(path, one.value, target, join(folder, 'import'), memoryLimitBytes),
  );
  rmSync(join(folder, 'import'), { recursive: true, force: true });
  const slowest = Math.max(ms, imported.ms);
  if (imported.outcome === 'unexpected') return { ...imported, ms: slowest };
  if (imported.outcome !== 'read') return { outcome: `read, import: ${imported.outcome}`, ms: slowest };
  checks.imports++;
  return { outcome: 'imported', ms: slowest };
}

/** Decodes an image, and reads a folder that it is in. */
async function tryImage(input, path, bytes, { original, mustEqual }, checks) {
  const shape = { height: 32, width: 32, channels: 3 };
  const one = await step(input, () => decodeImage(path, bytes, shape));
  if (one.outcome === 'unexpected') return one;
  if (one.outcome === 'read' && mustEqual) {
    checks.reference++;
    const wanted = await decodeImage(original.name, original.bytes, shape);
    if (Buffer.compare(one.value, wanted) !== 0) return { ...one, outcome: 'unexpected', detail: 'other pixels' };
  }
  const set = join(folder, 'images');
  mkdirSync(join(set, 'a'), { recursive: true });
  writeFileSync(join(set, 'a', 'image.png'), bytes);
  const options = { size: [32, 32], channels: 3, memoryLimitBytes };
  const whole = await step(input, () => readImageFolder(set, options));
  const imported = await importedToo(input, whole, (to) => checkImageImport(set, whole.value, to, options), checks);
  rmSync(set, { recursive: true });
  const ms = Math.max(one.ms, whole.ms, imported?.ms ?? 0);
  if (imported !== undefined) return { ...imported, ms };
  checks.folders++;
  if (whole.outcome === 'unexpected') return { ...whole, ms };
  if (whole.outcome.replace('IMAGES', 'IMAGE') !== one.outcome) {
    return { outcome: 'unexpected', detail: `alone ${one.outcome}, in a folder ${whole.outcome}`, ms };
  }
  return { outcome: one.outcome, ms };
}

/**
 * Imports what was read. `undefined` if that went well, or there was nothing to import; else what it ended in.
 *
 * @param check imports into a folder, and compares
 */
async function importedToo(input, read, check, checks) {
  if (read.outcome !== 'read') return undefined;
  const to = join(folder, 'import');
  const imported = await step(input, () => check(to));
  rmSync(to, { recursive: true, force: true });
  if (imported.outcome === 'unexpected') return imported;
  if (imported.outcome === 'read') {
    checks.imports++;
    return undefined;
  }
  return { outcome: `read, import: ${imported.outcome}`, ms: imported.ms };
}

/** Reads a text, and imports it. */
async function tryText(input, path, checks) {
  const tokens = input % 2 === 0 ? 'characters' : 'bytes';
  const windows = { context: 8, stride: 8, validation: 0.1, test: 0 };
  const one = await step(input, () => readText({ name: 'text', path, ...windows, tokens }));
  if (one.outcome !== 'read') return one;
  const imported = await importedToo(
    input,
    one,
    (to) => checkTextImport(path, one.value, to, { windows, tokens }),
    checks,
  );
  const ms = Math.max(one.ms, imported?.ms ?? 0);
  return imported === undefined ? { outcome: 'imported', ms } : { ...imported, ms };
}

async function tryFile(input, path, damaged, checks) {
  const { bytes } = damaged;
  if (path.endsWith('-ubyte')) return step(input, () => decodeIdx(path, bytes, 3, memoryLimitBytes));
  if (/\.(png|jpg)$/.test(path)) return tryImage(input, path, bytes, damaged, checks);
  return path.endsWith('-text') ? tryText(input, path, checks) : tryTable(input, path, damaged, checks);
}

try {
  for (let input = first; input < end; input++) {
    const damaged = readDamaged(seed, input, bombFolder);
    const path = join(folder, damaged.name);
    writeFileSync(path, damaged.bytes);
    const checks = { threads: 0, reference: 0, imports: 0, folders: 0 };
    const { outcome, detail, ms } = await tryFile(input, path, damaged, checks);
    tell({ input, outcome, detail: detail && `${damaged.name} (${damaged.damage}): ${detail}`, ms, checks });
    rmSync(path);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// threads that wait for the next file
process.exit();
