/** From single results to medians, and to the best variant of each system. */
import { spread } from '../statistics.mjs';
import { lossTolerance } from './cases.mjs';

/** Throws where the losses of the first steps are not those of tfjs-tuner: that system does other work. */
export function checkLosses({ system, case: name, variant, losses }, wanted) {
  if (losses === undefined) return;
  const differences = wanted.map((loss, step) => Math.abs(loss - losses[step]));
  const step = differences.findIndex((difference) => !(difference <= lossTolerance));
  if (losses.length === wanted.length && step < 0) return;
  const found =
    losses.length === wanted.length
      ? `step ${step + 1}: ${losses[step]} and not ${wanted[step]}`
      : `${losses.length} of them`;
  throw new Error(
    `${name}, ${system} (${variant}): the losses of the first steps are not those of tfjs-tuner; ${found}`,
  );
}

/** Populations trained by a single process that goes from trial to trial: their speed is that of its steps. */
export function withSequentialPopulations(samples) {
  const sequential = samples
    .filter(({ case: name, unit, system }) => name === 'cnn' && unit === 'ms' && /^(Keras fit|PyTorch)/.test(system))
    .map(({ losses, ...sample }) => ({
      ...sample,
      system: `${sample.system}, one after another`,
      case: 'cnn-population',
      metric: 'speed of a population',
      unit: 'steps/s',
      value: 1000 / sample.value,
    }));
  return [...samples, ...sequential];
}

const moreIsBetter = new Set(['steps/s', 'steps', '']);
const better = (a, b) => (moreIsBetter.has(a.unit) ? a.median > b.median : a.median < b.median);

/**
 * One row a (case, system, variant, metric), with the median and the extremes of its runs; `best` marks the variant of each
 * system that is compared with the others.
 */
export function summarise(samples) {
  const groups = new Map();
  for (const sample of samples) {
    const group = groups.get(keyOf(sample)) ?? [];
    groups.set(keyOf(sample), [...group, sample]);
  }
  const rows = [...groups.values()].map((group) => {
    const { system, case: name, variant, metric, unit } = group[0];
    return {
      case: name,
      system,
      variant,
      metric,
      unit,
      ...spread(group.map(({ value }) => value)),
      runs: group.length,
    };
  });
  const isBest = (row) => !rows.some((other) => sameSystem(row, other) && better(other, row));
  return rows.map((row) => ({ ...row, best: isBest(row) }));
}

function keyOf({ case: name, system, variant, metric }) {
  return JSON.stringify([name, system, variant, metric]);
}
function sameSystem(a, b) {
  return a.case === b.case && a.system === b.system && a.metric === b.metric;
}
