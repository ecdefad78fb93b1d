// Damaged files, each a pure function of a seed and a number.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const folder = fileURLToPath(new URL('../../test/fixtures/foreign/', import.meta.url));
const images = fileURLToPath(new URL('../../test/fixtures/images/', import.meta.url));
const isData = (name) => !/\.(py|json)$/.test(name) && name !== '__pycache__';
const sources = [
  ...readdirSync(folder)
    .filter(isData)
    .map((name) => ({ name, bytes: readFileSync(folder + name) })),
  ...readdirSync(images, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(png|jpg)$/.test(name))
    .map((name) => ({ name: name.replace(/.*\//, ''), bytes: readFileSync(images + name) })),
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

/** Files that become huge. */
const bombs = [
  () => ({
    name: 'bomb.csv.gz',
    bytes: gzipSync(Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(400 << 20, '1,2\n')]), { level: 1 }),
  }),
  () => ({ name: 'bomb-line.csv.gz', bytes: gzipSync(Buffer.alloc(200 << 20, 'x'), { level: 1 }) }),
  () => ({ name: 'bomb.jsonl.gz', bytes: gzipSync(Buffer.alloc(100 << 20, '{"a":1}\n'), { level: 1 }) }),
  () => ({ name: 'bomb-quote.csv', bytes: Buffer.concat([Buffer.from('a,b\n1,"'), Buffer.alloc(60 << 20, 'x\n')]) }),
  () => ({ name: 'bomb-zero.csv.zst', bytes: zstdBomb() }),
  () => ({ name: 'bomb-ubyte', bytes: gzipSync(Buffer.alloc(600 << 20), { level: 1 }) }),
];

/** A Zstandard frame of 10,000 blocks of 128 KiB, each one byte that is repeated. */
function zstdBomb() {
  const block = Buffer.from([0, 0, 0, 49]);
  block.writeUIntLE((131072 << 3) | 2, 0, 3);
  const blocks = Array.from({ length: 10_000 }, () => block);
  const last = Buffer.from(block);
  last.writeUIntLE((131072 << 3) | 3, 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]), ...blocks, last]);
}

/** The damaged file of a number: its name, which may lie, and its bytes. */
export function readDamaged(seed, input) {
  const random = generator(seed, input);
  // one in five hundred
  if (input % 500 === 7) return bombs[Math.floor(input / 500) % bombs.length]();
  const source = sources[Math.floor(random() * sources.length)];
  const names = Object.keys(damages);
  let bytes = source.bytes;
  for (let rounds = random() < 0.7 ? 1 : 3; rounds > 0; rounds--) {
    bytes = damages[names[Math.floor(random() * names.length)]](bytes, random);
  }
  const name = random() < 0.03 ? sources[Math.floor(random() * sources.length)].name : source.name;
  return { name, bytes };
}
