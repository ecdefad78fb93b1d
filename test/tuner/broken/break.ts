/** What each place of a sweep must not be, and sweeps broken there. */

export type Loose = Record<string, unknown>;

/** One way in which a sweep can be wrong. */
export interface Break {
  /** Of what is written, from the sweep's root. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** As a message must name it: the path, or what is nearest to it. */
  readonly place: string;
}

/** Puts the value in its place in a sweep of one's own. */
export function breakSweep(sweep: Loose, { path, value }: Break): void {
  const parent = path.slice(0, -1).reduce<Loose>((object, key) => object[key] as Loose, sweep);
  parent[path.at(-1)!] = value;
}

/** Whether the sweep has what the break's place is in: a replay has no `stop`. */
export function isPlacedIn(sweep: Loose): (broken: Break) => boolean {
  return ({ path }) =>
    path.slice(0, -1).reduce<unknown>((object, key) => (object as Loose | undefined)?.[key], sweep) !== undefined;
}

/** @param path with dots between its keys @param place where the message has it elsewhere */
function breaksAt(path: string, values: readonly unknown[], place = path): Break[] {
  return values.map((value) => ({ path: path.split('.'), value, place }));
}

const notIntegers = [0.5, -3, 'many', true, [1], { a: 1 }];
const notNumbers = ['many', true, [1], { a: 1 }, null];
const notTexts = [7, false, [], {}];
const notLists = ['text', 7, { a: 1 }];

/** Of sweeps of models and of objectives. */
export const commonBreaks: readonly Break[] = [
  ...breaksAt('study', [...notTexts, 'not a name!', '../up', '.hidden', 'x'.repeat(101)]),
  ...breaksAt('model', [...notTexts, null, '']),
  ...breaksAt('objective', ['loss', [1], null]),
  ...breaksAt('objective.metric', [...notTexts, '', null]),
  ...breaksAt('objective.direction', [...notTexts, 'up', 'maximise', null]),
  ...breaksAt('objective.target', [Number.NaN, Number.POSITIVE_INFINITY, 'high']),
  ...breaksAt('objective.goal', [1]),
  ...breaksAt('space', ['wide', [1], 3]),
  ...breaksAt('space.learningRate', [null, [1], {}, { flot: [0, 1] }, { float: [2, 1] }, { float: ['0', '1'] }]),
  ...breaksAt('space.learningRate', [{ float: [0, 1], scale: 'log' }, { float: [0, 1], step: -1 }, { int: [0.5, 2] }]),
  ...breaksAt('space.hidden', [{ choice: [] }, { choice: 16 }, { choice: [[1]] }, { choice: [1, 1] }, { boolean: 1 }]),
  ...breaksAt('space.dropout', [
    { float: [0, 1], default: 2 },
    { fixed: [] },
    { ordinal: [] },
    { int: [1, 2], ste: 1 },
  ]),
  ...breaksAt('constraints', [...notLists, [1], [''], [null]]),
  ...breaksAt('enqueue', [...notLists, ['a'], [{ learningRate: [1] }], [{ learningRate: null }]]),
  ...breaksAt('sampler', [7, [], 'tepee', {}, { random: {}, tpe: {} }]),
  ...breaksAt('budget', [100, 'long', []]),
  ...breaksAt('budget.steps', [...notIntegers, 0]),
  ...breaksAt('budget.wall', ['soon', -1, 0, true, '10', '1h30']),
  ...breaksAt('budget.stesp', [1]),
  ...breaksAt('seed', [-1, 0.5, 2 ** 53, 'seven', [1], true]),
  ...breaksAt('strategy', ['random', 3, [], {}, { random: { trials: 1 }, median: { trials: 1 } }]),
  ...breaksAt('strategy', [{ rnadom: {} }], 'strategy.rnadom'),
  ...breaksAt('modl', ['mlp']),
  ...breaksAt('schedules', [[]]),
];

/** Of sweeps of models alone. */
export const modelBreaks: readonly Break[] = [
  ...breaksAt('dataset', [7, null, [], {}, 'spiralls', { path: 7 }, { path: 'a.csv', taget: 'b' }, { images: 'a' }]),
  ...breaksAt('dataset', [
    { path: 'a.csv', validation: 2.5 },
    { text: 'a.txt', context: 0 },
    { folder: 'a', size: 3 },
  ]),
  ...breaksAt('budget.totalSteps', notIntegers),
  ...breaksAt('training', ['fast', [1], 7]),
  ...breaksAt('training.batchSize', [...notIntegers, 0]),
  ...breaksAt('training.evaluationBatchSize', [...notIntegers, 0]),
  ...breaksAt('training.compile', ['xla', true, 1]),
  ...breaksAt('training.optimizer', [7, {}]),
  ...breaksAt('training.loss', [7, []]),
  ...breaksAt('training.initialWeights', ['old', 1]),
  ...breaksAt('training.batchsize', [8]),
  ...breaksAt('timeout', ['90s']),
];

/** Of a model's sweep with a population. */
export const populationBreaks: readonly Break[] = [
  ...breaksAt('schedule', ['later', { at: 1 }]),
  ...breaksAt('schedule', [[1], [{}], [{ at: 1 }], [{ at: -1, freeze: 'dropout' }], [{ freeze: 'dropout' }]]),
  ...breaksAt('schedule', [
    [{ at: 1, step: 2, freeze: 'dropout' }],
    [{ at: 0.5, freeze: 'dropout' }],
    [{ at: 1, feeze: 'a' }],
  ]),
  ...breaksAt('schedule', [[{ at: 1, freeze: [] }], [{ at: 1, freeze: [7] }], [{ at: 1, unfreeze: {} }]]),
  ...breaksAt('schedule', [
    [{ at: 1, interval: 0 }],
    [{ at: 1, interval: '2 hours' }],
    [{ at: 1, interval: { plateau: {} } }],
  ]),
  ...breaksAt('schedule', [[{ at: 1, target: 'best' }], [{ at: 1, target: Number.NaN }]]),
  ...breaksAt('schedule', [[{ at: 1, introduce: {} }], [{ at: 1, introduce: { dropout: 1 } }]]),
  ...breaksAt('schedule', [[{ at: 1, introduce: { dropout: { float: [1, 0] } } }]]),
  ...breaksAt('schedule', [[{ at: 1, introduce: { dropout: { float: [0, 1], start: 'low' } } }]]),
  ...breaksAt('schedule', [[{ at: 1, introduce: { dropout: { float: [0, 1], structural: true } } }]]),
  ...breaksAt('schedule', [
    [
      { at: 1, freeze: 'a' },
      { step: 9, unfreeze: 'a' },
    ],
  ]),
  // rules look at trials that are over, samplers at results: a population has neither
  ...breaksAt('stop', [{ plateau: { trials: 3 } }]),
  ...breaksAt('sampler', ['tpe', 'gp', 'cmaEs', 'evolution', 'bohb', { gp: { startupTrials: 2 } }]),
];

/** Of a model's sweep whose trials end one by one. */
export const trialwiseBreaks: readonly Break[] = [
  ...breaksAt('stop', ['soon', [1], 7]),
  ...breaksAt('stop.plateau', ['flat', 3]),
  ...breaksAt('stop.plateau.trials', [...notIntegers, 0]),
  ...breaksAt('stop.plateau.minDelta', [-1, ...notNumbers]),
  ...breaksAt('stop.regret.threshold', [0, -1, ...notNumbers]),
  ...breaksAt('stop.regret.minTrials', [...notIntegers, 1]),
  ...breaksAt('stop.regret.every', [...notIntegers, 0]),
  ...breaksAt('stop.patience', [1]),
];

/** Values that no option of a strategy or sampler can have. */
const neverOptions = [-3, { odd: true }, [[]], 'qqq'];

/** Each option of a strategy as what it cannot be, and one that it does not have. */
export function strategyBreaks(strategy: string, options: Loose): Break[] {
  const path = `strategy.${strategy}`;
  const own = Object.keys(options).flatMap((name) => {
    // the name of a study may be a word
    const values = name === 'study' ? [7, '', []] : neverOptions;
    return breaksAt(`${path}.${name}`, values, path);
  });
  return [...own, ...breaksAt(`${path}.qtions`, [1], path), ...breaksAt(path, [3, 'now', []], path)];
}

export function samplerBreaks(sampler: string, options: Loose): Break[] {
  const broken = (given: unknown): Break => ({
    path: ['sampler'],
    value: { [sampler]: given },
    place: `sampler.${sampler}`,
  });
  return [
    ...Object.keys(options).flatMap((name) => neverOptions.map((value) => broken({ ...options, [name]: value }))),
    broken({ ...options, qtions: 1 }),
    broken(3),
    broken([]),
    broken(null),
  ];
}

/** Parts that are right alone, and not together. */
export const crossBreaks: Readonly<Record<string, readonly Break[]>> = {
  pbt: [...breaksAt('strategy.pbt.interval', [101, 1e6, { plateau: {} }, { plateau: { every: 5, wait: 1 } }])],
  pb2: [...breaksAt('strategy.pb2.interval', [101, { plateau: { every: '5 epoch s' } }])],
  random: [...breaksAt('strategy.random.interval', [101, 2 ** 52])],
  replay: breaksAt('stop', [{ plateau: { trials: 3 } }]),
  asha: [...breaksAt('strategy.asha.minSteps', [101])],
  successiveHalving: [...breaksAt('strategy.successiveHalving.minSteps', [101, 2 ** 52])],
  hyperband: [...breaksAt('strategy.hyperband.minSteps', [101])],
  bohb: [...breaksAt('strategy.bohb.minSteps', [101])],
  pasha: [...breaksAt('strategy.pasha.interval', [101]), ...breaksAt('strategy.pasha.minSteps', [101])],
  own: [...breaksAt('strategy.own.scheduler', ['./my-scheduler', './my-scheduler.py'])],
  median: [...breaksAt('strategy.median.warmupSteps', [101]), ...breaksAt('strategy.median.interval', [101])],
};

/** Of sweeps of objectives alone, by strategy. */
export const objectiveCrossBreaks: Readonly<Record<string, readonly Break[]>> = {
  random: [...breaksAt('dataset', ['spirals']), ...breaksAt('timeout', ['never', -1, 0, true, []])],
  asha: breaksAt('budget', [{}], 'budget'),
  hyperband: breaksAt('budget', [{}], 'budget'),
  median: [...breaksAt('budget', [{}], 'budget'), ...breaksAt('training', [{}])],
  percentile: [...breaksAt('strategy.percentile.percentile', [0, 100, 101], 'strategy.percentile')],
  patience: [...breaksAt('strategy', [{ pbt: { population: 4 } }], 'strategy.pbt')],
};
