// Forecasts a chaotic series with a GRU, beside two forecasts that need no training: "node examples/mackey-glass.mjs".
//
// The series (Mackey & Glass 1977, "Oscillation and chaos in physiological control systems"): dx/dt = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 x,
// from x = 1.2 on, by Runge-Kutta's fourth-order method in steps of 0.1 (the delayed value is held within a step), every tenth kept.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { float, tune } from 'tfjs-tuner';

const [times, window, horizon, validation] = [3000, 32, 16, 600];

function mackeyGlass(count) {
  const [step, delay, skipped] = [0.1, 17, 500];
  const lag = Math.round(delay / step);
  const values = new Array(lag + 1).fill(1.2);
  for (let at = 0; at < (count + skipped) * 10; at++) {
    const late = values.at(-1 - lag);
    const slope = (x) => (0.2 * late) / (1 + late ** 10) - 0.1 * x;
    const x = values.at(-1);
    const k1 = slope(x);
    const k2 = slope(x + (step * k1) / 2);
    const k3 = slope(x + (step * k2) / 2);
    const k4 = slope(x + step * k3);
    values.push(x + (step * (k1 + 2 * k2 + 2 * k3 + k4)) / 6);
  }
  return values.filter((_, at) => (at - lag) % 10 === 0).slice(-count);
}

const series = mackeyGlass(times);
const first = window - 1 + horizon;
const samples = Array.from({ length: times - first }, (_, row) => ({
  x: [...series.slice(row, row + window), 1],
  y: series[row + first],
}));
const train = samples.slice(0, -validation);
const rootMeanSquare = (forecast) =>
  Math.sqrt(samples.slice(-validation).reduce((sum, { x, y }) => sum + (forecast(x) - y) ** 2, 0) / validation);

/** The weights of least squares, with a ridge of 1e-8: Gauss's elimination of the normal equations. */
function leastSquares(rows) {
  const size = window + 1;
  const sum = (f) => rows.reduce((total, row) => total + f(row), 0);
  const a = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => sum(({ x }) => x[i] * x[j]) + (i === j ? 1e-8 : 0)),
    sum(({ x, y }) => x[i] * y),
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    const best = a
      .slice(pivot)
      .reduce((most, row, i) => (Math.abs(row[pivot]) > Math.abs(a[most][pivot]) ? pivot + i : most), pivot);
    [a[pivot], a[best]] = [a[best], a[pivot]];
    for (let i = 0; i < size; i++) {
      if (i === pivot) continue;
      const factor = a[i][pivot] / a[pivot][pivot];
      for (let j = pivot; j <= size; j++) a[i][j] -= factor * a[pivot][j];
    }
  }
  return a.map((row, i) => row[size] / row[i]);
}

const weights = leastSquares(train);
console.log(`persistence: RMSE ${rootMeanSquare((x) => x[window - 1]).toFixed(4)}`);
console.log(
  `least squares: RMSE ${rootMeanSquare((x) => x.reduce((sum, value, i) => sum + value * weights[i], 0)).toFixed(4)}`,
);

const folder = mkdtempSync(join(tmpdir(), 'mackey-glass-'));
writeFileSync(join(folder, 'mackey-glass.csv'), `value\n${series.join('\n')}\n`);
const { best, wallSeconds } = await tune(
  {
    study: 'mackey-glass',
    model: 'gru',
    dataset: { series: join(folder, 'mackey-glass.csv'), target: 'value', window, horizon, validation },
    objective: { metric: 'valRmse', direction: 'minimize' },
    space: {
      learningRate: float(1e-3, 1e-2, { scale: 'log' }),
      units: 64,
      layers: 1,
      regularisation: 'none',
      decaySteps: 2000,
    },
    strategy: { pbt: { population: 2, interval: 250 } },
    budget: { steps: 2000 },
    seed: 0,
  },
  { directory: join(folder, 'studies') },
);
console.log(`gru: RMSE ${best.value.toFixed(4)}, after ${wallSeconds.toFixed(0)} s`);
