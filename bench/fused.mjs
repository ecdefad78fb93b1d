// What each fused rule gains: a step of a model as it is traced, beside the same without the rule. One thread, interleaved in one
// process.   fused.mjs [--json] [--runs 9] [--only MODEL]
import { parseArgs } from 'node:util';

process.env.TF_NUM_INTRAOP_THREADS = '1';
const { openTrainer, openTuner } = await import('./peers/tuner.mjs');
const { spread } = await import('./statistics.mjs');

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, runs: { type: 'string', default: '9' }, only: { type: 'string' } },
});
/** As in src/graph/fused-rules.ts. */
const fusedRules = [
  'activation-gradients',
  'batch-norm',
  'bias',
  'cross-entropy',
  'gelu',
  'layer-norm',
  'mat-mul',
  'no-ops',
  'pool-first',
  'products',
  'recurrent',
];
/** Models by case: the cases that peers are compared on, and one of transformers' parts. */
const models = { mlp: {}, cnn: {}, gru: {}, 'mlp, normalised': { case: 'mlp', model: 'mixer' } };
const tuner = await openTuner();

/** Traced without some rules. A step that is the same without one tells nothing of it. */
async function open({ case: name, ...other }, without) {
  process.env.TFJS_TUNER_COMPOSED = without.join();
  const trainer = await openTrainer(name, 'never', tuner, { trials: 2, ...other });
  delete process.env.TFJS_TUNER_COMPOSED;
  return trainer;
}

/** Milliseconds a step, by `performance.now()`, of so many steps in a row. */
function millisecondsPerStep({ train, stepCount, capacity }, steps) {
  const started = performance.now();
  for (let done = 0; done < steps; done += capacity)
    train(done % (stepCount - capacity), Math.min(capacity, steps - done));
  return (performance.now() - started) / steps;
}

function line({ model, rule, nodes, gain }) {
  const range = `${gain.low.toFixed(2)} – ${gain.high.toFixed(2)}`;
  return `${model.padEnd(16)} ${rule.padEnd(22)} ${String(nodes.with).padStart(5)} ${String(nodes.without).padStart(8)}  ${gain.median.toFixed(2)} (${range})`;
}

if (!options.json) console.log(`${'model'.padEnd(16)} ${'rule'.padEnd(22)} nodes  without  times faster by the rule`);
for (const [model, description] of Object.entries(models)) {
  if (options.only && options.only !== model) continue;
  const source = { case: model, ...description };
  const whole = await open(source, []);
  const trainers = new Map();
  for (const rule of fusedRules) {
    const trainer = await open(source, [rule]);
    if (trainer.key !== whole.key) trainers.set(rule, trainer);
  }
  trainers.set('all of them', await open(source, [...fusedRules]));
  // a tenth of a second or more each
  const steps = Math.max(whole.capacity, Math.ceil(100 / millisecondsPerStep(whole, whole.capacity)));
  const ratios = new Map([...trainers.keys()].map((rule) => [rule, []]));
  for (const trainer of trainers.values()) millisecondsPerStep(trainer, steps);
  for (let run = 0; run < Number(options.runs); run++) {
    for (const [rule, trainer] of trainers) {
      // beside its own neighbour in time: the machine's speed drifts
      const before = millisecondsPerStep(whole, steps);
      const without = millisecondsPerStep(trainer, steps);
      ratios.get(rule).push((2 * without) / (before + millisecondsPerStep(whole, steps)));
    }
  }
  for (const [rule, values] of ratios) {
    const gain = spread(values);
    const nodes = { with: whole.nodeCount, without: trainers.get(rule).nodeCount };
    const row = { case: model, system: 'tfjs-tuner', metric: `times faster by ${rule}`, unit: 'times', ...gain };
    console.log(options.json ? JSON.stringify({ ...row, runs: values.length }) : line({ model, rule, nodes, gain }));
  }
}
