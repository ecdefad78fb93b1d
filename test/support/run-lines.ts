/** The built command line, many lines in one process. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a command line ended with. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const script = fileURLToPath(new URL('./run-lines.mjs', import.meta.url));

/** The command line's file, for processes of its own. */
export const commandLine = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** Runs command lines (words after the program's name) one after another. Relative paths start at the project. */
export function runLines(lines: readonly (readonly string[])[]): Promise<Outcome[]> {
  return new Promise((resolve, reject) => {
    const options = { cwd: fileURLToPath(new URL('../../', import.meta.url)), maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [script], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`the process of the command lines failed: ${stderr}`, { cause: error }));
      else resolve(JSON.parse(stdout) as Outcome[]);
    });
    child.stdin!.end(JSON.stringify(lines));
  });
}
