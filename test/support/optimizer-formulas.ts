/**
 * The updates of optimizers as their papers have them, on JavaScript's float64 numbers: see the docstrings in `src/trial/optimizers/` for
 * papers and letters. Each makes a function from gradient to the change that is subtracted from the weight, one number's worth.
 */
export type Settings = Readonly<Record<string, number>>;
type Formula = (settings: Settings) => (gradient: number) => number;

const adamLike = (direction: (m: number, g: number, step: number) => number, beta1: number) => {
  let [m, t] = [0, 0];
  return (g: number) => {
    t += 1;
    m = beta1 * m + (1 - beta1) * g;
    return direction(m / (1 - beta1 ** t), g, t);
  };
};

export const formulas: Readonly<Record<string, Formula>> = {
  sgd:
    ({ learningRate: rate }) =>
    (g) =>
      rate! * g,
  momentum: ({ learningRate: rate, momentum: mu }) => {
    let m = 0;
    return (g) => {
      m = mu! * m + g;
      return rate! * m;
    };
  },
  nesterov: ({ learningRate: rate, momentum: mu }) => {
    let m = 0;
    return (g) => {
      m = mu! * m + g;
      return rate! * (g + mu! * m);
    };
  },
  rmsprop: ({ learningRate: rate, decay: rho, momentum: mu, epsilon }) => {
    let [s, m] = [0, 0];
    return (g) => {
      s = rho! * s + (1 - rho!) * g ** 2;
      m = mu! * m + (rate! * g) / Math.sqrt(s + epsilon!);
      return m;
    };
  },
  adagrad: ({ learningRate: rate, epsilon, initialAccumulator }) => {
    let s = initialAccumulator!;
    return (g) => {
      s += g ** 2;
      return (rate! * g) / Math.sqrt(s + epsilon!);
    };
  },
  adadelta: ({ learningRate: rate, rho, epsilon }) => {
    let [s, u] = [0, 0];
    return (g) => {
      s = rho! * s + (1 - rho!) * g ** 2;
      const change = (Math.sqrt(u + epsilon!) / Math.sqrt(s + epsilon!)) * g;
      u = rho! * u + (1 - rho!) * change ** 2;
      return rate! * change;
    };
  },
  adam: ({ learningRate: rate, beta1, beta2, epsilon }) => {
    let v = 0;
    return adamLike((m, g, t) => {
      v = beta2! * v + (1 - beta2!) * g ** 2;
      return (rate! * m) / (Math.sqrt(v / (1 - beta2! ** t)) + epsilon!);
    }, beta1!);
  },
  adamax: ({ learningRate: rate, beta1, beta2, epsilon }) => {
    let u = 0;
    return adamLike((m, g) => {
      u = Math.max(beta2! * u, Math.abs(g));
      return (rate! * m) / (u + epsilon!);
    }, beta1!);
  },
};
