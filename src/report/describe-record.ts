/** What a record means, as lines for a person. */
import type { Value } from '../space/index.js';
import {
  type Action,
  type DecidedRecord,
  type StudyRecord,
  type StudyState,
  type StudySummary,
  trialCount,
} from '../study/index.js';
import { currentGeneration, generationCount } from './follow.js';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatHyperparameters,
  formatNumber,
  formatValue,
  oneLine,
} from './format.js';

/** One line of news. */
export interface News {
  readonly text: string;
  /** Whether something went wrong. */
  readonly isTrouble: boolean;
}

const news = (text: string, isTrouble = false): News => ({ text, isTrouble });

/** @param state the study after the record */
export function describeRecord(state: StudyState, record: StudyRecord): News[] {
  switch (record.kind) {
    case 'created':
      return [news(describeStudy(state))];
    case 'started': {
      const who = `${formatCount(record.workers, 'worker')} on ${oneLine(record.backend)}`;
      return [news(record.resumed ? `resumed with ${who}, ${describeProgress(state)}` : `started with ${who}`)];
    }
    case 'proposed':
      return [
        news(
          `trial ${record.trial} begins with ${formatHyperparameters(record.hyperparameters) || 'no hyperparameters'}`,
        ),
      ];
    case 'segment': {
      const fate =
        record.outcome === 'diverged' ? [news(`${place(record)} diverged: ${oneLine(record.message)}`, true)] : [];
      return [...fate, ...describeGeneration(state)];
    }
    case 'failed': {
      const times = formatCount(record.attempts, 'attempt');
      const text = `${place(record)} failed after ${times}: ${record.code} ${oneLine(record.message)}`;
      return [news(text, true), ...describeGeneration(state)];
    }
    case 'decided':
      return describeDecisions(record);
    case 'command':
      return [news(`from generation ${record.command.generation + 1} on: ${describeAction(record.command)}`)];
    case 'incident': {
      const text = `${place(record)} runs again after attempt ${record.attempt}: ${record.code} ${oneLine(record.message)}`;
      return [news(text, true)];
    }
    case 'ended':
      return [];
    case 'interrupted':
      return [news(`interrupted (${oneLine(record.by)})`)];
    default:
      return record satisfies never;
  }
}

function describeAction(action: Action): string {
  switch (action.kind) {
    case 'freeze':
    case 'unfreeze':
      return `${action.kind} ${action.names.join(', ')}`;
    case 'introduce':
      return `introduce ${action.name} in ${JSON.stringify(action.definition)}`;
    case 'interval':
      return `decide every ${typeof action.interval === 'number' ? formatCount(action.interval, 'step') : JSON.stringify(action.interval)}`;
    case 'target':
      return `stop at ${action.target}`;
    default:
      return action satisfies never;
  }
}

const place = ({ generation, trial }: { readonly generation: number; readonly trial: number }) =>
  `generation ${generation + 1}: trial ${trial}`;

/** What is worked on, in one line. */
export function describeStudy({ settings }: StudyState): string {
  const { study, model, dataset, strategy, budget, seed } = settings;
  const source =
    typeof dataset === 'string'
      ? dataset
      : String(dataset.path ?? dataset.images ?? dataset.text ?? dataset.series ?? 'data');
  const trials = formatCount(trialCount(strategy), 'trial');
  return `study ${study}: ${trials} of ${shortPath(model)} on ${shortPath(source)}, ${formatCount(budget.steps, 'step')} each, ${strategy.kind}, seed ${seed}`;
}

/** A path's last two parts; a name as it is. */
function shortPath(path: string): string {
  return oneLine(path.split(/[\\/]/).slice(-2).join('/'));
}

function describeProgress(state: StudyState): string {
  const generation = currentGeneration(state);
  const at = `at generation ${generation} of ${generationCount(state)}`;
  return state.best === null ? at : `${at}, ${describeBest(state)}`;
}

/** `best valAccuracy 0.978 (trial 3)`, or that there is none yet. */
function describeBest({ best, settings }: StudyState): string {
  const { metric } = settings.objective;
  return best === null ? `no ${metric} yet` : `best ${metric} ${formatNumber(best.value)} (trial ${best.trial})`;
}

/** Once the last trial reported. */
function describeGeneration(state: StudyState): News[] {
  const { trials, settings } = state;
  if (trials.some(({ status }) => status === 'ready')) return [];
  const last = trials.flatMap(({ segments, status }) => (status === 'reported' ? [segments.at(-1)!] : []));
  const generation = last[0]!.generation + 1;
  const done = last.filter(({ outcome }) => outcome === 'done');
  const lost = last.length - done.length;
  const values = done.map(({ metrics }) => metrics[settings.objective.metric]!).sort((a, b) => a - b);
  const range = values.length === 0 ? 'no value' : `${formatNumber(values[0]!)} to ${formatNumber(values.at(-1)!)}`;
  const without = lost === 0 ? '' : `, ${formatCount(lost, 'trial')} without`;
  const text = `generation ${generation} of ${generationCount(state)}: ${settings.objective.metric} ${range}${without}, ${describeBest(state)}`;
  return [news(text)];
}

function describeDecisions({ generation, decisions }: DecidedRecord): News[] {
  return decisions.flatMap((decision) => {
    if (decision.kind === 'continue') return [];
    const at = place({ generation, trial: decision.trial });
    if (decision.kind === 'fail') return [news(`${at} is out: ${oneLine(decision.reason)}`, true)];
    const changes = decision.changes
      .filter(({ from, to }) => from !== to)
      .map(({ name, from, to }) => `${oneLine(name)} ${formatChanged(from)} → ${formatChanged(to)}`);
    const changed = changes.length === 0 ? 'as it is' : changes.join(', ');
    return [news(`${at} copies trial ${decision.parent}: ${changed}`)];
  });
}

/** `null` for a hyperparameter that is not active. */
function formatChanged(value: Value | null): string {
  return value === null ? 'none' : formatValue(value);
}

const statuses: Readonly<Record<StudySummary['status'], string>> = {
  completed: 'completed: the budget is used up',
  target: 'completed: the target is reached',
  wall: 'completed: the time is up',
  failed: 'failed: no trial is left to go on with',
  interrupted: 'interrupted',
};

/** How a study stands at the end of a process's work on it. */
export function describeSummary(summary: StudySummary, metric: string): [string, ...string[]] {
  const { study, status, best, trials, steps, wallSeconds, peakRssBytes, workers, digest } = summary;
  const ended = `study ${study} ${statuses[status]}`;
  const work = `${formatCount(steps, 'step')} of ${formatCount(trials, 'trial')}; ${formatDuration(wallSeconds)} with ${formatCount(workers, 'worker')}, at most ${formatBytes(peakRssBytes)} of memory`;
  const found =
    best === null
      ? []
      : [
          `best ${metric} ${formatNumber(best.value)}: trial ${best.trial}, ${formatHyperparameters(best.hyperparameters)}`,
        ];
  return [ended, ...found, work, `digest ${digest}`];
}
