/** What a terminal shows of a study at work: a headline, and a row for each trial. */
import {
  countsInOrder,
  isPopulation,
  type StudySettings,
  type StudyState,
  type TrialProgress,
  type TrialState,
  trialCount,
} from '../study/index.js';
import type { Colors } from './colors.js';
import { describeStage, describeStatus, ranked } from './follow.js';
import { formatDuration, formatNumber, formatValue } from './format.js';
import { furtherMetrics, metricCells, metricColumns, parameterColumns, searchedParameters } from './members.js';
import { type Column, renderTable } from './table.js';

/** A study at one moment. */
export interface LiveModel {
  readonly state: StudyState;
  /** By trial number; empty before the first. */
  readonly progress: readonly TrialProgress[];
  /** Of all trials together; 0 while it is not known. */
  readonly stepsPerSecond: number;
  /** Since this process took the study up. */
  readonly elapsedSeconds: number;
}

/** Characters and lines of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The lines to draw: no more than fit, with one line left for the cursor. In a narrow terminal columns are left out, in a
 * low one rows, the worst trials first.
 */
export function renderFrame(model: LiveModel, size: Size, colors: Colors): string {
  const headline = renderHeadline(model, size.columns, colors);
  const room = size.rows - 3;
  const { trials } = model.state;
  if (room < 1 || trials.length === 0) return headline;
  const shown = trials.length <= room ? trials : mostWanted(model.state).slice(0, Math.max(1, room - 1));
  const [titles, ...rows] = renderTrials(model, shown, size.columns, colors);
  const lines = [headline, colors.dim(titles!), ...rows];
  if (shown.length < trials.length)
    lines.push(colors.dim(`… ${trials.length - shown.length} more`.slice(0, size.columns)));
  return lines.slice(0, Math.max(1, size.rows - 1)).join('\n');
}

/** The best ones first; where trials are decided on one by one, those under way before all others. */
function mostWanted(state: StudyState): readonly TrialState[] {
  if (!countsInOrder(state.settings.strategy)) return ranked(state);
  const isUnderWay = ({ status }: TrialState) => status === 'ready' || status === 'reported';
  return [...state.trials.filter(isUnderWay), ...ranked(state).filter((trial) => !isUnderWay(trial))];
}

function renderHeadline(model: LiveModel, columns: number, colors: Colors): string {
  const { state, stepsPerSecond } = model;
  const { best, settings } = state;
  const left = formatDuration(Math.ceil(secondsLeft(model)));
  // in the order in which they matter
  const parts = [
    { text: settings.study.slice(0, columns), at: 0, paint: colors.bold },
    { text: best === null ? '' : `best ${formatNumber(best.value)} (trial ${best.trial})`, at: 2, paint: colors.green },
    { text: left === '' ? '' : `${left} left`, at: 4, paint: colors.cyan },
    { text: describeStage(state).replace(' of ', '/'), at: 1, paint: String },
    { text: stepsPerSecond > 0 ? `${Math.round(stepsPerSecond)} steps/s` : '', at: 3, paint: String },
  ];
  let room = columns + 2;
  const fitting = parts.filter(({ text }) => {
    const fits = text !== '' && text.length + 2 <= room;
    if (fits) room -= text.length + 2;
    return fits;
  });
  fitting.sort((a, b) => a.at - b.at);
  return fitting.map(({ text, paint }) => paint(text)).join('  ');
}

/** At the present speed; NaN while there is none, or where it cannot be known how much is still to be trained. */
function secondsLeft(model: LiveModel): number {
  const { state, stepsPerSecond, elapsedSeconds } = model;
  const { wallSeconds } = state.settings.budget;
  const toBudget = stepsPerSecond > 0 && state.trials.length > 0 ? stepsLeft(model) / stepsPerSecond : Number.NaN;
  const toWall = wallSeconds === undefined ? Number.NaN : Math.max(0, wallSeconds - elapsedSeconds);
  return Number.isNaN(toBudget) ? toWall : Math.min(toBudget, toWall || toBudget);
}

function stepsLeft({ state: { settings, trials }, progress }: LiveModel): number {
  const { strategy, budget } = settings;
  if (!isForeseeable(strategy)) return Number.NaN;
  let missing = (trialCount(strategy) - trials.length) * budget.steps;
  for (const trial of trials) {
    if (trial.status !== 'out') missing += Math.max(0, budget.steps - stepOf(trial, progress));
  }
  return missing;
}

/** Whether every trial is going to train all its steps. */
function isForeseeable({ kind }: StudySettings['strategy']): boolean {
  return kind === 'pbt' || kind === 'pb2' || kind === 'random' || kind === 'replay';
}

function stepOf({ trial, step }: TrialState, progress: readonly TrialProgress[]): number {
  return progress[trial]?.step ?? step;
}

function renderTrials(
  { state, progress }: LiveModel,
  trials: readonly TrialState[],
  width: number,
  colors: Colors,
): string[] {
  const { settings, best } = state;
  const names = searchedParameters(settings);
  const further = furtherMetrics(settings);
  const columns: Column[] = [
    { title: 'trial', align: 'right', rank: 0 },
    { title: settings.objective.metric, align: 'right', rank: 1 },
    ...metricColumns(further, 3),
    { title: 'step', align: 'right', rank: 2 },
    { title: '', rank: 4 },
    isPopulation(settings.strategy) ? { title: 'from', rank: 3 } : { title: 'status', rank: 3 },
    ...parameterColumns(names, 5),
    { title: 'loss', align: 'right', rank: 5 + names.length },
  ];
  const rows = trials.map((trial) => {
    const step = stepOf(trial, progress);
    const isRunning = progress[trial.trial]?.running ?? false;
    const bar = renderBar(step / settings.budget.steps);
    const isBest = trial.trial === best?.trial;
    return [
      isBest ? colors.green(String(trial.trial)) : String(trial.trial),
      renderOutcome(trial, settings.objective.metric, isBest, colors),
      ...metricCells(further, trial.segments.at(-1)?.metrics),
      String(step),
      isRunning ? colors.cyan(bar) : colors.dim(bar),
      isPopulation(settings.strategy) ? renderParent(trial, colors) : describeStatus(trial),
      ...names.map((name) => formatValue(trial.hyperparameters[name])),
      renderLoss(trial),
    ];
  });
  return renderTable(columns, rows, width);
}

const barLength = 12;

/** @param share 0 to 1; what lies beyond counts as the end */
function renderBar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * barLength);
  return '━'.repeat(full) + '─'.repeat(barLength - full);
}

/** The last value, or why there is none. */
function renderOutcome({ segments, status }: TrialState, metric: string, isBest: boolean, colors: Colors): string {
  const last = segments.at(-1);
  if (status === 'out') return colors.red('out');
  if (last === undefined) return '';
  if (last.outcome !== 'done') return colors.red(last.outcome);
  const value = formatNumber(last.metrics[metric]!);
  return isBest ? colors.green(value) : value;
}

/** Whom it was copied from last: bright while it trains its first segment as a copy. */
function renderParent({ copies, generation }: TrialState, colors: Colors): string {
  const last = copies.at(-1);
  if (last === undefined) return '';
  const text = `← ${last.parent}`;
  return last.generation === generation - 1 ? colors.yellow(text) : colors.dim(text);
}

function renderLoss({ segments }: TrialState): string {
  const loss = segments.at(-1)?.loss ?? null;
  return loss === null ? '' : formatNumber(loss);
}
