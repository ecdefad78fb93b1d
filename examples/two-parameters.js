// The smallest study: two parameters, A and B, of a curve A·x + B fitted to points by the mean of the squared errors.
// Run it with "node examples/two-parameters.js".
import { createStudy } from 'tfjs-tuner/study';

const points = [0, 1, 2, 3, 4, 5, 6, 7].map((x) => ({ x, y: 1.5 * x - 3 }));

const study = createStudy({ space: { A: { float: [-5, 5] }, B: { float: [-5, 5] } }, seed: 1 });

await study.optimize(
  ({ hyperparameters: { A, B } }) => points.reduce((sum, { x, y }) => sum + (A * x + B - y) ** 2, 0) / points.length,
  { trials: 200 },
);

const { number, value, hyperparameters } = study.best;
console.log(`trial ${number}: A = ${hyperparameters.A.toFixed(2)}, B = ${hyperparameters.B.toFixed(2)}`);
console.log(`mean square ${value.toFixed(4)} (A = 1.50 and B = -3.00 have 0)`);
console.log('importance', study.importance());
