/** Remakes the section of bench/README.md between the markers. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine, describeVersions } from './machine.mjs';
import { root } from './places.mjs';
import { markdown, resultLines, targetLines } from './table.mjs';

const file = join(root, 'bench', 'README.md');
const begin = '<!-- peers: begin. Made by `npm run bench:peers -- --write` -->';
const end = '<!-- peers: end -->';

export function writeReadme(rows, comparisons, seconds) {
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has lost its markers: ${begin} … ${end}`);
  const section = [
    begin,
    `Measured ${new Date().toISOString().slice(0, 10)} on ${describeMachine()}; ${describeVersions()}. Median,`,
    `least and most of the runs, which are of at least ${seconds} s of timed steps each. The variant is each system's best, by median.`,
    '',
    markdown(resultLines(rows)),
    '',
    'Against the targets:',
    '',
    markdown(targetLines(comparisons)),
    '',
  ].join('\n');
  // whole or not at all
  writeFileSync(`${file}.new`, text.slice(0, from) + section + text.slice(to));
  renameSync(`${file}.new`, file);
}
