/** Everything about one study, running or ended: for a person as text, for a program as JSON. */
import type { JournalEntry, StudyStatus } from '../store/index.js';
import {
  type BestSegment,
  countsInOrder,
  digest,
  hasSeveralObjectives,
  type StudyState,
  stepsTrained,
} from '../study/index.js';
import type { Colors } from './colors.js';
import { describeEarlier, describeStudy } from './describe-record.js';
import { renderFamilyTree } from './family-tree.js';
import { describeStage, describeStatus, ranked } from './follow.js';
import { formatCount, formatDuration, formatHyperparameters, formatNumber, formatTime, formatValue } from './format.js';
import { renderFront } from './front.js';
import { familyTrees, type Life } from './lives.js';
import { furtherMetrics, metricCells, metricColumns, parameterColumns, searchedParameters } from './members.js';
import { type Column, renderTable } from './table.js';
import { workedSeconds } from './worked-seconds.js';

/** A study that was read. */
export interface ShownStudy {
  /** At least one. */
  readonly entries: readonly JournalEntry[];
  /** The entries' records, folded. */
  readonly state: StudyState;
  readonly status: StudyStatus;
}

/** @param width characters a line may have; `Infinity` to leave nothing out */
export function renderStudy(study: ShownStudy, width: number, colors: Colors): string {
  const { state } = study;
  const title = (text: string) => ['', colors.bold(text)];
  const copied = state.trials.some(({ copies }) => copies.length > 0);
  const names = searchedParameters(state.settings);
  return [
    ...renderOverview(study, colors),
    ...(state.front.length > 0
      ? [...title('Pareto front'), ...renderFront(state.front, state.settings, names, width)]
      : []),
    ...(state.trials.length > 0 ? [...title('Ranking'), ...renderRanking(state, width)] : []),
    ...(copied ? [...title('Schedules'), ...renderSchedules(state, width)] : []),
    ...(copied ? [...title('Family tree'), ...renderFamilyTree(state, colors)] : []),
  ].join('\n');
}

function renderOverview({ entries, state, status }: ShownStudy, colors: Colors): string[] {
  const { best, settings, created, incidents, runs } = state;
  const { metric } = settings.objective;
  const trouble = incidents.length === 0 ? '' : `, ${formatCount(incidents.length, 'incident')}`;
  const rows: [string, string][] = [
    ['status', `${status}, ${describeStage(state)}`],
    ['began', formatTime(entries[0]!.at)],
    ['worked', `${formatDuration(workedSeconds(entries))} in ${formatCount(runs.length, 'run')}${trouble}`],
    ['trained', `${formatCount(stepsTrained(state), 'step')} of ${formatCount(state.trials.length, 'trial')}`],
    [
      'best',
      best === null
        ? `no ${metric} ${state.history.length > 0 ? 'within the bounds of outcomes' : 'yet'}`
        : colors.green(`${metric} ${formatNumber(best.value)}, trial ${best.trial} ${bestPlace(state, best)}`),
    ],
    ...(best === null ? [] : ([['', formatHyperparameters(best.hyperparameters)]] as [string, string][])),
    ...(settings.earlier === undefined ? [] : ([['learns', describeEarlier(settings.earlier)]] as [string, string][])),
    ...(created.execution
      ? ([['runs', `${created.execution.mode}: ${created.execution.reason}`]] as [string, string][])
      : []),
    ['digest', digest(state)],
    [
      'versions',
      Object.entries(created.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ];
  return [colors.bold(describeStudy(state)), ...rows.map(([name, value]) => `${name.padEnd(9)} ${value}`)];
}

function bestPlace({ settings, trials }: StudyState, { trial, generation }: BestSegment): string {
  if (!countsInOrder(settings.strategy)) return `in generation ${generation + 1}`;
  return `at step ${trials[trial]!.segments[generation]!.toStep}`;
}

function renderRanking(state: StudyState, width: number): string[] {
  const { settings } = state;
  const isOrdered = countsInOrder(settings.strategy);
  const names = searchedParameters(settings);
  const { metric } = settings.objective;
  const further = furtherMetrics(settings);
  const columns: Column[] = [
    { title: 'rank', align: 'right', rank: 2 },
    { title: 'trial', align: 'right', rank: 0 },
    { title: metric, align: 'right', rank: 1 },
    ...metricColumns(further, 1),
    { title: 'loss', align: 'right', rank: 4 },
    { title: 'step', align: 'right', rank: 3 },
    ...(isOrdered ? [{ title: 'status', rank: 4 } as const] : []),
    ...parameterColumns(names, 5),
  ];
  const rows = ranked(state).map((one, index) => {
    const { trial, segments, step, status } = one;
    const last = segments.at(-1);
    const value =
      status === 'out' ? 'out' : last?.outcome === 'done' ? formatNumber(last.metrics[metric]!) : (last?.outcome ?? '');
    const loss = last?.loss ?? null;
    const { hyperparameters } = last ?? state.trials[trial]!;
    const values = names.map((name) => formatValue(hyperparameters[name]));
    const stands = isOrdered ? [describeStatus(one)] : [];
    const place = [String(index + 1), String(trial)];
    return [
      ...place,
      value,
      ...metricCells(further, last?.metrics),
      loss === null ? '' : formatNumber(loss),
      String(step),
      ...stands,
      ...values,
    ];
  });
  return renderTable(columns, rows, width);
}

/** One row for each stretch of generations that a trial trained with the same hyperparameters. */
function renderSchedules(state: StudyState, width: number): string[] {
  const names = searchedParameters(state.settings);
  const { metric } = state.settings.objective;
  const columns: Column[] = [
    { title: 'trial', align: 'right', rank: 0 },
    { title: 'generations', rank: 1 },
    { title: 'from', rank: 2 },
    ...parameterColumns(names, 4),
    { title: metric, align: 'right', rank: 3 },
  ];
  const rows = allLives(state).map((life, index, all) => {
    const isFirst = all[index - 1]?.trial !== life.trial;
    const last = life.segments.at(-1);
    const value =
      last === undefined ? '' : last.outcome === 'done' ? formatNumber(last.metrics[metric]!) : last.outcome;
    return [
      isFirst ? String(life.trial) : '',
      life.to < life.from
        ? `${life.from + 1}–`
        : life.from === life.to
          ? `${life.from + 1}`
          : `${life.from + 1}–${life.to + 1}`,
      life.parent === undefined ? '' : `← ${life.parent.trial}`,
      ...names.map((name) => formatValue(life.hyperparameters[name])),
      value,
    ];
  });
  return renderTable(columns, rows, width);
}

/** By trial, then by generation. */
function allLives(state: StudyState): Life[] {
  const collect = (life: Life): Life[] => [life, ...life.children.flatMap(collect)];
  return familyTrees(state)
    .flatMap(collect)
    .sort((a, b) => a.trial - b.trial || a.from - b.from);
}

/** The same as an object, for `show --json`. */
export function studyAsJson({ entries, state, status }: ShownStudy): object {
  const { settings, created, trials, best, front, incidents, runs } = state;
  return {
    type: 'study',
    study: settings.study,
    status,
    createdAt: entries[0]!.at,
    updatedAt: entries.at(-1)!.at,
    settings,
    datasetDigest: created.datasetDigest,
    versions: created.versions,
    best,
    ...(hasSeveralObjectives(settings) ? { front } : {}),
    ranking: ranked(state).map(({ trial }) => trial),
    trials: trials.map(({ trial, status: stands, step, hyperparameters, segments, copies, resumedCount, reason }) => {
      const ordered = countsInOrder(settings.strategy) ? { resumedCount, reason } : {};
      return { trial, status: stands, step, hyperparameters, segments, copies, ...ordered };
    }),
    runs: runs.length,
    incidents,
    steps: stepsTrained(state),
    workedSeconds: workedSeconds(entries),
    digest: digest(state),
  };
}
