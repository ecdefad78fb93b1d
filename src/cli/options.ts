/** All options in one table: parsing, checking and help are made from it. */
import { parse as parseYaml } from 'yaml';
import { parseByteSize } from '../files/index.js';
import { errors } from './errors.js';

interface Flag {
  readonly kind: 'flag';
  /** What stands on the command line, where it is not the option's own name: two commands mean different things by it. */
  readonly word?: string;
  readonly description: string;
}

interface Valued<T> {
  readonly kind: 'value';
  readonly word?: string;
  readonly description: string;
  /** To follow "must be". */
  readonly must: string;
  /** `undefined` if the text is not what it must be. */
  readonly parse: (text: string) => T | undefined;
}

const flag = (description: string): Flag => ({ kind: 'flag', description });

function integer(description: string, least: number): Valued<number> {
  const parse = (text: string) => {
    const value = Number(text);
    return /^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least ? value : undefined;
  };
  return { kind: 'value', description, must: `an integer of at least ${least}`, parse };
}

function path(description: string): Valued<string> {
  return {
    kind: 'value',
    description,

    must: 'the path of a folder',
    parse: (text) => text || undefined,
  };
}

function text(description: string, must: string): Valued<string> {
  return { kind: 'value', description, must, parse: (given) => given || undefined };
}

function number(description: string): Valued<number> {
  const parse = (text: string) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined);
  return { kind: 'value', description, must: 'a number', parse };
}

function names(description: string): Valued<readonly string[]> {
  const parse = (text: string) => {
    const list = text.split(',').map((name) => name.trim());
    return list.every((name) => name !== '') ? list : undefined;
  };
  return { kind: 'value', description, must: 'names with commas between them', parse };
}

/** Steps, or a text or YAML that whoever uses it reads. */
function interval(description: string): Valued<number | string | Readonly<Record<string, unknown>>> {
  const must = 'a number of steps, "2 epochs", or YAML such as "plateau: { patience: 3, every: 125 }"';
  const parse = (text: string) => {
    const value = yaml(description).parse(text);
    if (value !== undefined) return value;
    return /^\s*\d+\s*$/.test(text) ? Number(text) : /^\s*\d/.test(text) ? text : undefined;
  };
  return { kind: 'value', description, must, parse };
}

/** A mapping; what is in it is for others to check. */
function yaml(description: string): Valued<Readonly<Record<string, unknown>>> {
  const parse = (text: string) => {
    try {
      const value: unknown = parseYaml(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
    } catch {
      return undefined;
    }
  };
  return { kind: 'value', description, must: 'YAML such as "rate: { float: [0, 1] }"', parse };
}

function oneOf<const T extends string>(description: string, choices: readonly T[]): Valued<T> {
  const parse = (text: string) => choices.find((choice) => choice === text);
  return { kind: 'value', description, must: choices.join(' or '), parse };
}

/** `28x28`, height first, as [height, width]. */
function parseImageSize(given: string): readonly [number, number] | undefined {
  const [height, width] = (/^(\d+)x(\d+)$/.exec(given) ?? []).slice(1).map(Number);
  const isSide = (side: number | undefined) => side !== undefined && side >= 1 && side <= 4096;
  return isSide(height) && isSide(width) ? [height!, width!] : undefined;
}

export const options = {
  workers: integer('threads that train; default: one for each core', 1),
  seed: integer("the seed, instead of the sweep's; of a text that is continued, default 0", 0),
  memory: {
    kind: 'value',
    description: 'what the data set may take in memory, such as 500MB or 2GiB; a larger one is streamed',
    must: 'a size such as 500MB or 2GiB',
    parse: parseByteSize,
  },
  backend: oneOf('what to compute on: auto, cpu or gpu; default: auto', ['auto', 'cpu', 'gpu']),
  dir: path('the folder of studies; default: ./studies'),
  'data-dir': path('where files of data sets are looked for first'),
  'require-traced': flag("fail where a model's step cannot be traced, instead of running it slowly"),
  json: flag('write one JSON object a line to standard output, and nothing else'),
  quiet: flag('write the result only'),
  freeze: names('hyperparameters that copies keep from now on, such as dropout,momentum'),
  unfreeze: names('hyperparameters that are explored again'),
  introduce: yaml('hyperparameters with their range, as YAML: "labelSmoothing: { float: [0, 0.2] }"'),
  interval: interval(
    'between two decisions: steps, epochs such as "2 epochs", or "plateau: { patience: 3, every: 125 }"',
  ),
  target: number('the study ends once a trial reaches this'),
  method: oneOf('what importance means: ped-anova (default), fanova or shapley; see docs/study.md', [
    'ped-anova',
    'fanova',
    'shapley',
  ]),
  to: path('the folder to make; it must not exist'),
  trial: integer('the trial whose model is exported; default: the best one', 0),
  format: names(
    'of an export: layers-model, graph-model, saved-model, with commas, default all that there are, and onnx, by Python; of predictions: csv, jsonl or arrow',
  ),
  input: text(
    'a file of rows: CSV, JSON lines, Parquet, Arrow, IDX images; an image, or a folder of them; a text; "-" for standard input',
    'a file, a folder, or "-"',
  ),
  continue: integer('tokens to write behind a text, instead of predicting the next one', 1),
  temperature: number(
    'of a text that is continued: 0 for always the most probable token; default: 1, as the model says',
  ),
  output: text('the file to write; default: standard output', 'the path of a file'),
  force: flag('install everything anew'),
  'target-column': { ...text('the column to predict', 'the name of a column'), word: 'target' },
  task: oneOf("what to predict; default: told from the target's values", ['classification', 'regression']),
  ignore: names('columns that are not read, with commas between them'),
  keep: names('columns that stay although they look like identifiers or prose'),
  missing: names('further cells that mean a missing value, such as "?,unknown"'),
  texts: names('columns of numbers that are read as texts, as they are spelt, such as postcodes'),
  'no-header': flag('the first line of text is a row; columns are called "column 1", "column 2", …'),
  delimiter: text('what separates the cells of text; default: told from its first lines', 'one character'),
  decimal: oneOf('between whole and fraction of numbers in text; default: told from its first lines', ['.', ',']),
  encoding: oneOf('of text; default: told from the text', ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin1']),
  labels: text('the file of labels, of images in IDX', 'the path of a file'),
  size: {
    kind: 'value',
    description: 'height and width that images are stretched to, such as 28x28; default: all must have the same',
    must: 'a height and a width of 1 to 4096, such as 28x28',
    parse: parseImageSize,
  },
  channels: {
    kind: 'value',
    description: "1 for grey images, 3 for colours; default: the first image's",
    must: '1 or 3',
    parse: (given: string) => ([1, 3] as const).find((count) => String(count) === given),
  },
  'skip-unreadable': flag('leave out images that cannot be read, instead of refusing them'),
  tokens: oneOf('the file is a text; what a model of it predicts one after another', ['characters', 'bytes']),
  'dry-run': flag('look only, and write nothing'),
  typescript: flag('write TypeScript; the default'),
  javascript: flag('write JavaScript'),
} as const satisfies Readonly<Record<string, Flag | Valued<unknown>>>;

export type OptionName = keyof typeof options;

type ValueOf<O> = O extends Valued<infer T> ? T | undefined : boolean;

/** What stands for an option on the command line, without the hyphens. */
export function wordOf(name: OptionName): string {
  const option: Flag | Valued<unknown> = options[name];
  return option.word ?? name;
}

/** Options as they were given: flags are true or false, others their value or undefined. */
export type OptionValues<N extends OptionName> = { readonly [K in N]: ValueOf<(typeof options)[K]> };

/**
 * The values of a command's options.
 *
 * @param given what stands on the command line, by option: a flag's presence, or a value's text; the last one counts
 * @throws CLI_BAD_OPTION
 */
export function parseOptions<N extends OptionName>(
  names: readonly N[],
  given: Readonly<Record<string, unknown>>,
): OptionValues<N> {
  return Object.fromEntries(names.map((name) => [name, parseOption(name, given[wordOf(name)])])) as OptionValues<N>;
}

function parseOption(name: OptionName, given: unknown): unknown {
  const option: Flag | Valued<unknown> = options[name];
  if (option.kind === 'flag') return given === true;
  if (given === undefined) return undefined;
  const text = String(Array.isArray(given) ? given.at(-1) : given);
  const value = option.parse(text);
  if (value === undefined) throw errors.CLI_BAD_OPTION({ option: `--${wordOf(name)}`, must: option.must, given: text });
  return value;
}
