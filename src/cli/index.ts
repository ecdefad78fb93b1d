/** The command line: parse, call, print. */
export type { Io } from './command.js';
export { runCli } from './run-cli.js';
