// An objective function of plain JavaScript: the path of a ball on Rosenbrock's valley, rolling by gradient descent with momentum.
// Run it with:  npx tfjs-tuner run examples/objective.yaml
import { defineObjective, float } from 'tfjs-tuner/objective';

const height = (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
const slope = (x, y) => [2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)];

export default defineObjective({
  space: {
    rate: float(1e-5, 1e-2, { scale: 'log' }),
    momentum: float(0, 0.99),
  },
  run: async (trial) => {
    const { rate, momentum } = trial.hyperparameters;
    const saved = await trial.checkpoint.load();
    let { step, x, y, dx, dy } = saved
      ? JSON.parse(new TextDecoder().decode(saved))
      : { step: 0, x: -1.5, y: 2, dx: 0, dy: 0 };
    while (step < 81) {
      step += 1;
      for (let turn = 0; turn < 20; turn++) {
        const [gx, gy] = slope(x, y);
        dx = momentum * dx - rate * gx;
        dy = momentum * dy - rate * gy;
        x += dx;
        y += dy;
      }
      await trial.report(step, { height: height(x, y) });
      if (step % 27 === 0) {
        await trial.checkpoint.save(new TextEncoder().encode(JSON.stringify({ step, x, y, dx, dy })));
      }
    }
    return { height: height(x, y), x, y };
  },
});
