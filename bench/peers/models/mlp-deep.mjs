import { classifier } from './classifier.mjs';

export const layers = (l) => [
  l.flatten({ inputShape: [28, 28, 1] }),
  ...Array.from({ length: 8 }, () => l.dense({ units: 64, activation: 'relu', kernelInitializer: 'heNormal' })),
  l.dense({ units: 10 }),
];
export default classifier(layers);
