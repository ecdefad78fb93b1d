/** Starting points for users' own code: which files, with what in them. The templates are files that ship. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const starts = ['model', 'objective', 'sweep'] as const;
export type Start = (typeof starts)[number];
export type Extension = 'ts' | 'js';

export interface ScaffoldFile {
  /** Relative to where the command is called. */
  readonly path: string;
  readonly text: string;
}

export interface Scaffold {
  readonly files: readonly ScaffoldFile[];
  /** The sweep among them, to be run. */
  readonly sweep: string;
}

/** Beside `dist/`, also when this file itself is run from its source. */
const templates = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../templates/' : '../../../templates/', import.meta.url),
);

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Whether it can name a study, and so a folder. */
export function isStartName(name: string): boolean {
  return namePattern.test(name);
}

/** A folder with a module and its sweep; of a sweep alone, one file. @param name one that {@link isStartName} accepts */
export function scaffold(start: Start, name: string, extension: Extension): Scaffold {
  const fill = (template: string) => {
    return readFileSync(join(templates, start, template), 'utf8')
      .replaceAll('__NAME__', name)
      .replaceAll('__EXTENSION__', extension);
  };
  if (start === 'sweep') {
    const path = `${name}.yaml`;
    return { files: [{ path, text: fill('sweep.yaml') }], sweep: path };
  }
  const sweep = join(name, 'sweep.yaml');
  // the template has no types written out, so it is JavaScript as well
  const files = [
    { path: join(name, `${start}.${extension}`), text: fill(`${start}.ts`) },
    { path: sweep, text: fill('sweep.yaml') },
  ];
  return { files, sweep };
}
