// The numbers behind the rule that says when a step is compiled (src/graph/compile-rule.ts): one trial's step on all cores, plain and
// compiled, what compiling takes, and what the rule makes of them.   compile.mjs [--json] [--runs 5] [--only MODEL]
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

// as for one trial alone, or for `compile: always`
process.env.TF_NUM_INTRAOP_THREADS = String(availableParallelism());
const { openTrainer, openTuner } = await import('./peers/tuner.mjs');
const { spread } = await import('./statistics.mjs');

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, runs: { type: 'string', default: '5' }, only: { type: 'string' } },
});
/** By the number of nodes, and with what XLA makes slower. */
const models = {
  mlp: {},
  'mlp, batch 8': { case: 'mlp', batchSize: 8 },
  'mlp, nine layers of 64': { case: 'mlp', model: 'mlp-deep' },
  'mlp, normalised': { case: 'mlp', model: 'mixer' },
  cnn: {},
};
const tuner = await openTuner();

/** Milliseconds a step of so many calls. */
function millisecondsPerStep({ train, capacity, stepCount }, calls) {
  const steps = Math.min(capacity, stepCount);
  const started = performance.now();
  for (let call = 0; call < calls; call++) train(0, steps);
  return (performance.now() - started) / (calls * steps);
}

/** A trainer whose first call, which compiles, took so many seconds. */
async function open({ case: name, ...other }, compile) {
  const trainer = await openTrainer(name, compile, tuner, other);
  const started = performance.now();
  trainer.train(0, 1);
  return { trainer, seconds: (performance.now() - started) / 1000 };
}

const results = [];
for (const [model, description] of Object.entries(models)) {
  if (options.only && options.only !== model) continue;
  const source = { case: model, ...description };
  const [plain, compiled] = [await open(source, 'never'), await open(source, 'always')];
  const { reason } = (await openTrainer(source.case, 'auto', tuner, source)).choice;
  // what the rule counts; it says another reason where it does not come to that
  const operations = Number.parseInt(reason, 10);
  const trainers = [plain.trainer, compiled.trainer];
  // a fifth of a second or more each
  const calls = trainers.map((trainer) => {
    const steps = Math.min(trainer.capacity, trainer.stepCount);
    return Math.max(1, Math.ceil(200 / (millisecondsPerStep(trainer, 1) * steps)));
  });
  const [times, savings] = [trainers.map(() => []), []];
  for (let run = 0; run < Number(options.runs); run++) {
    const [before, after] = trainers.map((trainer, which) => millisecondsPerStep(trainer, calls[which]));
    times[0].push(before);
    times[1].push(after);
    savings.push(((before - after) * 1000) / operations);
  }
  results.push({
    model,
    operations,
    plain: spread(times[0]),
    compiled: spread(times[1]),
    saved: spread(savings),
    compiling: compiled.seconds - plain.seconds,
    reason,
  });
}

if (options.json) {
  for (const { model, plain, compiled, saved, compiling } of results) {
    const runs = Number(options.runs);
    const row = { case: model, system: 'tfjs-tuner', runs };
    console.log(JSON.stringify({ ...row, metric: 'time of a step, plain', unit: 'ms', ...plain }));
    console.log(JSON.stringify({ ...row, metric: 'time of a step, compiled', unit: 'ms', ...compiled }));
    if (!Number.isNaN(saved.median))
      console.log(JSON.stringify({ ...row, metric: 'saved a step and operation', unit: 'µs', ...saved }));
    const once = { median: compiling, low: compiling, high: compiling, runs: 1 };
    console.log(JSON.stringify({ ...row, metric: 'compiling', unit: 's', ...once }));
  }
} else {
  for (const { model, operations, plain, compiled, saved, compiling, reason } of results) {
    const each = `, ${saved.median.toFixed(1)} µs (${saved.low.toFixed(1)} – ${saved.high.toFixed(1)}) an operation saved`;
    console.log(
      `${model}: ${plain.median.toFixed(3)} ms plain, ${compiled.median.toFixed(3)} compiled${operations ? each : ''}; ` +
        `first call ${compiling.toFixed(2)} s longer. The rule: ${reason}`,
    );
  }
}
