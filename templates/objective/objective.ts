// An objective function of your own: any code that takes hyperparameters and gives back a number.
// Run it with:  npx tfjs-tuner run sweep.yaml
import { defineObjective, float, int } from 'tfjs-tuner/objective';

export default defineObjective({
  // What is tuned, with ranges that a sweep may replace.
  space: {
    rate: float(1e-3, 1, { scale: 'log' }),
    points: int(5, 50),
  },

  // One trial, in a thread of its own. What it throws fails this trial only.
  run: async (trial) => {
    const { rate, points } = trial.hyperparameters;

    // Numbers in [0, 1) that depend on the study's seed, the trial and this path only.
    const random = trial.random('data');
    const data = Array.from({ length: points }, () => 3 + random());

    // Go on from where an earlier process was killed, if it saved anything.
    const saved = await trial.checkpoint.load();
    let { step, estimate } = saved ? JSON.parse(new TextDecoder().decode(saved)) : { step: 0, estimate: 0 };

    const error = () => Math.abs(estimate - 3.5);
    while (step < 30) {
      step += 1;
      for (const value of data) estimate += (rate * (value - estimate)) / points;

      // Tell how it goes. Where the sweep's strategy ends trials early, this throws to end it: let that pass.
      await trial.report(step, { error: error() });

      // Keep what is needed to go on, every now and then.
      if (step % 10 === 0) await trial.checkpoint.save(new TextEncoder().encode(JSON.stringify({ step, estimate })));
    }

    // The metric that the sweep's objective names, and whatever else is worth keeping.
    return { error: error(), estimate };
  },
});
