// Runs or resumes a sweep in a process of its own, to be killed.   run-tune.mjs run SWEEP DIR | resume STUDY DIR
import { resume, tune } from '../../dist/src/index.js';

const [command, subject, directory] = process.argv.slice(2);
const onEvent = (event) => {
  if (event.type === 'record' || (event.type === 'objective' && !event.replayed)) console.log(event.record.kind);
};
const options = { directory, workers: 2, onEvent };
const summary = command === 'run' ? await tune(JSON.parse(subject), options) : await resume(subject, options);
console.log(JSON.stringify(summary));
