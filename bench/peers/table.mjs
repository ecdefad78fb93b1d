/** Rows and comparisons as text: columns for a terminal, Markdown for bench/README.md. */
import { cases } from './cases.mjs';
import { timesBetter } from './targets.mjs';

const titles = {
  ...Object.fromEntries(Object.entries(cases).map(([name, { title }]) => [name, title])),
  'mlp-population': 'population of 8 MLPs',
  'cnn-population': 'population of 8 CNNs',
  sweep: 'sweep: 8 members, 20 generations of 125 steps',
};

export function shown(value) {
  if (Math.abs(value) >= 1000) return value.toFixed(0);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
const withUnit = (text, unit) => `${text} ${unit}`.trim();
const ratioText = (ratio) => `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}×`;

/** By case, then metric, with the tuner first. */
function ordered(rows) {
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const place = ({ case: name, metric, system }) => {
    const peer = system.startsWith('tfjs-tuner') ? 0 : 1;
    return [Object.keys(titles).indexOf(name), metrics.indexOf(metric), peer];
  };
  const compare = (a, b) =>
    place(a)
      .map((value, index) => value - place(b)[index])
      .find((difference) => difference !== 0);
  return rows.toSorted((a, b) => compare(a, b) ?? 0);
}

/** The best variant of each system, by case and metric; the last column: how many times better the tuner's best is. */
export function resultLines(rows) {
  const best = ordered(rows.filter((row) => row.best));
  const lines = best.map((row) => {
    const { case: name, metric, system, variant, unit, median, low, high, runs } = row;
    const ratio = timesBetter(best, row);
    return [
      titles[name],
      metric,
      system,
      variant,
      withUnit(shown(median), unit),
      `${shown(low)} – ${shown(high)}`,
      String(runs),
      ratio === undefined ? '' : ratioText(ratio),
    ];
  });
  return [['case', 'metric', 'system', 'variant', 'median', 'range', 'runs', 'tfjs-tuner is'], ...lines];
}

/** Each target with what was measured of it. */
export function targetLines(comparisons) {
  const lines = comparisons.map(({ case: name, metric, system, peer, ratio, least, met }) => {
    return [titles[name], metric, `${system} against ${peer}`, ratioText(ratio), `≥ ${least}×`, met ? 'met' : 'missed'];
  });
  return [['case', 'metric', 'comparison', 'measured', 'target', ''], ...lines];
}

export function columns(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdown([head, ...lines]) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}
