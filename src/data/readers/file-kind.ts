import { extname } from 'node:path';
import { errors } from '../errors.js';
import { withDataFile } from './data-file.js';

/** Formats of files of rows. */
export type FileKind = 'csv' | 'arrow' | 'parquet';

type Contents = FileKind | 'gzip' | 'idx' | 'other binary';

const descriptions: Readonly<Record<Contents, string>> = {
  csv: 'delimited text',
  arrow: 'Arrow IPC',
  parquet: 'Parquet',
  gzip: 'gzip',
  idx: 'IDX (use { images, labels })',
  'other binary': 'something else',
};

const kindByExtension: Readonly<Record<string, FileKind>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
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
 * bytes: its name must say it. Text may be gzipped (`.csv.gz`).
 *
 * @throws DATA_FORMAT_MISMATCH, DATA_FORMAT_UNKNOWN, and the errors of a file that cannot be read.
 */
export async function detectFileKind(path: string): Promise<FileKind> {
  const head = await withDataFile(path, async (file) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  });
  const gzipped = extname(path).toLowerCase() === '.gz';
  const named = kindByExtension[extname(gzipped ? path.slice(0, -3) : path).toLowerCase()];
  const found = contents(head);
  if (found === 'arrow' || found === 'parquet') {
    if (named !== undefined && (named !== found || gzipped)) throw mismatch(path, named, found);
    return found;
  }
  if (named === undefined) throw errors.DATA_FORMAT_UNKNOWN({ path });
  // Text in another encoding is binary at first sight; the CSV reader says what it is.
  const fits = named === 'csv' && (gzipped ? found === 'gzip' : found === 'csv' || found === 'other binary');
  if (!fits) throw mismatch(path, named, found, gzipped);
  return named;
}

function mismatch(path: string, named: FileKind, found: Contents, gzipped = false): Error {
  const name = `${gzipped ? 'gzipped ' : ''}${descriptions[named]}`;
  return errors.DATA_FORMAT_MISMATCH({ path, named: name, found: descriptions[found] });
}

function contents(head: Buffer): Contents {
  const startsWith = (text: string) => head.subarray(0, text.length).toString('latin1') === text;
  if (startsWith('ARROW1') || startsWith('\xff\xff\xff\xff')) return 'arrow';
  if (startsWith('PAR1')) return 'parquet';
  if (isGzip(head)) return 'gzip';
  if (head[0] === 0 && head[1] === 0 && head[2]! >= 0x08 && head[2]! <= 0x0e) return 'idx';
  return head.includes(0) ? 'other binary' : 'csv';
}
