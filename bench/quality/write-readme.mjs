/** Remakes sections of README.md between their markers. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdown } from '../peers/table.mjs';
import { describe } from './machine.mjs';
import { here } from './places.mjs';
import { lines } from './table.mjs';

const file = join(here, 'README.md');

/** A section's text made anew of what it was; the file is written whole or not at all. */
function rewrite(name, command, remake) {
  const begin = `<!-- ${name}: begin. Made by \`${command}\` -->\n`;
  const end = `<!-- ${name}: end -->`;
  const text = readFileSync(file, 'utf8');
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`${file} has lost its markers: ${begin.trim()} … ${end}`);
  const from = start + begin.length;
  writeFileSync(`${file}.new`, text.slice(0, from) + remake(text.slice(from, stop)) + text.slice(stop));
  renameSync(`${file}.new`, file);
}

const measured = () => `Measured ${new Date().toISOString().slice(0, 10)} on ${describe()}`;

/**
 * Writes the tables of parts.
 *
 * @param parts all there are, in their order
 * @param rows those measured anew: of whole parts. Other parts keep the text that they have
 * @returns titles of parts that were written
 */
export function writeQuality(parts, rows, { from }) {
  const isNew = ({ title }) => rows.some(({ part }) => part === title);
  const table = (title) => markdown(lines(rows.filter(({ part }) => part === title)));
  rewrite('quality', 'npm run bench:quality -- --write', (before) => {
    const kept = new Map(before.split(/^(?=### )/m).map((text) => [text.slice(4, text.indexOf('\n')), text]));
    const textOf = (part) =>
      isNew(part)
        ? `### ${part.title}\n\n${measured()}, seeds from ${from} on.\n\n${table(part.title)}\n\n`
        : (kept.get(part.title) ?? '');
    return parts.map(textOf).join('');
  });
  return parts.filter(isNew).map(({ title }) => title);
}

/** Writes the table of what decisions cost. */
export function writeSpeed(table) {
  rewrite('speed', 'node bench/quality/ask-speed.mjs --write', () => `${measured()}.\n\n${markdown(table)}\n`);
}
