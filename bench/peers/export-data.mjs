/**
 * Writes what every system reads into .cache/peers/data: images and labels, one epoch of batches for each batch size, each
 * model's initial weights layer by layer, and the losses that its first steps must have.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { columnView, splitView } from '../../dist/src/data/index.js';
import { cases, checkedSteps, lossTolerance, population } from './cases.mjs';
import { dataFolder } from './places.mjs';
import { buildCase, epochOf, openTrainer, openTuner } from './tuner.mjs';

const write = (name, contents) => writeFileSync(join(dataFolder, name), contents);

/** A model's weights, one file of float32, and where in it each layer's are; layers without weights are left out. */
async function exportWeights(name) {
  const building = await buildCase(name);
  const parts = [];
  let offset = 0;
  const layers = building.model.model.layers.map((layer) =>
    layer.getWeights().map((weight) => {
      parts.push(Buffer.from(Float32Array.from(weight.dataSync()).buffer));
      offset += weight.size;
      return { shape: weight.shape, offset: offset - weight.size };
    }),
  );
  building.dispose();
  write(`${name}.weights.float32`, Buffer.concat(parts));
  return layers.filter((weights) => weights.length > 0);
}

/** Losses of the first steps, as plain (not compiled) steps have them. */
async function referenceLosses(name, tuner) {
  const { train } = await openTrainer(name, 'never', tuner);
  return Array.from({ length: checkedSteps }, (_, step) => train(step, 1));
}

mkdirSync(dataFolder, { recursive: true });
const tuner = await openTuner();
const { dataset } = tuner;
write('images.uint8', columnView(dataset, 'x'));
write('labels.int32', columnView(dataset, 'y'));
write('train.int32', splitView(dataset, 'train'));
write('validation.int32', splitView(dataset, 'validation'));
const described = {};
for (const [name, settings] of Object.entries(cases)) {
  const { indices, stepCount } = epochOf(dataset, settings.batchSize);
  write(`${name}.batches.int32`, indices);
  const layers = await exportWeights(name);
  described[name] = { ...settings, stepCount, layers, losses: await referenceLosses(name, tuner) };
}
write('cases.json', JSON.stringify({ cases: described, checkedSteps, lossTolerance, population }));
