/**
 * Training as a noisy quadratic: Zhang, Li, Nado, Martens, Sachdeva, Dahl, Shallue and Grosse 2019, "Which algorithmic choices matter at
 * which batch sizes? Insights from a noisy quadratic model", section 3, https://arxiv.org/abs/1907.04164. What is expected of stochastic
 * gradient descent with momentum on a quadratic is known in closed form, so that a whole training takes milliseconds.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | h | curvatures: 1/i for i = 1 to 50, as in the paper, where i goes to 10,000 |
 * | E[x²], E[xv], E[v²] | second moments of a parameter and its momentum, in each dimension |
 * | h / B | variance of the gradient in a dimension for batches of B |
 *
 * A large learning rate gets far at first and is held up by noise; small ones and averages over many steps (momentum) get further in the
 * end: the best hyperparameters change while it trains, which is what a population is for.
 */

export const curvatures = Float64Array.from({ length: 50 }, (_, at) => 1 / (at + 1));
export const batch = 64;

/** Before the first step: every parameter one deviation from its optimum, at rest. */
export function beginTraining() {
  const [xx, xv, vv] = [1, 0, 0].map((value) => new Float64Array(curvatures.length).fill(value));
  return { xx, xv, vv };
}

/** The state after `steps` more. */
export function train(state, { learningRate, momentum }, steps) {
  const [xx, xv, vv] = [state.xx, state.xv, state.vv].map((moments) => moments.slice());
  for (let i = 0; i < curvatures.length; i++) {
    const h = curvatures[i];
    let [a, b, c] = [xx[i], xv[i], vv[i]];
    for (let step = 0; step < steps; step++) {
      // v ← momentum v + h x + noise, then x ← x - learningRate v
      const next = momentum * b + h * a;
      c = momentum ** 2 * c + 2 * momentum * h * b + h * h * a + h / batch;
      a += learningRate * (learningRate * c - 2 * next);
      b = next - learningRate * c;
    }
    [xx[i], xv[i], vv[i]] = [a, b, c];
  }
  return { xx, xv, vv };
}

/**
 * The state after `steps` more where the sharpest direction becomes `sharpness` times as sharp at `sharpAt` steps: from then on a learning rate that
 * heavy-ball momentum is not stable with in that direction, 2 (1 + momentum) / h and above, loses all that was learnt.
 */
export function trainUntilSharp(state, hyperparameters, steps, fromStep, { sharpAt, sharpness }) {
  const { learningRate, momentum } = hyperparameters;
  const isStable = learningRate < (2 * (1 + momentum)) / sharpness;
  return fromStep < sharpAt || isStable ? train(state, hyperparameters, steps) : beginTraining();
}

/** The expected loss, above 0; infinite or not a number once training has diverged. */
export function expectedLoss({ xx }) {
  return xx.reduce((sum, moment, i) => sum + (curvatures[i] * moment) / 2, 0);
}
