import { defineErrors, didYouMean } from '../errors/index.js';

export const errors = defineErrors({
  STUDY_JOURNAL_INVALID: {
    kind: 'study',
    message: ({ why }: { why: string }) => `a study's journal must tell one consistent story, but ${why}`,
    todo: "restore the study's folder from a copy; if nobody edited it, report this",
  },
  STUDY_METRIC_MISSING: {
    kind: 'input',
    message: ({ metric, reported }: { metric: string; reported: readonly string[] }) =>
      `the objective's metric must be one that the model reports (${reported.join(', ')}), not "${metric}".${didYouMean(metric, reported)}`,
    todo: 'change objective.metric in the sweep',
  },
});
