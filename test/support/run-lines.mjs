// Runs command lines one after another in one process: a JSON list of lists of words on standard input, a JSON list of what came of
// each on standard output.
import { text } from 'node:stream/consumers';
import { runCli } from '../../dist/src/cli/run-cli.js';

const lines = JSON.parse(await text(process.stdin));
const outcomes = [];
for (const words of lines) {
  const outcome = { stdout: '', stderr: '' };
  const stream = (name) => ({
    isTTY: false,
    write: (part) => {
      outcome[name] += part;
      return true;
    },
    on() {},
    off() {},
  });
  const io = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    loadTuner: () => import('../../dist/src/tuner/index.js'),
  };
  outcomes.push({ code: await runCli(words, io), ...outcome });
}
process.stdout.write(JSON.stringify(outcomes));
