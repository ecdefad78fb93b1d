/** Remakes the section of README.md between the markers. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdown } from '../peers/table.mjs';
import { describe } from './machine.mjs';
import { here } from './places.mjs';
import { lines } from './table.mjs';

const file = join(here, 'README.md');
const begin = '<!-- quality: begin. Made by `npm run bench:quality -- --write` -->';
const end = '<!-- quality: end -->';

export function writeReadme(parts, rows, { from }) {
  const text = readFileSync(file, 'utf8');
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`${file} has lost its markers: ${begin} … ${end}`);
  const section = [
    begin,
    `Measured ${new Date().toISOString().slice(0, 10)}, seeds from ${from} on, on ${describe()}.`,
    '',
    ...parts
      .filter(({ title }) => rows.some(({ part }) => part === title))
      .flatMap(({ title }) => [`### ${title}`, '', markdown(lines(rows.filter(({ part }) => part === title))), '']),
  ].join('\n');
  // whole or not at all
  writeFileSync(`${file}.new`, text.slice(0, start) + section + text.slice(stop));
  renameSync(`${file}.new`, file);
}
