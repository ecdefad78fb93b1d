import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { ensureDirectory, writeFileAtomic } from '../../files/index.js';
import { defineCommand, type Io } from '../command.js';
import { errors } from '../errors.js';
import { isStartName, type Scaffold, type Start, scaffold } from '../scaffold.js';

interface Languages {
  readonly typescript: boolean;
  readonly javascript: boolean;
}

export const newModel = defineCommand({
  words: ['new', 'model'],
  description: 'write a commented model with a sweep that runs, in a new folder',
  argument: { name: 'name', description: 'of the folder and of the study' },
  options: ['typescript', 'javascript'],
  run: ({ argument, options }, io) => write('model', argument, options, io),
});

export const newObjective = defineCommand({
  words: ['new', 'objective'],
  description: 'write a commented objective function with a sweep that runs, in a new folder',
  argument: { name: 'name', description: 'of the folder and of the study' },
  options: ['typescript', 'javascript'],
  run: ({ argument, options }, io) => write('objective', argument, options, io),
});

export const newSweep = defineCommand({
  words: ['new', 'sweep'],
  description: 'write a commented sweep that runs',
  argument: { name: 'name', description: 'of the file, without its extension, and of the study' },
  options: [],
  run: ({ argument }, io) => write('sweep', argument, { typescript: false, javascript: false }, io),
});

async function write(start: Start, name: string, languages: Languages, { stdout }: Io): Promise<number> {
  if (!isStartName(name)) throw errors.CLI_BAD_NAME({ what: start, given: name });
  if (languages.typescript && languages.javascript) throw errors.CLI_ONE_LANGUAGE({});
  const made = scaffold(start, name, languages.javascript ? 'js' : 'ts');
  const taken = made.files.map(({ path }) => path).filter((path) => existsSync(path));
  if (taken.length > 0) throw errors.CLI_FILES_EXIST({ paths: taken });
  for (const { path, text } of made.files) {
    await ensureDirectory(dirname(resolve(path)));
    await writeFileAtomic(resolve(path), text);
  }
  stdout.write(`${describe(start, made).join('\n')}\n`);
  return 0;
}

function describe(start: Start, { files, sweep }: Scaffold): string[] {
  const install = isInstalledFor(sweep) ? [] : ['  npm install tfjs-tuner @tensorflow/tfjs'];
  return [
    'wrote',
    ...files.map(({ path }) => `  ${path}`),
    'next:',
    ...(start === 'sweep' ? [] : install),
    `  npx tfjs-tuner run ${sweep}`,
  ];
}

/** Whether a module there finds what it imports. */
function isInstalledFor(path: string): boolean {
  try {
    createRequire(resolve(path)).resolve('tfjs-tuner/package.json');
    return true;
  } catch {
    return false;
  }
}
