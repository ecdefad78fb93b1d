/**
 * Regularised (aging) evolution: Real, Aggarwal, Huang and Le 2019, "Regularized evolution for image classifier
 * architecture search", algorithm 1, https://doi.org/10.1609/aaai.v33i01.33014780.
 *
 * | symbol | meaning | option |
 * | --- | --- | --- |
 * | P | members that are alive: the newest ones | `population` |
 * | S | members drawn for a tournament | `sample` |
 *
 * Where this differs from the paper, and why:
 * - Trials run in parallel, as the paper's workers do: the population is made of the newest P trials that are complete, by trial
 *   number. Before there are P of them, proposals are draws from the prior.
 * - Architectures are choices. Numbers, and choices whose items are in order, move nearby on their scale instead.
 * - A child that was tried before is made anew, as is one that breaks a constraint of the space.
 * - Where outcomes are constrained, a tournament goes to the smaller violation first, by the rule of Deb et al. 2002, section VI.
 */
import { foldIn, type Key, pick } from '../random/index.js';
import { type Hyperparameters, isActive, type Space, sampleSpace } from '../space/index.js';
import { errors } from './errors.js';
import { type Measured, measured, totalViolations } from './feasibility.js';
import { mutateNearby } from './mutation.js';
import { canChange, compose, firstNew, valueIn } from './offspring.js';
import { integerFrom, parseOptions, positive, type Rules } from './options.js';
import type { ProposeInput, Sampler } from './sampler.js';

export interface RegularisedEvolutionOptions {
  /** Members that are alive. An integer, at least 1. The paper's P, which is 100 there. Default: 20. */
  readonly population?: number;
  /** Members drawn, with replacement, of which the best is the parent. An integer, at least 1. The paper's S, which is 25 there. Default: 5. */
  readonly sample?: number;
  /** Standard deviation of a number's mutation, as a share of its range. Above 0. Default: 0.1. */
  readonly spread?: number;
}

type Checked = Required<RegularisedEvolutionOptions>;

const rules: Rules<Checked> = { population: integerFrom(1, 20), sample: integerFrom(1, 5), spread: positive(0.1) };

/**
 * Each new trial is a copy of the best of a few members, with one parameter mutated; only the newest members are alive, so that none
 * lasts by luck. Failed and pruned trials are not members.
 *
 * Errors: SAMPLERS_OPTION…; when asked for a proposal, SAMPLERS_OBJECTIVE_COUNT, SPACE_CONSTRAINTS_TOO_TIGHT.
 */
export function regularisedEvolutionSampler(options?: RegularisedEvolutionOptions): Sampler {
  const checked = parseOptions<Checked>('regularisedEvolution', rules, options);
  return { name: 'regularisedEvolution', propose: (input) => ({ hyperparameters: propose(checked, input) }) };
}

function propose(options: Checked, { space, key, history, objectiveCount }: ProposeInput): Hyperparameters {
  if (objectiveCount !== 1) throw errors.SAMPLERS_OBJECTIVE_COUNT({ sampler: 'regularisedEvolution', objectiveCount });
  const alive = measured(history, 1).slice(-options.population);
  if (alive.length < options.population) return sampleSpace(space, key);
  const violations = totalViolations(alive);
  return firstNew(space, key, history, (attempt) => {
    const parent = tournament(alive, violations, options.sample, foldIn(attempt, 'tournament'));
    return child(space, parent.hyperparameters, options.spread, attempt);
  });
}

/** The best of `count` members; of equal ones, the one that was drawn first. */
function tournament(alive: readonly Measured[], violations: readonly number[], count: number, key: Key): Measured {
  const indices = [...alive.keys()];
  let best = pick(foldIn(key, 0), indices);
  for (let draw = 1; draw < count; draw++) {
    const other = pick(foldIn(key, draw), indices);
    const [less, more] = [violations[other]!, violations[best]!];
    if (less < more || (less === more && alive[other]!.losses[0]! < alive[best]!.losses[0]!)) best = other;
  }
  return alive[best]!;
}

function child(space: Space, parent: Hyperparameters, spread: number, key: Key): Hyperparameters {
  const inherited = compose(space, key, (parameter) => valueIn(parent, parameter));
  const changeable = space.parameters.filter((parameter) => canChange(parameter) && isActive(parameter, inherited));
  if (changeable.length === 0) return inherited;
  const mutated = pick(foldIn(key, 'parameter'), changeable);
  return compose(space, key, (parameter) => {
    const value = valueIn(inherited, parameter);
    if (value === undefined || parameter !== mutated) return value;
    return mutateNearby(parameter, value, foldIn(key, 'mutation'), spread);
  });
}
