// node bench/quality/pbt-toy.mjs [--seeds N] [--json] [--to FILE]: the toy figure of the PBT paper (see `toy.mjs`), drawn as
// docs/images/pbt-toy.svg: above, the best Q of two members over steps, median and middle half of the seeds; below, where the
// members' parameters went, for seed 0. Needs `npm run build`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as random from '../../dist/src/random/index.js';
import { explore } from '../../dist/src/schedulers/explore.js';
import { parsePbtOptions, pbt } from '../../dist/src/schedulers/index.js';
import { parseSpace } from '../../dist/src/space/index.js';
import { bestQuality, toyRuns } from './toy.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    json: { type: 'boolean' },
    to: { type: 'string', default: fileURLToPath(new URL('../../docs/images/pbt-toy.svg', import.meta.url)) },
  },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);
const runs = Object.entries(toyRuns({ pbt, parsePbtOptions, explore, parseSpace, ...random })).map(([name, run]) => {
  const paths = seeds.map(run);
  return { name, path: paths[0], curves: paths.map(bestQuality) };
});

/** The value below which a share of the sorted list lies. */
function quantile(list, share) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

const panel = { width: 200, height: 150, gap: 36, left: 46, top: 34, between: 62 };
const colors = ['#1f77b4', '#d62728'];
const text = (x, y, content, extra = '') => `<text x="${x}" y="${y}" ${extra}>${content}</text>`;
const points = (list) => list.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

/** A frame with ticks, and how to place a point in it. */
function frame({ x, y, xTicks, yTicks, labelled }) {
  const [xLow, xHigh, yLow, yHigh] = [xTicks[0], xTicks.at(-1), yTicks[0], yTicks.at(-1)];
  const place = ([a, b]) => [
    x + ((a - xLow) / (xHigh - xLow)) * panel.width,
    y + panel.height - ((b - yLow) / (yHigh - yLow)) * panel.height,
  ];
  const lines = yTicks.map((tick) => {
    const at = place([xLow, tick])[1].toFixed(1);
    const label = labelled ? text(x - 6, Number(at) + 4, tick, 'text-anchor="end"') : '';
    return `<line x1="${x}" x2="${x + panel.width}" y1="${at}" y2="${at}" stroke="#ddd"/>${label}`;
  });
  const labels = xTicks.map((tick) =>
    text(place([tick, yLow])[0].toFixed(1), y + panel.height + 15, tick, 'text-anchor="middle"'),
  );
  return { place, marks: [...lines, ...labels].join('') };
}

function drawRun({ name, path, curves }, index) {
  const x = panel.left + index * (panel.width + panel.gap);
  const above = frame({
    x,
    y: panel.top,
    xTicks: [0, 50, 100, 150, 200],
    yTicks: [-0.6, 0, 0.6, 1.2],
    labelled: index === 0,
  });
  const bottom = panel.top + panel.height + panel.between;
  const below = frame({
    x,
    y: bottom,
    xTicks: [0, 0.25, 0.5, 0.75, 1],
    yTicks: [0, 0.25, 0.5, 0.75, 1],
    labelled: index === 0,
  });
  const steps = curves[0].map((_, step) => curves.map((curve) => curve[step]));
  const at = (share) => steps.map((list, step) => above.place([step, quantile(list, share)]));
  const area = [...at(0.25), ...at(0.75).reverse()];
  // points as lines without length, which take a tenth of the room that circles do
  const dots = path.map((thetas, member) => {
    const line = thetas.map((theta) => `M${below.place(theta).map((at) => at.toFixed(1))}h0`).join('');
    return `<path d="${line}" stroke="${colors[member]}" stroke-opacity="0.7" stroke-width="3.2" stroke-linecap="round"/>`;
  });
  return [
    text(x + panel.width / 2, panel.top - 12, name, 'text-anchor="middle" font-weight="bold"'),
    above.marks,
    `<polygon points="${points(area)}" fill="#1f77b4" fill-opacity="0.2"/>`,
    `<polyline points="${points(at(0.5))}" fill="none" stroke="#1f77b4" stroke-width="2"/>`,
    text(x + panel.width / 2, panel.top + panel.height + 32, 'steps', 'text-anchor="middle"'),
    below.marks,
    ...dots,
    text(x + panel.width / 2, bottom + panel.height + 32, 'θ0', 'text-anchor="middle"'),
  ].join('\n');
}

const width = panel.left + runs.length * (panel.width + panel.gap);
const height = panel.top + 2 * panel.height + panel.between + 44;
const middle = (row) => panel.top + row * (panel.height + panel.between) + panel.height / 2;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#333">
<rect width="${width}" height="${height}" fill="white"/>
${text(12, middle(0), 'best Q', `transform="rotate(-90 12 ${middle(0)})" text-anchor="middle"`)}
${text(12, middle(1), 'θ1', `transform="rotate(-90 12 ${middle(1)})" text-anchor="middle"`)}
${runs.map(drawRun).join('\n')}
</svg>
`;
mkdirSync(dirname(values.to), { recursive: true });
writeFileSync(values.to, svg);

for (const { name, curves } of runs) {
  const last = curves.map((curve) => curve.at(-1));
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(last, share));
  if (values.json) console.log(JSON.stringify({ run: name, seeds: seeds.length, median, low, high }));
  else
    console.log(
      `${name.padEnd(13)} Q after ${curves[0].length - 1} steps: ${median.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
    );
}
