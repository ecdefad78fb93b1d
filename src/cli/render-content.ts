/** What an import of images or of a text found, as lines for people. */
import { relative } from 'node:path';
import type { ImportedImages, ImportedText } from '../data/index.js';
import { oneLine, renderTable } from '../report/index.js';
import { wrapped } from './wrapped.js';

/** Classes that are listed: all are in the manifest and in JSON. */
const classLimit = 50;

const classColumns = [
  { title: 'class', rank: 0 },
  { title: 'images', align: 'right', rank: 1 },
  { title: 'share', align: 'right', rank: 2 },
] as const;

/** @param width that lines have at most, as far as words allow it */
export function renderImages({ name, schema, notes, folder }: ImportedImages, width: number): string[] {
  const { rowCount, shape, classes, sizes, sizeCount, warnings } = schema;
  const wrap = (text: string) => wrapped(oneLine(text), width);
  const rows = classes
    .slice(0, classLimit)
    .map(({ name: label, count }) => [label, String(count), percent(count / rowCount)]);
  const left = classes.length - rows.length;
  const listed = sizes.map(({ height, width: across, count }) => `${height} × ${across} (${count})`).join(', ');
  const more = sizeCount > sizes.length ? `, … (${sizeCount} in all)` : '';
  return [
    ...wrap(`${name}: ${rowCount} images of ${shape.join(' × ')} (height, width, channels); ${classes.length} classes`),
    ...wrap(`sizes of the sources: ${listed}${more}`),
    '',
    ...renderTable(classColumns, rows, width),
    ...(left > 0 ? wrap(`… and ${left} more classes; --json prints all of them`) : []),
    '',
    ...ending({ notes, warnings, named: folder && `./${relative(process.cwd(), folder)}` }, wrap),
  ];
}

const tokenColumns = [
  { title: 'token', rank: 0 },
  { title: 'times', align: 'right', rank: 1 },
  { title: 'share', align: 'right', rank: 2 },
] as const;

/** @param width that lines have at most, as far as words allow it */
export function renderText({ name, schema, notes, folder }: ImportedText, width: number): string[] {
  const { rowCount, tokens, vocabularySize, distinct, lines, frequent, rare, warnings } = schema;
  const wrap = (text: string) => wrapped(oneLine(text), width);
  const rowsOf = (listed: typeof frequent) =>
    listed.map(({ token, count }) => [JSON.stringify(token), String(count), percent(count / rowCount)]);
  const gap = distinct > frequent.length + rare.length ? [['…', '', '']] : [];
  const named = folder && `{ text: ./${relative(process.cwd(), folder)}, context: 64 }`;
  return [
    ...wrap(
      `${name}: ${rowCount} ${tokens} in ${lines} lines; a vocabulary of ${vocabularySize}, ${distinct} of them occur`,
    ),
    '',
    ...renderTable(tokenColumns, [...rowsOf(frequent), ...gap, ...rowsOf(rare)], width),
    '',
    ...ending({ notes, warnings, named }, wrap),
  ];
}

interface Ending {
  readonly notes: readonly string[];
  readonly warnings: readonly { readonly text: string }[];
  /** How a sweep names what was written. */
  readonly named: string | undefined;
}

function ending({ notes, warnings, named }: Ending, wrap: (text: string) => string[]): string[] {
  return [
    ...notes.flatMap((note) => wrap(`note: ${note}`)),
    ...warnings.flatMap(({ text }) => wrap(`warning: ${text}`)),
    ...wrap(named === undefined ? 'nothing was written' : `written; in a sweep: dataset: ${named}`),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.001 ? 4 : 1)} %`;
}
