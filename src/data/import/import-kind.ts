import { stat } from 'node:fs/promises';
import { isIdxFile } from '../readers/file-kind.js';
import type { TokenKind } from '../tokens.js';

/** What is imported: a table, a folder of images, images in IDX, or a text. */
export type ImportKind = 'table' | 'folder' | 'idx' | 'text';

/**
 * What a source is imported as. A text looks like delimited text: that its tokens are wanted says which of them it is.
 *
 * @param path absolute, or from the process's folder; where there is nothing, it is taken for a table, whose reader says so
 */
export async function importKind(
  path: string,
  { labels, tokens }: { readonly labels?: string | undefined; readonly tokens?: TokenKind | undefined },
): Promise<ImportKind> {
  if (tokens !== undefined) return 'text';
  if (labels !== undefined) return 'idx';
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory()) return 'folder';
  return status !== undefined && (await isIdxFile(path)) ? 'idx' : 'table';
}
