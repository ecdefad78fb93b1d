// Time of one trial's step on tfjs-tuner, in one thread.   tuner-step.mjs CASE VARIANT…   (compiled, plain)
import { checkedSteps } from './cases.mjs';
import { millisecondsPerStep, reportStep } from './timing.mjs';
import { openTrainer, openTuner } from './tuner.mjs';

const [name, ...variants] = process.argv.slice(2);
const tuner = await openTuner();
for (const variant of variants) {
  const { train, trainEpoch, stepCount } = await openTrainer(name, variant === 'compiled' ? 'always' : 'never', tuner);
  const losses = Array.from({ length: checkedSteps }, (_, step) => train(step, 1));
  reportStep(name, 'tfjs-tuner', variant, millisecondsPerStep(trainEpoch, stepCount), losses);
}
