import { classifier } from './classifier.mjs';

// Sigmoid gates, because tfjs and Keras 3 mean different functions by a hard sigmoid.
export const layers = (l) => [
  l.reshape({ inputShape: [28, 28, 1], targetShape: [28, 28] }),
  l.gru({ units: 32, recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotUniform' }),
  l.dense({ units: 10 }),
];
export default classifier(layers);
