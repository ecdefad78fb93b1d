import { extname } from 'node:path';
import { errors } from '../errors.js';
import { withDataFile } from './data-file.js';

/** Formats of files of rows. */
export type FileKind = 'csv' | 'jsonl' | 'arrow' | 'parquet';

type Contents = FileKind | 'gzip' | 'zstd' | 'feather1' | 'idx' | 'other binary';

const descriptions: Readonly<Record<Contents, string>> = {
  csv: 'delimited text',
  jsonl: 'JSON lines',
  arrow: 'Arrow IPC',
  parquet: 'Parquet',
  gzip: 'gzip',
  zstd: 'Zstandard',
  feather1: 'Feather, version 1',
  idx: 'IDX (use { images, labels })',
  'other binary': 'something else',
};

const kindByExtension: Readonly<Record<string, FileKind>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
  '.ipc': 'arrow',
  '.feather': 'arrow',
  '.parquet': 'parquet',
};

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The format of a file of rows: what its first bytes say, which must agree with what its name says. Text has no such
 * bytes: its name must say it. Text may be compressed (`.csv.gz`, `.csv.zst`).
 *
 * @throws DATA_FORMAT_MISMATCH, DATA_FORMAT_UNKNOWN, DATA_FEATHER_1, and the errors of a file that cannot be read.
 */
export async function detectFileKind(path: string): Promise<FileKind> {
  const head = await headOf(path);
  const compression = compressionByExtension[extname(path).toLowerCase()];
  const inner = compression === undefined ? path : path.slice(0, path.lastIndexOf('.'));
  const named = kindByExtension[extname(inner).toLowerCase()];
  const found = contents(head);
  if (found === 'feather1') throw errors.DATA_FEATHER_1({ path });
  if (found === 'arrow' || found === 'parquet') {
    if (named !== undefined && (named !== found || compression)) throw mismatch(path, named, found, compression);
    return found;
  }
  if (named === undefined) throw errors.DATA_FORMAT_UNKNOWN({ path });
  const isText = named === 'csv' || named === 'jsonl';
  // Text in another encoding is binary at first sight; its reader says what it is.
  const fits = isText && (compression ? found === compression : found === 'csv' || found === 'other binary');
  if (!fits) throw mismatch(path, named, found, compression);
  return named;
}

/** Whether a file is of the format that MNIST is published in: by its first bytes, or if it is gzipped by its name. */
export async function isIdxFile(path: string): Promise<boolean> {
  const found = contents(await headOf(path));
  return found === 'idx' || (found === 'gzip' && /idx\d-ubyte\.gz$/i.test(path));
}

function headOf(path: string): Promise<Buffer> {
  return withDataFile(path, async (file) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  });
}

const compressionByExtension: Readonly<Record<string, 'gzip' | 'zstd'>> = { '.gz': 'gzip', '.zst': 'zstd' };

function mismatch(path: string, named: FileKind, found: Contents, compression: 'gzip' | 'zstd' | undefined): Error {
  const how = compression === undefined ? '' : compression === 'gzip' ? 'gzipped ' : 'Zstandard-compressed ';
  return errors.DATA_FORMAT_MISMATCH({ path, named: `${how}${descriptions[named]}`, found: descriptions[found] });
}

function contents(head: Buffer): Contents {
  const startsWith = (text: string) => head.subarray(0, text.length).toString('latin1') === text;
  if (startsWith('ARROW1') || startsWith('\xff\xff\xff\xff')) return 'arrow';
  if (startsWith('PAR1')) return 'parquet';
  if (startsWith('FEA1')) return 'feather1';
  if (isGzip(head)) return 'gzip';
  if (startsWith('\x28\xb5\x2f\xfd')) return 'zstd';
  if (head[0] === 0 && head[1] === 0 && head[2]! >= 0x08 && head[2]! <= 0x0e) return 'idx';
  return head.includes(0) ? 'other binary' : 'csv';
}
