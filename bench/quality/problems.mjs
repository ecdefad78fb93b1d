/**
 * Functions to minimise. Their spaces are handed to the peers as they are; the functions exist twice, here and in `problems.py`, and
 * the runner compares the two at random points before it measures anything.
 */

const box = (count, low, high) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, { float: [low, high] }]));
const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Dixon and Szegö 1978; least value 0.397887. */
function branin([x, y]) {
  return (
    (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2 +
    10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
    10
  );
}

const hartmannA = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const hartmannP = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];
const hartmannC = [1, 1.2, 3, 3.2];

/** Hartman 1973; least value -3.32237. */
function hartmann6(x) {
  const exponent = (row) => sum(x.map((value, at) => hartmannA[row][at] * (value - hartmannP[row][at]) ** 2));
  return -sum(hartmannC.map((weight, row) => weight * Math.exp(-exponent(row))));
}

/** Ackley 1987; least value 0. */
function ackley(x) {
  const mean = (of) => sum(x.map(of)) / x.length;
  const waves = Math.exp(mean((value) => Math.cos(2 * Math.PI * value)));
  return -20 * Math.exp(-0.2 * Math.sqrt(mean((value) => value * value))) - waves + 20 + Math.E;
}

/**
 * Ackley's least point lies in the middle of the usual box, which favours whatever begins there: here it is moved by up to 0.35 of the box,
 * another way in each dimension.
 */
function movedAckley(x) {
  return ackley(x.map((value, at) => value - 65.536 * 0.35 * Math.sin(1.7 * (at + 1))));
}

/** Rosenbrock 1960; least value 0. */
function rosenbrock(x) {
  return sum(x.slice(1).map((next, at) => 100 * (next - x[at] ** 2) ** 2 + (1 - x[at]) ** 2));
}

/** Three models with parameters of their own, and an optimizer that changes which learning rate is best; least value about 0.1. */
function mixed({ optimizer, lr, model, l2, depth, leaf, width, dropout, activation, layers }) {
  const rate = Math.log10(lr) - { sgd: -1, adam: -3, rmsprop: -3.5 }[optimizer];
  const offset = { sgd: 0.04, adam: 0, rmsprop: 0.02 }[optimizer];
  if (model === 'linear') return 0.35 + offset + 0.03 * rate ** 2 + 0.02 * (Math.log10(l2) + 2) ** 2;
  if (model === 'tree') {
    const leaves = Math.log2(leaf) - 3 - 0.2 * (depth - 9);
    return 0.22 + offset * 0.2 + 0.01 * rate ** 2 + 0.004 * (depth - 9) ** 2 + 0.01 * leaves ** 2;
  }
  const wide = Math.log2(width) - 7;
  const fit = 0.05 * (rate + 0.15 * wide) ** 2 + 0.01 * (wide - 0.5) ** 2 + 0.4 * (dropout - 0.1 - 0.04 * layers) ** 2;
  return 0.1 + offset + fit + { relu: 0.02, tanh: 0.06, gelu: 0 }[activation] + 0.012 * (layers - 3) ** 2;
}

const mixedSpace = {
  optimizer: { choice: ['sgd', 'adam', 'rmsprop'] },
  lr: { float: [1e-5, 1], scale: 'log' },
  model: { choice: ['linear', 'tree', 'net'] },
  l2: { float: [1e-6, 10], scale: 'log', when: { model: 'linear' } },
  depth: { int: [1, 16], when: { model: 'tree' } },
  leaf: { int: [1, 256], scale: 'log', when: { model: 'tree' } },
  width: { int: [8, 1024], scale: 'log', when: { model: 'net' } },
  dropout: { float: [0, 0.9], step: 0.05, when: { model: 'net' } },
  activation: { choice: ['relu', 'tanh', 'gelu'], when: { model: 'net' } },
  layers: { int: [1, 6], when: { model: 'net' } },
};

/** Zitzler, Deb and Thiele 2000, ZDT1 to ZDT3, two objectives of 30 numbers; `shape` is h(f1, g). */
function zdt(x, shape) {
  const g = 1 + (9 * sum(x.slice(1))) / (x.length - 1);
  return [x[0], g * shape(x[0] / g, x[0])];
}

const listed = (f) => (hyperparameters) => f(Object.values(hyperparameters));

export const problems = {
  Branin: { space: { x0: { float: [-5, 10] }, x1: { float: [0, 15] } }, f: listed(branin), least: 0.397887357729738 },
  'Hartmann-6': { space: box(6, 0, 1), f: listed(hartmann6), least: -3.32236801141551 },
  'Ackley-10': { space: box(10, -32.768, 32.768), f: listed(ackley) },
  'Ackley-10, moved': { space: box(10, -32.768, 32.768), f: listed(movedAckley) },
  'Rosenbrock-8': { space: box(8, -5, 10), f: listed(rosenbrock) },
  mixed: { space: mixedSpace, f: mixed },
  ZDT1: { space: box(30, 0, 1), f: listed((x) => zdt(x, (ratio) => 1 - Math.sqrt(ratio))) },
  ZDT2: { space: box(30, 0, 1), f: listed((x) => zdt(x, (ratio) => 1 - ratio ** 2)) },
  ZDT3: {
    space: box(30, 0, 1),
    f: listed((x) => zdt(x, (ratio, f1) => 1 - Math.sqrt(ratio) - ratio * Math.sin(10 * Math.PI * f1))),
  },
};

/** Problems with one objective, and with two. `least` is the least value, where it is not 0: what is reported is the distance to it. */
export const single = ['Branin', 'Hartmann-6', 'Ackley-10', 'Ackley-10, moved', 'Rosenbrock-8', 'mixed'];
export const double = ['ZDT1', 'ZDT2', 'ZDT3'];

/** Beyond the worst values of ZDT: the point that the hypervolume is measured to, as in many studies. */
export const referencePoint = [11, 11];
