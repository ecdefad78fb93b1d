// Small files that become huge: those of test/fixtures/bombs, and others that are quickly made.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync, gzipSync } from 'node:zlib';

const fixture = (name) => readFileSync(fileURLToPath(new URL(`../../test/fixtures/bombs/${name}`, import.meta.url)));
const gzipped = (bytes) => gzipSync(bytes, { level: 1 });

/** Each by its name: twice the memory that a table may have here, and more. */
const bombs = {
  'rows.parquet': () => fixture('rows.parquet'),
  'bomb.csv.gz': () => gzipped(Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(160 << 20, '1,2\n')])),
  'bomb-quote.csv': () => Buffer.concat([Buffer.from('a,b\n1,"'), Buffer.alloc(60 << 20, 'x\n')]),
  'text.parquet': () => fixture('text.parquet'),
  'bomb.png': () => pngOf(7000, 7000),
  'bomb-line.csv.gz': () => gzipped(Buffer.alloc(80 << 20, 'x')),
  'zeros.feather': () => fixture('zeros.feather'),
  'bomb.jsonl.gz': () => gzipped(Buffer.alloc(80 << 20, '{"a":1}\n')),
  'bomb.jpg': () => jpegOf(7000, 7000),
  'bomb-zero.csv.zst': () => zstdBomb(),
  'bomb-ubyte': () => gzipped(Buffer.alloc(160 << 20)),
  'bomb-side.png': () => pngOf(49_000_000, 1),
};

export const bombNames = Object.keys(bombs);

/** A black image of 8 bits a channel. */
function pngOf(width, height) {
  const chunk = (type, data) => {
    const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
    bytes.writeUInt32BE(data.length, 0);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
    return bytes;
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const pixels = deflateSync(Buffer.alloc(height * (1 + width * 3)), { level: 1 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

async function jpegOf(width, height) {
  const { default: sharp } = await import('sharp');
  return sharp({ create: { width, height, channels: 3, background: '#345' } })
    .jpeg()
    .toBuffer();
}

/** A Zstandard frame of 10,000 blocks of 128 KiB, each one byte that is repeated. */
function zstdBomb() {
  const block = Buffer.from([0, 0, 0, 49]);
  block.writeUIntLE((131072 << 3) | 2, 0, 3);
  const blocks = Array.from({ length: 10_000 }, () => block);
  const last = Buffer.from(block);
  last.writeUIntLE((131072 << 3) | 3, 0, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]), ...blocks, last]);
}

/** Writes the first `count` of them into a folder that is there. */
export async function writeBombs(folder, count) {
  for (const name of bombNames.slice(0, count)) writeFileSync(join(folder, name), await bombs[name]());
}
