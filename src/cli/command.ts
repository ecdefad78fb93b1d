import type { Terminal } from '../report/index.js';
import type * as tuner from '../tuner/index.js';
import type { OptionName, OptionValues } from './options.js';

/** What commands write to. */
export interface Io {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** The conductor, which takes a moment to load. */
  readonly loadTuner: () => Promise<
    Pick<typeof tuner, 'tune' | 'encodeDataset' | 'resume' | 'changeStudy' | 'exportStudy' | 'predict' | 'listModels'>
  >;
}

/** A command of the command line: its table entry makes the help, its function does the work. */
export interface Command {
  /** The words that call it. */
  readonly words: readonly string[];
  readonly description: string;
  /** The one argument that it needs, if any. */
  readonly argument: Argument | undefined;
  readonly options: readonly OptionName[];
  /** @returns the exit code */
  run(input: { readonly argument: string; readonly options: OptionValues<OptionName> }, io: Io): Promise<number>;
}

export interface Argument {
  readonly name: string;
  readonly description: string;
}

/** A command whose function sees just the options that it declares. `argument` is empty for a command without one. */
export function defineCommand<const N extends OptionName>(definition: {
  readonly words: readonly string[];
  readonly description: string;
  readonly argument?: Argument;
  readonly options: readonly N[];
  run(input: { readonly argument: string; readonly options: OptionValues<N> }, io: Io): Promise<number>;
}): Command {
  return { ...definition, argument: definition.argument };
}
