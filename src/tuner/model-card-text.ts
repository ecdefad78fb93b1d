import type { ModelCard } from './model-card.js';

/** The card as Markdown, for people. */
export function cardAsMarkdown(card: ModelCard): string {
  const { dataset, inputs, output } = card;
  const parts = [
    `# ${card.study}`,
    `${card.isBest ? 'The best' : 'A'} model of a tfjs-tuner study: \`${card.model}\`, trial ${card.trial} after ${card.steps} steps${chosenBy(card)}.`,
    '## What it takes and gives',
    list([
      ...inputs.map(({ name, type, shape }) => `\`${name}\`: ${type} \`[${['batch', ...shape].join(', ')}]\``),
      `predictions: float32 \`[${['batch', ...output.shape].join(', ')}]\`, ${output.what}`,
      ...(card.batchSize === null ? [] : [`a batch has ${card.batchSize} rows, no more and no fewer`]),
    ]),
    'Raw rows become inputs by `encoder.json`, which `tfjs-tuner predict` applies.',
    formats(card),
    '## Data',
    list([
      `${dataset.name}: ${Object.entries(dataset.rows)
        .map(([split, count]) => `${count} ${split}`)
        .join(', ')} rows`,
      ...(dataset.rowsWithoutTarget > 0 ? [`${dataset.rowsWithoutTarget} rows without a target were left out`] : []),
      `digest \`${dataset.digest}\``,
      `reference \`${JSON.stringify(dataset.reference)}\``,
    ]),
    '## Measured on validation',
    numbers(card.validation),
    ...(card.folds === undefined
      ? []
      : [
          `Means and deviations over ${card.folds} folds, each of which has a model of its own. The weights here are those of the first; rows are counted for it.`,
        ]),
    ...(card.isBest || card.objectives ? ['These rows chose the model, so on new data expect slightly less.'] : []),
    ...testParts(card),
    '## Hyperparameter schedule',
    "Which trial's weights these are, segment by segment, and what they were trained with.",
    schedule(card),
    '## How to make it again',
    list([
      card.reproduce,
      `seed ${card.seed}; study digest \`${card.digest}\``,
      `versions: ${Object.entries(card.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}`,
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function chosenBy({ objective, objectives, outcomes = [], isBest }: ModelCard): string {
  const describe = ({ metric, direction }: ModelCard['objective']) => `${metric} (${direction})`;
  const bounds = outcomes.map(({ metric, atMost, atLeast }) => {
    const parts = [
      ...(atMost === undefined ? [] : [`at most ${atMost}`]),
      ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ];
    return `${metric} ${parts.join(' and ')}`;
  });
  const within = bounds.length === 0 ? '' : `, with ${bounds.join(', ')}`;
  if (objectives) return `, one of a Pareto front by ${objectives.map(describe).join(', ')}${within}`;
  return isBest ? `, chosen by ${describe(objective)}${within}` : `, not the best by ${describe(objective)}`;
}

const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');

const numbers = (metrics: Readonly<Record<string, number | null>>) =>
  list(Object.entries(metrics).map(([name, value]) => `${name}: ${value ?? 'not finite'}`));

const loaders: Readonly<Record<string, string>> = {
  'layers-model': "`tf.loadLayersModel('…/model.json')` in tfjs",
  'graph-model': "`tf.loadGraphModel('…/graph-model/model.json')` in tfjs",
  'saved-model': "`tf.saved_model.load('…/saved-model').signatures['serving_default']` in Python",
  onnx: "`onnxruntime.InferenceSession('…/model.onnx')` in Python, and other runtimes of ONNX",
};

function formats(card: ModelCard): string {
  return list(Object.entries(card.formats).map(([format, path]) => `\`${path}\`: ${loaders[format] ?? format}`));
}

function testParts({ test, dataset }: ModelCard): string[] {
  const heading = '## Measured on the held-out test split';
  if (test === null) return [heading, 'There is none: give the data set `test: 0.1` to have one.'];
  const { metrics, earlierEvaluations: earlier } = test;
  const once = `${dataset.rows.test} rows that played no part in training or choosing, evaluated once, when this model was first exported.`;
  const warning = `${earlier} other model${earlier === 1 ? '' : 's'} of this study had been evaluated on them before: if that led to changes, they are less held out than they were.`;
  return [heading, numbers(metrics), earlier === 0 ? once : `${once} ${warning}`];
}

function schedule({ lineage }: ModelCard): string {
  // those that were active at some time, in the order of the space
  const names = [...new Set(lineage.flatMap(({ hyperparameters }) => Object.keys(hyperparameters)))];
  const rows = lineage.map(({ trial, fromStep, toStep, hyperparameters }) => {
    const values = names.map((name) => String(hyperparameters[name] ?? ''));
    return `| ${[`${fromStep}–${toStep}`, trial, ...values].join(' | ')} |`;
  });
  return [
    `| steps | trial | ${names.join(' | ')} |`,
    `| --- | --- | ${names.map(() => '---').join(' | ')} |`,
    ...rows,
  ].join('\n');
}
