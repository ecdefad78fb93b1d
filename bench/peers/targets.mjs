/** The ratios that tfjs-tuner is meant to reach, and what was measured of them. */

const step = 'time of a step';
const speed = 'speed of a population';
const onePair = ['tfjs-tuner, 2 workers'];

/** Systems are named as in the results; where there are several peers, it is the best of them that counts. */
const targets = [
  { case: 'mlp', metric: step, peers: ['tfjs-node eager'], least: 8 },
  { case: 'mlp', metric: step, peers: ['Keras fit'], least: 4 },
  { case: 'mlp', metric: step, peers: ['tf.function'], least: 2 },
  { case: 'mlp', metric: step, peers: ['PyTorch, eager'], least: 2 },
  { case: 'mlp', metric: step, peers: ['JAX jit(scan)'], least: 0.9 },
  { case: 'cnn', metric: step, peers: ['tfjs-node eager'], least: 3.5 },
  { case: 'cnn', metric: step, peers: ['tf.function'], least: 1 },
  {
    case: 'cnn-population',
    metric: speed,
    peers: ['Keras fit, one after another', 'Keras fit, two processes'],
    least: 1.5,
  },
  {
    case: 'cnn-population',
    metric: speed,
    peers: ['PyTorch, eager, one after another', 'PyTorch, compiled, one after another', 'PyTorch, two processes'],
    least: 1.1,
  },
  { case: 'gru', metric: step, peers: ['tfjs-node eager'], least: 20 },
  { case: 'gru', metric: step, peers: ['Keras fit'], least: 2 },
  {
    case: 'mlp-population',
    metric: speed,
    peers: ['JAX vmap(scan)', 'JAX jit(scan), one after another'],
    least: 1.25,
  },
  // like with like: one worker that runs compiled programs uses both cores
  { case: 'mlp-population', metric: speed, variant: 'plain', peers: ['tfjs-tuner, 1 worker'], least: 1.6 },
  {
    case: 'sweep',
    metric: 'wall time',
    peers: ['Ray Tune with Keras, 2 trials at a time', 'Ray Tune with Keras, 8 trials at a time'],
    least: 12,
  },
  {
    case: 'sweep',
    metric: 'peak resident memory',
    peers: ['Ray Tune with Keras, 2 trials at a time', 'Ray Tune with Keras, 8 trials at a time'],
    least: 6,
  },
];

const more = (unit) => unit === 'steps/s';
const compared = new Set(['ms', 's', 'MB', 'steps/s']);

/** The best row of these systems, in their best variants or in the given one; or undefined. */
function bestOf(rows, { case: name, metric, variant }, systems) {
  const fitting = rows.filter(
    (row) =>
      (variant === undefined ? row.best : row.variant === variant) &&
      row.case === name &&
      row.metric === metric &&
      systems.includes(row.system),
  );
  const order = (a, b) => (more(a.unit) ? b.median - a.median : a.median - b.median);
  return fitting.sort(order)[0];
}

/** How many times better (faster, or smaller) a row is than another of the same metric, by medians. */
function times(row, other) {
  return more(row.unit) ? row.median / other.median : other.median / row.median;
}

/** The tuner's systems by case. */
const own = { 'mlp-population': onePair, 'cnn-population': onePair };

/** How many times better tfjs-tuner's best is than a row; undefined for what is not compared, and for that best itself. */
export function timesBetter(rows, row) {
  const best = bestOf(rows, { case: row.case, metric: row.metric }, own[row.case] ?? ['tfjs-tuner']);
  return compared.has(row.unit) && best && best !== row ? times(best, row) : undefined;
}

/**
 * Each target that both sides were measured for: how many times better tfjs-tuner is than the best of the peers.
 */
export function compare(rows) {
  return targets.flatMap((target) => {
    const ours = bestOf(rows, target, own[target.case] ?? ['tfjs-tuner']);
    const theirs = bestOf(rows, target, target.peers);
    if (!ours || !theirs) return [];
    const ratio = times(ours, theirs);
    const { case: name, metric, least } = target;
    return [{ case: name, metric, system: ours.system, peer: theirs.system, ratio, least, met: ratio >= least }];
  });
}

/** Targets that were not measured. */
export function missing(comparisons) {
  const measured = (target) =>
    comparisons.some(({ case: name, metric, peer }) => {
      return name === target.case && metric === target.metric && target.peers.includes(peer);
    });
  return targets
    .filter((target) => !measured(target))
    .map(({ case: name, metric, peers }) => `${name}, ${metric}: ${peers.join('; ')}`);
}
