// Damaged files, each a pure function of a seed and a number.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bombNames } from './bombs.mjs';

const fixtures = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const inFolder = (folder, wanted) =>
  readdirSync(fixtures + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => wanted.test(name))
    .sort()
    .map((name) => ({ name: name.replace(/.*\//, ''), bytes: readFileSync(join(fixtures + folder, name)) }));

/** Texts over lines, quotes, numbers of all lengths, dates, missing cells: enough for several blocks. */
function largeText() {
  const lines = Array.from({ length: 600 }, (_, row) => {
    const word = ['plain', '"two\nlines"', '"a ""quote"" in it"', '', '"1,5"', 'ü'][row % 6];
    const day = row % 7 === 3 ? 'NA' : `2024-0${1 + (row % 9)}-1${row % 10}`;
    return `${row},${word},${(row * 7919) % 1009}.${row % 13},${day},${2n ** 53n + BigInt(row)},${row < 500 ? row : 'x'}`;
  });
  return Buffer.from(`n,word,x,day,big,mixed\n${lines.join('\n')}\n`);
}

const sources = [
  ...inFolder('foreign', /\.(parquet|arrow|arrows|feather|csv|tsv|jsonl|gz|zst)$/),
  ...inFolder('images', /\.(png|jpg)$/),
  { name: 'large.csv', bytes: largeText() },
  { name: 'large.csv.gz', bytes: gzipSync(largeText()) },
  { name: 'some-text', bytes: Buffer.from('All that glitters is not gold: naïve 日本.\r\n'.repeat(20)) },
  {
    name: 'images-idx3-ubyte',
    bytes: Buffer.from([0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 3, ...Array(36).keys()]),
  },
];

/** Numbers in [0, 1): SplitMix32, seeded by both. */
function generator(seed, input) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(input + 1, 0x85ebca77)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

const hostile = [0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, -0x80000000, 0x10000000, 0x00ffffff];

/** What can happen to a file. Each takes its bytes and gives others. */
const damages = {
  cut: (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length)),
  cutStart: (bytes, random) => bytes.subarray(Math.floor(random() * Math.min(bytes.length, 64))),
  flip: (bytes, random) => {
    const copy = Buffer.from(bytes);
    const flips = 1 + Math.floor(random() ** 3 * 64);
    for (let i = 0; i < flips; i++) copy[Math.floor(random() * copy.length)] ^= 1 << Math.floor(random() * 8);
    return copy;
  },
  number: (bytes, random) => {
    const copy = Buffer.from(bytes);
    // headers lie at the start, footers at the end
    const where = random();
    const near = Math.floor(random() * Math.min(copy.length - 8, 400));
    const at = Math.max(
      0,
      where < 0.4 ? near : where < 0.8 ? copy.length - 8 - near : Math.floor(random() * (copy.length - 8)),
    );
    const value = hostile[Math.floor(random() * hostile.length)];
    if (copy.length > 8) random() < 0.5 ? copy.writeInt32LE(value, at) : copy.writeInt32BE(value, at);
    return copy;
  },
  fill: (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = Math.floor(random() * copy.length);
    copy.fill(Math.floor(random() * 256), at, Math.min(copy.length, at + Math.floor(random() * 200)));
    return copy;
  },
  remove: (bytes, random) => {
    const at = Math.floor(random() * bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(random() * 100))]);
  },
  repeat: (bytes, random) => {
    const at = Math.floor(random() * bytes.length);
    const part = bytes.subarray(at, at + 1 + Math.floor(random() * 300));
    return Buffer.concat([
      bytes.subarray(0, at),
      ...Array(1 + Math.floor(random() * 20)).fill(part),
      bytes.subarray(at),
    ]);
  },
  splice: (bytes, random) => {
    const other = sources[Math.floor(random() * sources.length)].bytes;
    return Buffer.concat([
      bytes.subarray(0, Math.floor(random() * bytes.length)),
      other.subarray(Math.floor(random() * other.length)),
    ]);
  },
  noise: (_, random) => Buffer.from(Array.from({ length: Math.floor(random() * 2000) }, () => random() * 256)),
  recode: (bytes, random) => {
    const text = bytes.toString('latin1');
    return Buffer.from(text, random() < 0.5 ? 'utf16le' : 'utf8');
  },
};

/** Fixtures of what is not read. */
const refused = /nested|version-1|more-(bytes|uuid|runs|hadoop)/;

/** Damages that leave a file's other bytes where they are, so that a checksum sees them. */
const inPlace = ['cut', 'flip', 'number', 'fill'];

/**
 * The damaged file of a number: its name, which may lie, and its bytes; `mustEqual` says that whatever can be read of it must be what
 * the `original` has: it has checksums, or is not damaged at all. One in 250 is a bomb of `bombFolder`.
 */
export function readDamaged(seed, input, bombFolder) {
  const random = generator(seed, input);
  if (input % 250 === 7) {
    const name = bombNames[Math.floor(input / 250) % bombNames.length];
    return { name, bytes: readFileSync(join(bombFolder, name)), damage: 'bomb', mustEqual: false };
  }
  const source = sources[Math.floor(random() * sources.length)];
  if (random() < 0.03) {
    const mustRead = !refused.test(source.name);
    return { ...source, original: source, damage: 'none', mustEqual: mustRead, mustRead };
  }
  const names = Object.keys(damages);
  let bytes = source.bytes;
  const applied = [];
  for (let rounds = random() < 0.7 ? 1 : 3; rounds > 0; rounds--) {
    const name = names[Math.floor(random() * names.length)];
    bytes = damages[name](bytes, random);
    applied.push(name);
  }
  const isMisnamed = random() < 0.03;
  const name = isMisnamed ? sources[Math.floor(random() * sources.length)].name : source.name;
  const hasChecksum = /\.(gz|png)$/.test(source.name) && applied.every((one) => inPlace.includes(one));
  const mustEqual = Buffer.compare(bytes, source.bytes) === 0 || hasChecksum;
  return { name, bytes, original: source, damage: applied.join(', '), mustEqual: mustEqual && !isMisnamed };
}
