import { classifier } from './classifier.mjs';

const stage = (l, filters, more = {}) => [
  l.conv2d({ filters, kernelSize: 3, ...more }),
  l.batchNormalization(),
  l.activation({ activation: 'relu' }),
  l.maxPooling2d({ poolSize: 2 }),
];
export const layers = (l) => [
  ...stage(l, 16, { inputShape: [28, 28, 1] }),
  ...stage(l, 32),
  l.flatten(),
  l.dense({ units: 10 }),
];
export default classifier(layers);
