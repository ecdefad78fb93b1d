/** Data sets of imports that are no tables: what a sweep gets of them is what it gets of their sources. */
import { errors } from '../errors.js';
import { imageDataset } from '../image-dataset.js';
import type { OnLoadProgress } from '../load-progress.js';
import { splitSizes, type TableReference, type TextReference } from '../reference.js';
import type { SharedDataset } from '../shared-dataset.js';
import { textDataset } from '../text-dataset.js';
import { characterTokens, type Tokens } from '../tokens.js';
import { type FoundImport, isTextImport, readImportedImages, readImportedTokens } from './imported.js';
import type { ImagesManifest } from './schema.js';

/** What may stand beside the path of imported images. */
const imageFields: readonly string[] = ['path', 'validation', 'test', 'seed', 'splits'];

/**
 * The data set of imported images.
 *
 * @throws DATA_REFERENCE_INVALID for what tables alone can have, DATA_IMPORT_CHANGED, and the errors of splits and of the Arrow reader
 */
export async function importedImages(
  found: FoundImport<ImagesManifest>,
  reference: TableReference,
  onProgress: OnLoadProgress,
): Promise<SharedDataset> {
  const { path } = reference;
  const others = Object.keys(reference).filter((field) => !imageFields.includes(field));
  if (others.length > 0) {
    throw errors.DATA_REFERENCE_INVALID({
      problems: `${path} is an import of images, beside which validation, test, seed and splits may stand, and not ${others.join(', ')}`,
    });
  }
  const onRows = (rows: number) => onProgress({ kind: 'reading', path: found.folder, rows });
  const { classes, labels, ...images } = await readImportedImages(found, onRows);
  return imageDataset({
    name: found.manifest.name,
    images,
    labels: { shape: [labels.length], values: labels },
    classes,
    splits: splitSizes(reference),
  });
}

type Windows = TextReference & Required<Pick<TextReference, 'stride' | 'validation' | 'test'>>;

/**
 * The data set of an imported text.
 *
 * @throws DATA_REFERENCE_INVALID for an import of another kind, or of other tokens than are asked for; DATA_TEXT_CHARACTER for a character that a
 * given vocabulary lacks; DATA_TEXT_TOO_SHORT, DATA_IMPORT_CHANGED, and the errors of the Arrow reader
 */
export async function importedText(
  found: FoundImport,
  reference: Windows,
  onProgress: OnLoadProgress,
): Promise<SharedDataset> {
  const { text: path, tokens: kind, vocabulary } = reference;
  if (!isTextImport(found)) {
    throw errors.DATA_REFERENCE_INVALID({
      problems: `text must name a text, or the import of one, and ${path} is the import of ${found.manifest.kind ?? 'a table'}`,
    });
  }
  const { name, schema } = found.manifest;
  if (kind !== undefined && kind !== schema.tokens) {
    throw errors.DATA_REFERENCE_INVALID({
      problems: `${path} was imported as ${schema.tokens}, and tokens are ${kind}`,
    });
  }
  const tokens = await readImportedTokens(found, (rows) => onProgress({ kind: 'reading', path: found.folder, rows }));
  if (vocabulary === undefined) return textDataset(tokens, { ...reference, name, path });
  if (schema.tokens === 'bytes') {
    throw errors.DATA_REFERENCE_INVALID({
      problems: `vocabulary is for characters, and ${path} was imported as bytes`,
    });
  }
  return textDataset(characterTokens(path, textOf(tokens), [...vocabulary]), { ...reference, name, path });
}

function textOf({ codes, vocabulary }: Tokens): string {
  return Array.from(codes, (code) => vocabulary[code]!).join('');
}

/** The error for the import of a text that is named as if it had rows. */
export function needsContext(path: string): Error {
  return errors.DATA_REFERENCE_INVALID({
    problems: `${path} is the import of a text, and a model reads windows of it: { text: ${path}, context: 64 } says how many tokens each has`,
  });
}
