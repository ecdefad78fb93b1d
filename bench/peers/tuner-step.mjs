// Time of one trial's step on tfjs-tuner, in one worker.   tuner-step.mjs CASE THREADS MODE…
//   MODE: compiled or plain; THREADS that one operation may use are set by TF_NUM_INTRAOP_THREADS, as for the peers
import { checkedSteps } from './cases.mjs';
import { millisecondsPerStep, reportStep } from './timing.mjs';
import { openTrainer, openTuner } from './tuner.mjs';

const [name, threads, ...modes] = process.argv.slice(2);
const tuner = await openTuner();
for (const mode of modes) {
  const { train, trainEpoch, stepCount } = await openTrainer(name, mode === 'compiled' ? 'always' : 'never', tuner);
  const losses = Array.from({ length: checkedSteps }, (_, step) => train(step, 1));
  reportStep(name, 'tfjs-tuner', `${mode}, threads: ${threads}`, millisecondsPerStep(trainEpoch, stepCount), losses);
}
