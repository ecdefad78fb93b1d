import { exitCodes } from '../errors/index.js';
import type { Io } from './command.js';
import { commands, groups } from './commands/index.js';
import { exitCodeOfError } from './exit-code.js';
import { parse } from './parse.js';
import { printError } from './print-error.js';

/** Help is hard to read when its lines are longer. */
const widestHelp = 100;

/**
 * Does what a command line says. Never rejects: what goes wrong is printed.
 *
 * @param words after the program's name
 * @returns the exit code: 0 done, 1 the study failed, 2 the input is wrong, 3 the machine lacks something, 130 interrupted
 */
export async function runCli(words: readonly string[], io: Io): Promise<number> {
  try {
    const width = Math.min(widestHelp, io.stdout.columns ?? widestHelp);
    const parsed = parse(words, commands, groups, width);
    switch (parsed.kind) {
      case 'text':
        io.stdout.write(`${parsed.text}\n`);
        return 0;
      case 'help':
        io.stderr.write(`${parsed.text}\n`);
        return exitCodes.input;
      case 'command':
        return await parsed.command.run(parsed, io);
      default:
        return parsed satisfies never;
    }
  } catch (error) {
    printError(error, io, words.includes('--json'));
    return exitCodeOfError(error);
  }
}
