import { basename, resolve } from 'node:path';
import { readDataFile } from '../readers/data-file.js';
import { nameOfFile } from '../reference.js';
import { decodeText } from '../text-dataset.js';
import { byteTokens, characterTokens, type TokenKind } from '../tokens.js';
import { arrowFileOf, keepInMemory, writtenColumn } from './arrow-file.js';
import { describeText } from './describe-text.js';
import { fingerprint } from './fingerprint.js';
import type { TextSchema } from './text-schema.js';
import { tokenColumn } from './token-column.js';
import { folderFor, manifestHead, type WriteOptions, writeFolder } from './write-folder.js';

export interface ImportTextOptions extends WriteOptions {
  readonly tokens: TokenKind;
}

/** What an import of a text found, and the folder that it wrote. */
export interface ImportedText {
  readonly kind: 'text';
  readonly name: string;
  readonly schema: TextSchema;
  readonly notes: readonly string[];
  /** `undefined` where nothing was written. */
  readonly folder: string | undefined;
}

/**
 * Reads a text and writes a folder with one Arrow file of its tokens and a manifest, all or nothing. A sweep names the folder in place of the text, and
 * gets what it would get of it.
 *
 * @throws DATA_IMPORT_EXISTS, DATA_TEXT_ENCODING, DATA_TEXT_VOCABULARY, and the errors of files
 */
export async function importText(source: string, options: ImportTextOptions): Promise<ImportedText> {
  const { tokens: kind, dryRun, version } = options;
  const path = resolve(options.baseDirectory, source);
  const name = nameOfFile(path);
  const folder = await folderFor(path, name, options);
  const bytes = await readDataFile(path);
  const isBytes = kind === 'bytes';
  // lines are counted in bytes, too, whatever their encoding is
  const text = isBytes ? bytes.toString('latin1') : await decodeText(path, bytes);
  const tokens = isBytes ? byteTokens(bytes) : characterTokens(path, text);
  const schema = describeText(kind, text, tokens);
  const notes: string[] = [];
  if (dryRun) return { kind: 'text', name, schema, notes, folder: undefined };
  const columns = [writtenColumn(tokenColumn(tokens), keepInMemory)];
  await writeFolder(folder, () => arrowFileOf(columns, tokens.codes.length), {
    ...manifestHead(version, { tokens: kind }),
    kind: 'text',
    name,
    source: { file: basename(path), ...(await fingerprint(path)) },
    notes,
    schema,
  });
  return { kind: 'text', name, schema, notes, folder };
}
