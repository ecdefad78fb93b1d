import { createHash } from 'node:crypto';
import { canonical } from './canonical.js';
import { countsInOrder } from './settings.js';
import type { StudyState } from './state.js';

/**
 * SHA-256 (hex) over what was decided and measured, in decision order, without clocks and machine names: the proposals by
 * trial, then generation by generation every trial's segment (hyperparameters, steps, outcome, loss, metrics) and the
 * decisions (parents, new hyperparameters). Where results count one by one, it is in that order, and what did not count any more is left
 * out. Two runs of one sweep and seed on one kind of hardware have the same digest,
 * whatever the number of workers and however often they were interrupted.
 */
export function digest(state: StudyState): string {
  const hash = createHash('sha256');
  const add: Add = (...parts) => hash.update(`${canonical(parts)}\n`);
  add('seed', state.settings.seed);
  if (countsInOrder(state.settings.strategy)) addOrdered(state, add);
  else addGenerations(state, add);
  return hash.digest('hex');
}

type Add = (...parts: unknown[]) => void;

function addOrdered({ trials, log }: StudyState, add: Add): void {
  const addSegment = (number: number, generation: number) => {
    const { hyperparameters, fromStep, toStep, outcome, loss, metrics } = trials[number]!.segments[generation]!;
    add('segment', generation, number, hyperparameters, fromStep, toStep, outcome, loss, metrics);
  };
  for (const record of log) {
    if (record.kind === 'verdict') addSegment(record.trial, record.generation);
    if (record.kind === 'decided') for (const { trial } of record.decisions) addSegment(trial, record.generation);
    add(record);
  }
}

function addGenerations({ trials, decided }: StudyState, add: Add): void {
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
}
