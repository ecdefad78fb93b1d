// Steps a second of a population of perceptrons that is one graph with a leading axis for the members.
//   tuner-stacked.mjs MODE      MODE: compiled or plain; threads of an operation by TF_NUM_INTRAOP_THREADS
import { cases, population } from './cases.mjs';
import { millisecondsPerStep, report } from './timing.mjs';
import { openTrainer, openTuner } from './tuner.mjs';

const [mode] = process.argv.slice(2);
const { members } = population;
const { batchSize } = cases.mlp;
const trainer = await openTrainer('mlp', mode === 'compiled' ? 'always' : 'never', await openTuner(), {
  model: 'mlp-stacked',
  batchSize: batchSize * members,
});
report({
  system: 'tfjs-tuner, one graph for all members',
  case: 'mlp-population',
  variant: `${mode}, threads: ${process.env.TF_NUM_INTRAOP_THREADS}`,
  metric: 'speed of a population',
  unit: 'steps/s',
  value: (members * 1000) / millisecondsPerStep(trainer.trainEpoch, trainer.stepCount),
});
