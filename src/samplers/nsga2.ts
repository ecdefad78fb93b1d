/**
 * NSGA-II: Deb, Pratap, Agarwal and Meyarivan 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II",
 * https://doi.org/10.1109/4235.996017.
 *
 * | symbol | meaning | option |
 * | --- | --- | --- |
 * | N | trials of a generation, and parents of the next one | `population` |
 * | p_c | probability that a child has two parents | `crossoverProbability` |
 * | p_m | probability that a parameter mutates | `mutationProbability` |
 * | η_c, η_m | distribution indices of SBX and of polynomial mutation | `crossoverEta`, `mutationEta` |
 *
 * Where this differs from the paper, and why:
 * - Trials run in parallel, so a generation is over when N of its trials are complete, not when all are: nothing waits for a
 *   trial that is slow or fails. The trials of a generation, however many, and its parents compete to be the next parents.
 * - A crossover makes one child, not two: trials are asked for one at a time.
 *
 * Where it differs from Optuna 5's `NSGAIISampler`, and why:
 * - Parents win tournaments by the crowded comparison of the paper; there, by dominance alone.
 * - A child that was tried before is made anew. There, one in ten of the unmutated ones is a copy of its parent.
 * - An item of an unordered choice mutates to another one; there, possibly to itself.
 * - Trials that others proposed (enqueued ones) belong to generation 0. There they have none and are never parents.
 * - Parameters that are not active in every trial take part; there they are drawn from the prior each time.
 * - Parents are a function of the history; there they are fixed when somebody first asks, which depends on timing.
 */
import { foldIn, type Key, sequence, uniform } from '../random/index.js';
import { type Hyperparameters, type Parameter, type Space, sample, sampleSpace, type Value } from '../space/index.js';
import { crossBySimulatedBinary, crossUniformly, type Parents } from './crossover.js';
import { type Measured, measured } from './feasibility.js';
import { mutatePolynomially } from './mutation.js';
import { Generations, isBetter, type Member } from './nsga2-population.js';
import { canChange, compose, firstNew, valueIn } from './offspring.js';
import { integerFrom, isNumber, oneOf, parseOptions, probability, type Rule, type Rules } from './options.js';
import type { ProposeInput, Sampler } from './sampler.js';

export interface Nsga2Options {
  /** Trials of a generation. An integer, at least 2. Default: 50. */
  readonly population?: number;
  /**
   * How two parents' values are crossed: each from either of them (`uniform`), or numbers by simulated binary crossover (`sbx`).
   * Default: `uniform`.
   */
  readonly crossover?: 'uniform' | 'sbx';
  /** Probability, 0 to 1, that a child has two parents instead of one. Default: 0.9. */
  readonly crossoverProbability?: number;
  /** Probability, 0 to 1, that uniform crossover takes the second parent's value. Default: 0.5. */
  readonly swappingProbability?: number;
  /** At least 0; the larger, the nearer are SBX's children to their parents. Default: 20. */
  readonly crossoverEta?: number;
  /** What becomes of a number that mutates: a draw from the prior (`resample`), or one nearby (`polynomial`). Default: `resample`. */
  readonly mutation?: 'resample' | 'polynomial';
  /** Probability, 0 to 1, that a parameter mutates. Default: 1 / how many the child has that can change. */
  readonly mutationProbability?: number | undefined;
  /** At least 0; the larger, the nearer are polynomial mutations. Default: 20. */
  readonly mutationEta?: number;
}

type Checked = Required<Nsga2Options>;

const eta = (byDefault: number): Rule<number> => ({
  must: 'a finite number of at least 0',
  holds: (given) => isNumber(given) && given >= 0,
  byDefault,
});

const rules: Rules<Checked> = {
  population: integerFrom(2, 50),
  crossover: oneOf(['uniform', 'sbx'], 'uniform'),
  crossoverProbability: probability(0.9),
  swappingProbability: probability(0.5),
  crossoverEta: eta(20),
  mutation: oneOf(['resample', 'polynomial'], 'resample'),
  mutationProbability: { ...probability(), optional: true },
  mutationEta: eta(20),
};

/**
 * A genetic algorithm for one objective or several, with outcome constraints by Deb's rule: feasible before infeasible, and of
 * those the one that violates less.
 *
 * The first generation is drawn from the prior. Failed and pruned trials are never parents. A child that breaks a constraint of the
 * space is made anew, 100 times at most; a parameter that becomes active has a parent's value if one has it, otherwise a
 * draw from the prior. A trial's generation is kept in its note.
 *
 * Errors: SAMPLERS_OPTION…; when asked for a proposal, SPACE_CONSTRAINTS_TOO_TIGHT.
 */
export function nsga2Sampler(options?: Nsga2Options): Sampler {
  const checked = parseOptions<Checked>('nsga2', rules, options);
  const generations = new Generations();
  return {
    name: 'nsga2',
    propose: (input) => {
      const trials = measured(input.history, input.objectiveCount);
      const { generation, parents } = generations.next(trials, generationOf, checked.population);
      return { hyperparameters: propose(checked, input, parents), note: { generation } };
    },
  };
}

function generationOf({ note }: Measured): number {
  const generation = typeof note === 'object' && note !== null && 'generation' in note ? note.generation : 0;
  return Number.isSafeInteger(generation) ? (generation as number) : 0;
}

function propose(options: Checked, { space, key, history }: ProposeInput, members: readonly Member[]): Hyperparameters {
  if (members.length === 0) return sampleSpace(space, key);
  return firstNew(space, key, history, (attempt) => {
    const parents = chooseParents(members, options.crossoverProbability, foldIn(attempt, 'parents'));
    return mutate(space, cross(space, parents, options, attempt), options, attempt);
  });
}

/** Two different members, each the better of two; or one alone, any of them, as both. */
function chooseParents(members: readonly Member[], crossoverProbability: number, key: Key): Parents {
  const next = sequence(key);
  const draw = (from: readonly Member[]) => from[Math.floor(next() * from.length)]!;
  const isCrossed = next() < crossoverProbability;
  const tournament = (from: readonly Member[]) => {
    const [a, b] = [draw(from), draw(from)];
    return isBetter(a, b) ? a : b;
  };
  const first = isCrossed ? tournament(members) : draw(members);
  const second = isCrossed ? tournament(members.filter((member) => member !== first)) : first;
  return [first.trial.hyperparameters, second.trial.hyperparameters];
}

function cross(space: Space, parents: Parents, options: Checked, key: Key): Hyperparameters {
  const { crossover, swappingProbability, crossoverEta } = options;
  return compose(space, key, (parameter) => {
    const own = foldIn(key, 'crossover', parameter.name);
    return crossover === 'sbx'
      ? crossBySimulatedBinary(parameter, parents, own, swappingProbability, crossoverEta)
      : crossUniformly(parameter, parents, own, swappingProbability);
  });
}

function mutate(space: Space, child: Hyperparameters, options: Checked, key: Key): Hyperparameters {
  const { mutation, mutationEta } = options;
  const active = space.parameters.filter(
    (parameter) => canChange(parameter) && valueIn(child, parameter) !== undefined,
  );
  const chance = options.mutationProbability ?? 1 / Math.max(1, active.length);
  return compose(space, key, (parameter): Value | undefined => {
    const value = valueIn(child, parameter);
    const own = foldIn(key, 'mutation', parameter.name);
    if (value === undefined || !canChange(parameter) || uniform(own) >= chance) return value;
    return mutation === 'polynomial' || isUnordered(parameter)
      ? mutatePolynomially(parameter, value, own, mutationEta)
      : sample(parameter, foldIn(own, 'value'));
  });
}

function isUnordered(parameter: Parameter): boolean {
  return parameter.kind === 'choice' && !parameter.ordered;
}
