import type { ImportKind } from '../../data/index.js';
import { defineCommand, type Io } from '../command.js';
import { errors } from '../errors.js';
import { type OptionName, type OptionValues, wordOf } from '../options.js';
import { renderImages, renderText } from '../render-content.js';
import { renderImport } from '../render-import.js';
import { productVersion } from '../version.js';
import { widthOf } from '../width.js';

// the data room is loaded by these commands only
const loadData = () => import('../../data/index.js');

const tableOptions = [
  'target-column',
  'task',
  'ignore',
  'keep',
  'missing',
  'texts',
  'no-header',
  'delimiter',
  'decimal',
  'encoding',
  'memory',
] as const;
const folderOptions = ['size', 'channels', 'skip-unreadable'] as const;

/** What each kind of source is called, and the options that are its own. */
const kinds: Readonly<Record<ImportKind, { readonly what: string; readonly options: readonly OptionName[] }>> = {
  table: { what: 'a table', options: tableOptions },
  folder: { what: 'a folder of images', options: folderOptions },
  idx: { what: 'images in IDX', options: ['labels'] },
  text: { what: 'a text', options: ['tokens'] },
};

const importOptions = [
  ...tableOptions,
  ...folderOptions,
  'labels',
  'tokens',
  'to',
  'dry-run',
  'json',
] as const satisfies readonly OptionName[];

type Given = OptionValues<(typeof importOptions)[number]>;

export const dataImport = defineCommand({
  words: ['data', 'import'],
  description: 'read a table, images or a text, show what is in it, and write a folder that a sweep can name',
  argument: {
    name: 'source',
    description: 'CSV, TSV, JSON lines, Arrow, Feather or Parquet; a folder of images; images in IDX; or a text',
  },
  options: importOptions,
  async run({ argument, options }, io) {
    const { labels, tokens } = options;
    const kind = await (await loadData()).importKind(argument, { labels, tokens });
    refuseOthers(kind, argument, options);
    await importers[kind](argument, options, io);
    return 0;
  },
});

/** Options of other kinds of sources would change nothing. */
function refuseOthers(kind: ImportKind, source: string, given: Given): void {
  for (const { what, options } of Object.values(kinds)) {
    const others = options.filter((name) => !kinds[kind].options.includes(name));
    const name = others.find(
      (other) => given[other as keyof Given] !== undefined && given[other as keyof Given] !== false,
    );
    if (name === undefined) continue;
    throw errors.CLI_IMPORT_OPTION({ given: `--${wordOf(name)}`, source, kind: kinds[kind].what, of: what });
  }
}

const importers: Readonly<Record<ImportKind, (source: string, given: Given, io: Io) => Promise<void>>> = {
  async table(source, given, { stdout }) {
    const { 'target-column': target, 'no-header': noHeader, task, ignore, keep, missing, texts } = given;
    const { delimiter, decimal, encoding, memory } = given;
    const header = noHeader ? false : undefined;
    const set = defined({ task, ignore, keep, missing, texts, delimiter, decimal, encoding, header, memory });
    if (target === undefined) {
      const columns = await (await loadData()).columnNames(source, set);
      throw errors.CLI_MISSING_TARGET({ file: source, columns });
    }
    const imported = await (await loadData()).importFile(source, { ...set, target, ...written(given) });
    print(imported, renderImport, given, stdout);
  },
  async folder(source, given, { stdout }) {
    const { size, channels, 'skip-unreadable': skipUnreadable } = given;
    const set = defined({ size, channels, skipUnreadable: skipUnreadable ? true : undefined });
    const imported = await (await loadData()).importImageFolder(source, { ...set, ...written(given) });
    print(imported, renderImages, given, stdout);
  },
  async idx(source, given, { stdout }) {
    const { labels } = given;
    if (labels === undefined) throw errors.CLI_MISSING_OPTION({ command: 'data import', option: '--labels FILE' });
    const imported = await (await loadData()).importIdx(source, { labels, ...written(given) });
    print(imported, renderImages, given, stdout);
  },
  async text(source, given, { stdout }) {
    const tokens = given.tokens!;
    const imported = await (await loadData()).importText(source, { tokens, ...written(given) });
    print(imported, renderText, given, stdout);
  },
};

/** Where and by whom an import is written. */
function written({ to, 'dry-run': dryRun }: Given) {
  return { ...defined({ to }), dryRun, baseDirectory: process.cwd(), version: productVersion() };
}

/** Without what was not given. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function print<T extends { readonly folder: string | undefined }>(
  imported: T,
  render: (imported: T, width: number) => string[],
  { json }: Given,
  stdout: Io['stdout'],
): void {
  if (json) stdout.write(`${JSON.stringify({ type: 'import', ...imported, folder: imported.folder ?? null })}\n`);
  else stdout.write(`${render(imported, widthOf(stdout)).join('\n')}\n`);
}

export const dataVerify = defineCommand({
  words: ['data', 'verify'],
  description: 'check that an import is what its manifest says, byte for byte',
  argument: { name: 'folder', description: 'that "data import" made' },
  options: ['json'],
  async run({ argument, options: { json } }, { stdout }) {
    const { folder, manifest } = await (await loadData()).verifyImport(argument);
    const { name, data, schema } = manifest;
    if (json) stdout.write(`${JSON.stringify({ type: 'verified', folder, ...manifest })}\n`);
    else {
      const what = { images: 'images', text: 'tokens', table: 'rows' }[manifest.kind ?? 'table'];
      stdout.write(`${name} is as it was imported: ${schema.rowCount} ${what}, SHA-256 ${data.sha256}\n`);
    }
    return 0;
  },
});
