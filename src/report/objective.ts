/** A study of an objective function, for a person: as news while it runs, and as a whole. */
import type { JournalEntry, StudyStatus } from '../store/index.js';
import {
  type Goals,
  hasSeveralObjectives,
  isFeasibleEntry,
  type ObjectiveState,
  type ObjectiveStudyRecord,
  objectiveDigest,
  objectivesOf,
} from '../study/index.js';
import type { Colors } from './colors.js';
import { describeEarlier, type News } from './describe-record.js';
import {
  formatCount,
  formatDuration,
  formatHyperparameters,
  formatNumber,
  formatTime,
  formatValue,
  oneLine,
} from './format.js';
import { renderFront } from './front.js';
import { furtherMetrics, metricCells, metricColumns, parameterColumns, searchedParameters } from './members.js';
import { type Column, renderTable } from './table.js';
import { workedSeconds } from './worked-seconds.js';

/** A study that was read. */
export interface ShownObjective {
  /** At least one. */
  readonly entries: readonly JournalEntry<ObjectiveStudyRecord>[];
  /** The entries' records, folded. */
  readonly state: ObjectiveState;
  readonly status: StudyStatus;
}

const news = (text: string, isTrouble = false): News => ({ text, isTrouble });

/** Follows a study record by record, and says what each means. */
export class ObjectiveNews {
  #goals: Goals = { objective: { metric: 'value', direction: 'minimize' } };

  get metric(): string {
    return this.#goals.objective.metric;
  }

  describe(record: ObjectiveStudyRecord): News[] {
    switch (record.kind) {
      case 'objective': {
        const { settings } = record;
        this.#goals = settings;
        return [news(describeObjective(settings))];
      }
      case 'started':
        return [news(`${record.resumed ? 'resumed' : 'started'} with ${formatCount(record.workers, 'worker')}`)];
      case 'interrupted':
        return [news(`interrupted (${oneLine(record.by)})`)];
      case 'checkpoint':
        return [];
      case 'asktell':
        return this.#describeAskTell(record.record);
      default:
        return record satisfies never;
    }
  }

  #describeAskTell(record: (ObjectiveStudyRecord & { kind: 'asktell' })['record']): News[] {
    if (record.kind === 'asked') {
      return [
        news(
          `trial ${record.trial} begins with ${formatHyperparameters(record.hyperparameters) || 'no hyperparameters'}`,
        ),
      ];
    }
    if (record.kind === 'resumed') return [news(`trial ${record.trial} goes on`)];
    if (record.kind === 'reported' && record.verdict === 'pause') {
      return [news(`trial ${record.trial} is paused at step ${record.step}`)];
    }
    if (record.kind !== 'told') return [];
    const at = `trial ${record.trial}`;
    if (record.status === 'failed')
      return [news(`${at} failed: ${oneLine(record.message ?? 'without a message')}`, true)];
    if (record.status === 'pruned') return [news(`${at} was ended early`)];
    const values = objectivesOf(this.#goals).map(({ metric }, index) => {
      return `${metric} ${formatNumber(Number(record.values[index]))}`;
    });
    return [news(`${at}: ${values.join(', ')}`)];
  }
}

function describeObjective(settings: ObjectiveState['settings']): string {
  const { study, model, strategy, sampler, trials, seed } = settings;
  const goals = objectivesOf(settings).map(({ direction, metric }) => `${direction} ${oneLine(metric)}`);
  const name = oneLine(model.split(/[\\/]/).slice(-2).join('/'));
  return `study ${study}: ${goals.join(', ')} of ${name}, ${formatCount(trials, 'trial')} by ${sampler.kind}, ${strategy.kind}, seed ${seed}`;
}

/** @param width characters a line may have; `Infinity` to leave nothing out */
export function renderObjective({ entries, state, status }: ShownObjective, width: number, colors: Colors): string {
  const { settings, best, front, trials, created } = state;
  const { metric } = settings.objective;
  const count = (wanted: string) => trials.filter((trial) => trial.status === wanted).length;
  const fates = ['complete', 'pruned', 'paused', 'failed', 'running'].flatMap((fate) =>
    count(fate) === 0 ? [] : [`${count(fate)} ${fate}`],
  );
  const rows: [string, string][] = [
    ['status', status],
    ['began', formatTime(entries[0]!.at)],
    ['worked', `${formatDuration(workedSeconds(entries))} in ${formatCount(state.runs, 'run')}`],
    ['trials', `${trials.length} of ${settings.trials}: ${fates.join(', ') || 'none yet'}`],
    [
      'best',
      best === null
        ? `no ${metric} ${count('complete') > 0 ? 'within the bounds of outcomes' : 'yet'}`
        : colors.green(`${metric} ${formatNumber(best.value)}, trial ${best.trial}`),
    ],
    ...(best === null ? [] : ([['', formatHyperparameters(best.hyperparameters)]] as [string, string][])),
    ...(settings.earlier === undefined ? [] : ([['learns', describeEarlier(settings.earlier)]] as [string, string][])),
    ['digest', objectiveDigest(state)],
    [
      'versions',
      Object.entries(created.versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
  ];
  return [
    colors.bold(describeObjective(settings)),
    ...rows.map(([name, value]) => `${name.padEnd(9)} ${value}`),
    ...(front.length > 0
      ? ['', colors.bold('Pareto front'), ...renderFront(front, settings, searchedParameters(settings), width)]
      : []),
    ...(trials.length > 0 ? ['', colors.bold('Ranking'), ...renderRanking(state, width)] : []),
  ].join('\n');
}

function renderRanking(state: ObjectiveState, width: number): string[] {
  const names = searchedParameters(state.settings);
  const further = furtherMetrics(state.settings);
  const columns: Column[] = [
    { title: 'rank', align: 'right', rank: 2 },
    { title: 'trial', align: 'right', rank: 0 },
    { title: state.settings.objective.metric, align: 'right', rank: 1 },
    ...metricColumns(further, 1),
    { title: 'status', rank: 3 },
    { title: 'step', align: 'right', rank: 4 },
    ...parameterColumns(names, 5),
  ];
  const rows = ranked(state).map((one, index) => {
    const { trial, status, reports, hyperparameters } = one;
    const value = lastValue(one);
    return [
      String(index + 1),
      String(trial),
      value === undefined ? '' : formatNumber(value),
      ...metricCells(further, state.metrics.get(trial)),
      status,
      String(reports.at(-1)?.step ?? 0),
      ...names.map((name) => formatValue(hyperparameters[name])),
    ];
  });
  return renderTable(columns, rows, width);
}

/** Its result; of a paused trial, what it reported last. */
function lastValue({ values, status, reports }: ObjectiveState['trials'][number]): number | undefined {
  return status === 'paused' ? reports.at(-1)?.value : values[0];
}

/** Complete trials first, of them the feasible ones, the best first; then those that were ended early, by their last report. */
function ranked({ trials, settings }: ObjectiveState): ObjectiveState['trials'] {
  const sign = settings.objective.direction === 'maximize' ? -1 : 1;
  const order = ['complete', 'pruned', 'paused', 'running', 'failed'];
  const loss = (trial: ObjectiveState['trials'][number]) => sign * (lastValue(trial) ?? 0);
  return [...trials].sort((a, b) => {
    if (a.status !== b.status) return order.indexOf(a.status) - order.indexOf(b.status);
    if (isFeasibleEntry(a) !== isFeasibleEntry(b)) return isFeasibleEntry(a) ? -1 : 1;
    return loss(a) === loss(b) ? a.trial - b.trial : loss(a) < loss(b) ? -1 : 1;
  });
}

/** The same as an object, for `show --json`. */
export function objectiveAsJson({ entries, state, status }: ShownObjective): object {
  const { settings, created, best, front, trials, steps, runs } = state;
  return {
    type: 'study',
    study: settings.study,
    status,
    createdAt: entries[0]!.at,
    updatedAt: entries.at(-1)!.at,
    settings,
    versions: created.versions,
    best,
    ...(hasSeveralObjectives(settings) ? { front } : {}),
    ranking: ranked(state).map(({ trial }) => trial),
    trials,
    runs,
    steps,
    workedSeconds: workedSeconds(entries),
    digest: objectiveDigest(state),
  };
}
