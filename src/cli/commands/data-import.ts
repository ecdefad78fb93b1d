import { defineCommand } from '../command.js';
import { errors } from '../errors.js';
import { renderImport } from '../render-import.js';
import { productVersion } from '../version.js';
import { widthOf } from '../width.js';

// the data room is loaded by these commands only
const loadData = () => import('../../data/index.js');

export const dataImport = defineCommand({
  words: ['data', 'import'],
  description: 'read a file of rows, show what its columns are, and write a folder that a sweep can name',
  argument: { name: 'file', description: 'CSV, TSV, JSON lines, Arrow, Feather or Parquet' },
  options: [
    'target-column',
    'to',
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
    'dry-run',
    'json',
  ],
  async run({ argument, options }, { stdout }) {
    const { 'target-column': target, 'dry-run': dryRun, 'no-header': noHeader, json, ...others } = options;
    const given = { ...others, ...(noHeader ? { header: false } : {}) };
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    if (target === undefined) {
      const columns = await (await loadData()).columnNames(argument, set);
      throw errors.CLI_MISSING_TARGET({ file: argument, columns });
    }
    const common = { target, dryRun, baseDirectory: process.cwd(), version: productVersion() };
    const imported = await (await loadData()).importFile(argument, { ...set, ...common });
    if (json) stdout.write(`${JSON.stringify({ type: 'import', ...imported, folder: imported.folder ?? null })}\n`);
    else stdout.write(`${renderImport(imported, widthOf(stdout)).join('\n')}\n`);
    return 0;
  },
});

export const dataVerify = defineCommand({
  words: ['data', 'verify'],
  description: 'check that an import is what its manifest says, byte for byte',
  argument: { name: 'folder', description: 'that "data import" made' },
  options: ['json'],
  async run({ argument, options: { json } }, { stdout }) {
    const { folder, manifest } = await (await loadData()).verifyImport(argument);
    const { name, data, schema } = manifest;
    if (json) stdout.write(`${JSON.stringify({ type: 'verified', folder, ...manifest })}\n`);
    else stdout.write(`${name} is as it was imported: ${schema.rowCount} rows, SHA-256 ${data.sha256}\n`);
    return 0;
  },
});
