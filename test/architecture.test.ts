import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..');
const source = join(root, 'src');

/** The table of docs/architecture.md: room → rooms it may import. */
function readTable(): Map<string, Set<string>> {
  const rows = readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|$/gm);
  return new Map([...rows].map(([, room, list]) => [room!, new Set(list!.match(/\w+/g) ?? [])]));
}

function typescriptFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** Relative modules that a file imports or re-exports, types included, as paths within `src`. */
function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const { module } = parseSync(file, text);
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    // where a dynamic import's argument is a literal, its quotes are cut off
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ];
  return specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(source, resolve(dirname(file), specifier)));
}

const roomOf = (path: string) => path.split(sep)[0]!;

describe('architecture', () => {
  const table = readTable();
  const files = typescriptFiles(source).filter((file) => dirname(file) !== source);

  it('has a row for every room, and a room for every row', () => {
    const rooms = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect([...table.keys()].sort()).toEqual(rooms.map(({ name }) => name).sort());
  });

  it('imports only in the direction of the table, and through doors', () => {
    const faults: string[] = [];
    for (const file of files) {
      const from = relative(source, file);
      for (const target of imports(file)) {
        const room = roomOf(target);
        if (room === roomOf(from)) continue;
        if (!table.get(roomOf(from))?.has(room)) faults.push(`${from} imports ${target}: ${room} is not below`);
        else if (target !== join(room, 'index.js')) faults.push(`${from} imports ${target}: only index.js is a door`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('sees a fault where there is one', () => {
    expect(imports(join(source, 'study/population-decision.ts')).map(roomOf)).toContain('schedulers');
    expect(table.get('study')!.has('engine')).toBe(false);
  });
});
