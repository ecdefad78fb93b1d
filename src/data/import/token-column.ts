import { errors } from '../errors.js';
import type { RawTextColumn } from '../raw-table.js';
import { readTableFile } from '../readers/table-file.js';
import { ascending, byteTokens, type TokenKind, type Tokens } from '../tokens.js';

const name = 'token';

/** Tokens as a column of an Arrow file. */
export function tokenColumn({ codes, vocabulary }: Tokens): RawTextColumn {
  return { kind: 'text', name, codes, texts: vocabulary };
}

/**
 * The tokens of such a file, numbered as they were.
 *
 * @throws DATA_IMPORT_CHANGED if it has other columns, or tokens of another kind; the errors of the Arrow reader
 */
export async function readTokens(
  path: string,
  kind: TokenKind,
  onRows: (rows: number) => void = () => undefined,
): Promise<Tokens> {
  const { columns } = await readTableFile(path, { ignore: [], onRows }, 'arrow');
  const [column] = columns;
  const changed = (expected: string, actual: string) => errors.DATA_IMPORT_CHANGED({ path, expected, actual });
  if (column?.kind !== 'text' || column.name !== name || columns.length > 1) {
    throw changed(`one column "${name}"`, columns.map((one) => one.name).join(', '));
  }
  const vocabulary = kind === 'bytes' ? byteTokens(new Uint8Array()).vocabulary : ascending(column.texts);
  const codeOf = new Map(vocabulary.map((token, code) => [token, code]));
  const known = column.texts.map((token) => codeOf.get(token));
  const codes = column.codes.map((code) => {
    const token = known[code];
    if (token === undefined) throw changed(`tokens that are ${kind}`, JSON.stringify(column.texts[code] ?? null));
    return token;
  });
  return { codes, vocabulary };
}
