/** What a record means, as lines for a person. */
import type { Value } from '../space/index.js';
import {
  type Action,
  countsInOrder,
  type DecidedRecord,
  type EarlierSettings,
  foldCount,
  type Interval,
  type StudyRecord,
  type StudyState,
  type StudySummary,
  trialCount,
  type VerdictRecord,
  valuesOf,
} from '../study/index.js';
import { describeStage } from './follow.js';
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
        record.outcome === 'diverged'
          ? [news(`${placeIn(state, record)} diverged: ${oneLine(record.message)}`, true)]
          : [];
      return [...fate, ...describeGeneration(state)];
    }
    case 'failed': {
      const times = formatCount(record.attempts, 'attempt');
      const text = `${placeIn(state, record)} failed after ${times}: ${record.code} ${oneLine(record.message)}`;
      return [news(text, true), ...describeGeneration(state)];
    }
    case 'resumed':
      return [news(`trial ${record.trial} goes on, to step ${record.toStep}`)];
    case 'verdict':
      return describeVerdicts(state, record);
    case 'decided':
      return [...describeCounted(state, record), ...describeDecisions(record)];
    case 'command':
      return [news(`from generation ${record.command.generation + 1} on: ${describeAction(record.command)}`)];
    case 'incident': {
      const text = `${placeIn(state, record)} runs again after attempt ${record.attempt}: ${record.code} ${oneLine(record.message)}`;
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
      return `decide ${describeInterval(action.interval)}`;
    case 'target':
      return `stop at ${action.target}`;
    default:
      return action satisfies never;
  }
}

const place = ({ generation, trial }: { readonly generation: number; readonly trial: number }) =>
  `generation ${generation + 1}: trial ${trial}`;

function describeInterval(interval: Interval): string {
  if (typeof interval === 'number') return `every ${formatCount(interval, 'step')}`;
  if ('epochs' in interval) return `every ${formatCount(interval.epochs, 'epoch')}`;
  const { patience, every } = interval.plateau;
  return `when ${formatCount(patience, 'segment')} brought nothing better, ${describeInterval(every)}`;
}

/** Generations are of no use to tell trials' segments by that are decided on one by one. */
function placeIn(
  { settings, trials }: StudyState,
  at: { readonly generation: number; readonly trial: number },
): string {
  return countsInOrder(settings.strategy) ? `trial ${at.trial} at step ${trials[at.trial]?.step ?? 0}` : place(at);
}

function describeVerdicts(state: StudyState, { trial, generation, verdicts }: VerdictRecord): News[] {
  return verdicts.map((verdict) => {
    const { metrics = {}, toStep = 0 } = state.trials[verdict.trial]!.segments[generation] ?? {};
    const isMeasured = verdict.trial === trial && metrics[state.settings.objective.metric] !== undefined;
    const result = isMeasured ? ` at step ${toStep}: ${describeValues(state, metrics)}` : '';
    return news(`trial ${verdict.trial}${result}${result ? ', ' : ' '}${describeVerdict(verdict)}`);
  });
}

/** `valAccuracy 0.978, valLoss 0.1`: the objectives. */
function describeValues({ settings }: StudyState, metrics: Readonly<Record<string, number>>): string {
  const values = Object.entries(valuesOf(settings, metrics));
  return values.map(([metric, value]) => `${metric} ${formatNumber(value)}`).join(', ');
}

function describeVerdict(verdict: VerdictRecord['verdicts'][number]): string {
  switch (verdict.kind) {
    case 'continue':
      return 'goes on';
    case 'pause':
      return 'is paused';
    case 'stop':
      return `is stopped: ${oneLine(verdict.reason)}`;
    case 'complete':
      return 'is complete';
    default:
      return verdict satisfies never;
  }
}

/** Of an asynchronous population: what the members that count now have reached. */
function describeCounted(state: StudyState, { decisions, generation }: DecidedRecord): News[] {
  if (!countsInOrder(state.settings.strategy)) return [];
  return decisions.flatMap(({ trial }) => {
    const segment = state.trials[trial]!.segments[generation];
    if (segment?.outcome !== 'done') return [];
    return [news(`trial ${trial} at step ${segment.toStep}: ${describeValues(state, segment.metrics)}`)];
  });
}

/** What is worked on, in one line. */
export function describeStudy({ settings }: StudyState): string {
  const { study, model, dataset, strategy, budget, seed } = settings;
  const source =
    typeof dataset === 'string'
      ? dataset
      : String(
          dataset.name ?? dataset.path ?? dataset.folder ?? dataset.images ?? dataset.text ?? dataset.series ?? 'data',
        );
  const trials = formatCount(trialCount(strategy), 'trial');
  const folds = foldCount(settings) === 1 ? '' : `, the mean over ${foldCount(settings)} folds`;
  return `study ${study}: ${trials} of ${shortPath(model)} on ${shortPath(source)}, ${'options' in strategy ? 'at most ' : ''}${formatCount(budget.steps, 'step')} each${folds}, ${strategy.kind}, seed ${seed}`;
}

/** What a study learns from: `from 24 trials of earlier`. */
export function describeEarlier({ study, trials }: EarlierSettings): string {
  return `from ${formatCount(trials.length, 'trial')} of ${oneLine(study)}`;
}

/** A path's last two parts; a name as it is. */
function shortPath(path: string): string {
  return oneLine(path.split(/[\\/]/).slice(-2).join('/'));
}

function describeProgress(state: StudyState): string {
  const at = `at ${describeStage(state)}`;
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
  if (countsInOrder(settings.strategy) || trials.some(({ status }) => status === 'ready')) return [];
  const last = trials.flatMap(({ segments, status }) => (status === 'reported' ? [segments.at(-1)!] : []));
  const done = last.filter(({ outcome }) => outcome === 'done');
  const lost = last.length - done.length;
  const values = done.map(({ metrics }) => metrics[settings.objective.metric]!).sort((a, b) => a - b);
  const range = values.length === 0 ? 'no value' : `${formatNumber(values[0]!)} to ${formatNumber(values.at(-1)!)}`;
  const without = lost === 0 ? '' : `, ${formatCount(lost, 'trial')} without`;
  const text = `${describeStage(state)}: ${settings.objective.metric} ${range}${without}, ${describeBest(state)}`;
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
  plateau: 'completed: nothing got better any more',
  regret: 'completed: little can get better any more',
  failed: 'failed: no trial is left to go on with',
  interrupted: 'interrupted',
};

/** How a study stands at the end of a process's work on it. */
export function describeSummary(summary: StudySummary, metric: string): [string, ...string[]] {
  const { study, status, best, front = [], trials, steps, wallSeconds, peakRssBytes, workers, digest } = summary;
  const ended = `study ${study} ${statuses[status]}`;
  const work = `${formatCount(steps, 'step')} of ${formatCount(trials, 'trial')}; ${formatDuration(wallSeconds)} with ${formatCount(workers, 'worker')}, at most ${formatBytes(peakRssBytes)} of memory`;
  const found =
    best === null
      ? []
      : [
          `best ${metric} ${formatNumber(best.value)}: trial ${best.trial}, ${formatHyperparameters(best.hyperparameters)}`,
        ];
  const several = front.length === 0 ? [] : [`Pareto front: ${front.map(({ trial }) => `trial ${trial}`).join(', ')}`];
  return [ended, ...found, ...several, work, `digest ${digest}`];
}
