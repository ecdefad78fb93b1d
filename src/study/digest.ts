import { createHash } from 'node:crypto';
import type { StudyState } from './state.js';

/**
 * SHA-256 (hex) over what was decided and measured, in decision order, without clocks and machine names: the proposals by
 * trial, then generation by generation every trial's segment (hyperparameters, steps, outcome, loss, metrics) and the
 * decisions (parents, new hyperparameters). Two runs of one sweep and seed on one kind of hardware have the same digest,
 * whatever the number of workers and however often they were interrupted.
 */
export function digest({ settings, trials, decided }: StudyState): string {
  const hash = createHash('sha256');
  const add = (...parts: unknown[]) => hash.update(`${canonical(parts)}\n`);
  add('seed', settings.seed);
  const generations = trials.reduce((most, { segments }) => Math.max(most, segments.length), 0);
  for (let generation = 0; generation < generations; generation++) {
    for (const { trial, segments } of trials) {
      const segment = segments[generation];
      if (!segment) continue;
      const { hyperparameters, fromStep, toStep, outcome, loss, metrics } = segment;
      add('segment', generation, trial, hyperparameters, fromStep, toStep, outcome, loss, metrics);
    }
    const record = decided.find((one) => one.generation === generation);
    if (record) add('decided', generation, record.decisions);
  }
  return hash.digest('hex');
}

/** JSON with sorted keys: equal values give equal text, in whatever order they were made. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
