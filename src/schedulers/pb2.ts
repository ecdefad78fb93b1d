/**
 * Population-based bandits: Parker-Holder, Nguyen and Roberts 2020, "Provably efficient online hyperparameter optimization with
 * population-based bandits", algorithm 1 and section 3, https://arxiv.org/abs/2002.02518. Exploits as PBT does; what a copy goes on
 * with is where a time-varying Gaussian process (see `pb2-gp.ts`) expects the fastest improvement, with a bonus for what
 * it does not know.
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | x | score before the segment, scaled to [0, 1]; then each numeric mutable parameter, encoded to [0, 1] | [1 + params] |
 * | t | steps before the segment, in segments | a number |
 * | y | improvement of the score a step, standardised and held within ±2 | [segments] |
 * | κ | how much uncertainty is worth: the choice maximises mean + κ × deviation | a number |
 *
 * - Copies of one decision are chosen one after the other, by trial number; those already chosen are pending: the process is surer near
 *   them, which is what sends copies of one decision to different places. So are those that go on, which the authors' code leaves out.
 * - The score before a segment is a coordinate, as in the authors' code: what is left to gain depends on it. A copy is chosen for the score and the
 *   time that its segment begins with; theirs takes the score before its parent's last segment.
 * - The deviation is added, as in the paper; their code adds the variance.
 * - Choices without an order have no place in the model: they are explored as in PBT. Frozen parameters are coordinates that
 *   are held. Until two segments have improved on an earlier one, everything is explored as in PBT.
 */
import { foldIn, type Key, sequence } from '../random/index.js';
import { clip, contains, decode, encode, type Hyperparameters, type Parameter, type Value } from '../space/index.js';
import { type Copy, explore } from './explore.js';
import { type Improved, improvementsOf, type Range, rangeOf, rateOf, scaleOf, standardise } from './pb2-data.js';
import { type Place, TimeVaryingGaussianProcess } from './pb2-gp.js';
import type { Pb2Options } from './pb2-options.js';
import { decidePopulation, type Explorer, type Replaced } from './population.js';
import type { DecideInput, Scheduler } from './scheduler.js';

/** @param options as from `parsePb2Options`, which checks them; `population` and `interval` are the study's to keep */
export function pb2(options: Pb2Options): Scheduler {
  const explorer: Explorer = (input, replaced) => exploreAll(options, input, replaced);
  return {
    name: 'pb2',
    synchronous: options.asynchronous !== true,
    decide: (input) => decidePopulation(options, input, explorer),
  };
}

function exploreAll(options: Pb2Options, input: DecideInput, replaced: readonly Replaced[]): Copy[] {
  const { space, frozen } = input;
  const dimensions = space.parameters.filter(isModelled);
  const improvements = improvementsOf(input.history, options.memory ?? 200);
  const model =
    replaced.length > 0 && improvements.length >= 2 && dimensions.some(({ name }) => !frozen.has(name))
      ? new ResponseModel(dimensions, improvements, options.kappa)
      : undefined;
  const copied = new Set(replaced.map(({ trial }) => trial));
  // in an order of their own, since sums of floats depend on it
  for (const { trial, steps, score, hyperparameters } of [...input.members].sort((a, b) => a.trial - b.trial)) {
    if (!copied.has(trial) && Number.isFinite(score)) model?.addPending({ steps, score: score!, hyperparameters });
  }
  return replaced.map(({ key, own, steps, score, hyperparameters: parent }) => {
    const chosen = model?.choose({ steps, score, hyperparameters: parent }, frozen, foldIn(key, 'model'));
    const copy = explore(space, key, options, own, parent, frozen, chosen);
    model?.addPending({ steps, score, hyperparameters: copy.hyperparameters });
    return copy;
  });
}

/** Whether its values are in order, so that near ones may be expected to act alike. */
function isModelled(parameter: Parameter): boolean {
  if (parameter.structural) return false;
  return parameter.kind === 'choice' ? parameter.ordered : parameter.kind === 'float' || parameter.kind === 'int';
}

/** A state that trains, or will, with these hyperparameters. */
interface Situation {
  readonly steps: number;
  readonly score: number;
  readonly hyperparameters: Hyperparameters;
}

/** Uniform draws that the best of the acquisition is looked for among, and how many of them are improved by a local search. */
const candidateCount = 128;
const refinedCount = 2;
const [firstStride, lastStride] = [0.1, 0.01];

/**
 * √β for β = 0.2 + ln(0.4 n), where the logarithm counts as 0 below n = 2.5. Section 3 of the paper, where n are rounds; as in the authors' code n are
 * results. (Their first code multiplied 0.2 and the logarithm, which Ray Tune has mended: https://github.com/ray-project/ray/pull/28342.)
 *
 * @param n at least 1
 */
export function defaultKappa(n: number): number {
  return Math.sqrt(0.2 + Math.max(0, Math.log(0.4 * n)));
}

class ResponseModel {
  readonly #dimensions: readonly Parameter[];
  readonly #process: TimeVaryingGaussianProcess;
  readonly #kappa: number;
  readonly #round: number;
  readonly #scale: number;
  readonly #scores: Range;

  constructor(dimensions: readonly Parameter[], improvements: readonly Improved[], kappa: number | undefined) {
    this.#dimensions = dimensions;
    this.#kappa = kappa ?? defaultKappa(improvements.length);
    const lengths = improvements.map(({ fromStep, toStep }) => toStep - fromStep).sort((a, b) => a - b);
    this.#round = lengths[Math.floor(lengths.length / 2)]!;
    this.#scale = scaleOf(improvements.flatMap(({ before, score }) => [before, score]));
    this.#scores = rangeOf(improvements.map(({ before }) => before * this.#scale));
    const scaled = improvements.map((one) => ({
      ...one,
      before: one.before * this.#scale,
      score: one.score * this.#scale,
    }));
    const places = improvements.map(({ fromStep: steps, before: score, hyperparameters }) =>
      this.#placeOf({ steps, score, hyperparameters }),
    );
    this.#process = new TimeVaryingGaussianProcess(places, standardise(scaled.map(rateOf)));
  }

  addPending(situation: Situation): void {
    this.#process.addPending(this.#placeOf(situation));
  }

  /** Values for all modelled parameters that are not frozen. */
  choose(situation: Situation, frozen: ReadonlySet<string>, key: Key): ReadonlyMap<string, Value> {
    const { x, t } = this.#placeOf(situation);
    const predict = this.#process.predictorAt(t);
    const value = (at: readonly number[]) => {
      const { mean, deviation } = predict(at);
      return mean + this.#kappa * deviation;
    };
    // coordinate 0 is the score, which cannot be chosen
    const free = this.#dimensions.flatMap(({ name }, i) => (frozen.has(name) ? [] : [i + 1]));
    const best = maximise(value, x, free, key);
    return new Map(
      free.map((i) => {
        const parameter = this.#dimensions[i - 1]!;
        return [parameter.name, decode(parameter, best[i]!)];
      }),
    );
  }

  #placeOf({ steps, score, hyperparameters }: Situation): Place {
    const units = this.#dimensions.map((parameter) => unitOf(parameter, hyperparameters[parameter.name]));
    const before = (score * this.#scale - this.#scores.low) / this.#scores.width;
    // farther away nothing says anything of it, and infinity has no distances
    return { x: [Math.min(1e3, Math.max(-1e3, before)), ...units], t: steps / this.#round };
  }
}

/** Where a value lies in [0, 1]; one that is not in range (any more) at the nearest end, one that is not there in the middle. */
function unitOf(parameter: Parameter, value: Value | undefined): number {
  if (value === undefined) return 0.5;
  if (contains(parameter, value)) return encode(parameter, value);
  const isNumber = (parameter.kind === 'float' || parameter.kind === 'int') && typeof value === 'number';
  return isNumber ? encode(parameter, clip(parameter, value)) : 0.5;
}

/** Where `value` is highest of what differs from `x` in the coordinates `free`, each within [0, 1]. */
function maximise(
  value: (x: readonly number[]) => number,
  x: readonly number[],
  free: readonly number[],
  key: Key,
): readonly number[] {
  const next = sequence(key);
  const candidates = Array.from({ length: candidateCount }, () => {
    const drawn = [...x];
    for (const i of free) drawn[i] = next();
    return { x: drawn, value: value(drawn) };
  });
  candidates.sort((a, b) => b.value - a.value);
  const refined = candidates.slice(0, refinedCount).map((candidate) => refine(value, candidate, free));
  return refined.reduce((best, one) => (one.value > best.value ? one : best)).x;
}

interface Candidate {
  readonly x: readonly number[];
  readonly value: number;
}

/** Compass search: a stride along one coordinate where it helps, strides half as long where none does. */
function refine(value: (x: readonly number[]) => number, from: Candidate, free: readonly number[]): Candidate {
  let best = from;
  for (let stride = firstStride; stride >= lastStride; ) {
    const before = best.value;
    for (const i of free) {
      for (const sign of [-1, 1]) {
        const tried = best.x.with(i, Math.min(1, Math.max(0, best.x[i]! + sign * stride)));
        const triedValue = value(tried);
        if (triedValue > best.value) best = { x: tried, value: triedValue };
      }
    }
    // of a quantity whose deviation is 1
    if (!(best.value > before + 1e-3)) stride /= 2;
  }
  return best;
}
