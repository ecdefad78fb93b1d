// A scheduler of one's own: stops trials that are far behind the best at the same step (docs/schedulers.md).
export default {
  name: 'nearBest',
  pauses: false, // whether report may say "pause", and next then "resume"
  begin: ({ maxSteps }) => {
    const stretch = Math.ceil(maxSteps / 10);
    const best = new Map();
    return {
      // what a free worker does; newTrial is null when no trial starts any more
      next: (newTrial) =>
        newTrial === null ? { kind: 'done' } : { kind: 'start', toStep: Math.min(stretch, maxSteps), bracket: 0 },
      // a result: higher scores are better, null has failed; the step may be another than was asked for
      report: ({ trial, step, score }) => {
        if (score === null || Number.isNaN(score)) return [{ kind: 'stop', trial, reason: 'it failed' }];
        if (step >= maxSteps) return [{ kind: 'complete', trial }];
        const highest = Math.max(best.get(step) ?? score, score);
        best.set(step, highest);
        if (score < highest - 1) return [{ kind: 'stop', trial, reason: 'far behind the best' }];
        return [{ kind: 'continue', trial, toStep: Math.min(Math.floor(step) + stretch, maxSteps) }];
      },
    };
  },
};
