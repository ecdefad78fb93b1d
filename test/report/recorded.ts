import type { Output } from '../../src/report/index.js';
import {
  foldRecords,
  type StudyRecord,
  type StudyState,
  type StudySummary,
  type TunerEvent,
} from '../../src/study/index.js';
import { entriesOf } from './simulated-study.js';

/** What was written, whole. */
export class Recorder implements Output {
  text = '';
  readonly writes: string[] = [];
  write(text: string): void {
    this.text += text;
    this.writes.push(text);
  }
  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

export function eventsOf(records: readonly StudyRecord[], replayed = false): TunerEvent[] {
  return entriesOf(records).map(({ at, record }) => ({ type: 'record', at, replayed, record }));
}

export function stateOf(records: readonly StudyRecord[]): StudyState {
  return foldRecords(records);
}

export const summary: StudySummary = {
  study: 'mnist-pbt',
  status: 'completed',
  best: { trial: 0, value: 0.978, hyperparameters: { learningRate: 0.036, hidden: 64 } },
  trials: 6,
  steps: 6000,
  wallSeconds: 79.2,
  peakRssBytes: 575_000_000,
  workers: 2,
  backend: 'cpu',
  digest: '8ebf2ddb648cb25335493ef46f3a7750a6d99731973aeb2e9861150a338f43bf',
};
