import type { SharedDataset } from '../data/index.js';
import { type Hyperparameters, parseSpace } from '../space/index.js';
import type { BestSegment, StudyState } from '../study/index.js';

/** The lineage of the best segment, oldest first: which trial's weights were trained with what, from which step. */
function lineage({ trials }: StudyState, best: Pick<BestSegment, 'trial' | 'generation'>) {
  const rows: {
    trial: number;
    generation: number;
    fromStep: number;
    toStep: number;
    hyperparameters: Hyperparameters;
  }[] = [];
  let { trial, generation } = best;
  for (; generation >= 0; generation--) {
    const { segments, copies } = trials[trial]!;
    const { fromStep, toStep, hyperparameters } = segments[generation]!;
    rows.unshift({ trial, generation, fromStep, toStep, hyperparameters });
    // what this generation started from was copied at the end of the one before
    trial = copies.find((copy) => copy.generation === generation - 1)?.parent ?? trial;
  }
  return rows;
}

/** What a person has to know of an exported model, in Markdown. */
export function modelCard(state: StudyState, dataset: SharedDataset, studyDigest: string): string {
  const { settings, created, best } = state;
  if (best === null) throw new Error('a model card needs a best segment');
  const { metrics, loss, toStep } = state.trials[best.trial]!.segments[best.generation]!;
  const measured = { ...metrics, trainLoss: loss };
  const entries = lineage(state, best);
  const isNamed = ({ name }: { name: string }) =>
    entries.some(({ hyperparameters }) => Object.hasOwn(hyperparameters, name));
  // those that were active at some time
  const names = parseSpace(settings.space)
    .parameters.filter(isNamed)
    .map(({ name }) => name);
  const rows = entries.map(({ trial, fromStep, toStep: to, hyperparameters }) => {
    const values = names.map((name) => String(hyperparameters[name] ?? ''));
    return `| ${[`${fromStep}–${to}`, trial, ...values].join(' | ')} |`;
  });
  const { scale, offset } = dataset.features;
  return `# ${settings.study}

The best model of a tfjs-tuner study. Load it with \`tf.loadLayersModel\`; it needs plain \`@tensorflow/tfjs\` only.

- Model: \`${settings.model.split(/[\\/]/).slice(-2).join('/')}\`, trial ${best.trial} after ${toStep} steps
- Input: float32 \`[batch, ${dataset.columns.find(({ name }) => name === dataset.features.column)!.rowShape}]\`, the data set's values × ${scale} + ${offset}
- Output: ${dataset.target.kind === 'class' ? `one value a class: ${dataset.target.classes.join(', ')}` : 'one number'}
- Data set: ${dataset.name}, ${dataset.splits.train.count} training and ${dataset.splits.validation.count} validation rows, digest \`${dataset.digest}\`

## Measured on validation
${Object.entries(measured)
  .map(([name, value]) => `- ${name}: ${value}`)
  .join('\n')}

These rows chose the model, so on new data expect slightly less.

## Hyperparameter schedule
Which trial's weights these are, segment by segment, and what they were trained with.

| steps | trial | ${names.join(' | ')} |
| --- | --- | ${names.map(() => '---').join(' | ')} |
${rows.join('\n')}

## How to make it again
Seed ${settings.seed}; study digest \`${studyDigest}\`; versions ${Object.entries(created.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.
`;
}
