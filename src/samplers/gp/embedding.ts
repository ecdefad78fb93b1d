/**
 * Spaces as a Gaussian process sees them.
 *
 * A *dimension* is a parameter with more than one value. A *genome* has a number for each: where values are discrete and at most 1024,
 * the index of one, and otherwise a position in [0, 1]. A *point*, what the kernel compares, has for each dimension the position in
 * [0, 1] that the value is encoded as, so that what the kernel sees is always rounded as the trial will be (Garrido-Merchán and
 * Hernández-Lobato 2020, https://arxiv.org/abs/1805.03463), or, for an unordered choice, the index of its item.
 *
 * Conditional parameters keep their gene while they are not active, but the point has a fixed stand-in there: the middle
 * of the range, or an item of its own. So values without effect have no distance, and trials that differ in a parent are told apart by
 * the parent's own dimension.
 */
import {
  contains,
  decode,
  encode,
  type Hyperparameters,
  isActive,
  type Parameter,
  type Space,
  type Value,
} from '../../space/index.js';
import { enumerated } from '../enumerated.js';

/** Above so many values a parameter is taken as continuous, and rounded when it is decoded. */
const tableAtMost = 1024;

const inactivePosition = 0.5;

export interface Dimension {
  readonly parameter: Parameter;
  /** Every value in order, or `null` where it is taken as continuous. */
  readonly values: readonly Value[] | null;
  /** Where each of `values` lies; rising, unless it is an unordered choice. */
  readonly positions: Float64Array;
  readonly isCategorical: boolean;
  /** Of the stand-in for not being active. */
  readonly inactive: number;
}

export interface Embedding {
  readonly space: Space;
  readonly dimensions: readonly Dimension[];
  readonly isCategorical: readonly boolean[];
  /** Whether all parameters always are active. */
  readonly isFlat: boolean;
  /** For each parameter of the space, its dimension or -1. */
  readonly dimensionOf: readonly number[];
  /** For each parameter of the space, its conditions; all must be open for it to be active. */
  readonly gates: readonly (readonly Gate[])[];
}

/** A condition as it is asked of genomes, thousands of times a proposal. */
interface Gate {
  /** Which parameter of the space. */
  readonly parent: number;
  /** Whether a parent that is active and has this gene fulfils the condition. */
  readonly isOpen: (gene: number) => boolean;
}

export function embed(space: Space): Embedding {
  const dimensions: Dimension[] = [];
  const dimensionOf = space.parameters.map((parameter) => {
    const dimension = toDimension(parameter);
    return dimension === undefined ? -1 : dimensions.push(dimension) - 1;
  });
  const gates = space.parameters.map(({ conditions }) =>
    conditions.map(({ parent, values }): Gate => {
      const index = space.parameters.findIndex(({ name }) => name === parent);
      return { parent: index, isOpen: openings(space.parameters[index]!, dimensions[dimensionOf[index]!], values) };
    }),
  );
  return {
    space,
    dimensions,
    dimensionOf,
    gates,
    isCategorical: dimensions.map(({ isCategorical }) => isCategorical),
    isFlat: space.parameters.every(({ conditions }) => conditions.length === 0),
  };
}

function openings(parent: Parameter, dimension: Dimension | undefined, allowed: readonly Value[]): Gate['isOpen'] {
  if (dimension === undefined) {
    const isOpen = allowed.includes(decode(parent, 0));
    return () => isOpen;
  }
  if (dimension.values === null) return (gene) => allowed.includes(decode(parent, gene));
  const isOpen = dimension.values.map((value) => allowed.includes(value));
  return (gene) => isOpen[gene]!;
}

function toDimension(parameter: Parameter): Dimension | undefined {
  const values = enumerated(parameter, tableAtMost);
  if (values?.length === 1) return undefined;
  const isCategorical = parameter.kind === 'choice' && !parameter.ordered;
  const positions = (values ?? []).map((value, index) => (isCategorical ? index : encode(parameter, value)));
  return {
    parameter,
    values,
    positions: Float64Array.from(positions),
    isCategorical,
    inactive: isCategorical ? positions.length : inactivePosition,
  };
}

/** The gene whose value lies at the position `unit`, in [0, 1], or nearest to it. */
export function geneAt({ values, positions, isCategorical }: Dimension, unit: number): number {
  if (values === null) return unit;
  if (isCategorical) return Math.min(values.length - 1, Math.floor(unit * values.length));
  let [low, high] = [0, positions.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (unit > (positions[middle]! + positions[middle + 1]!) / 2) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The values of a genome's active parameters, in the space's order. Constraints may not hold. */
export function valuesAt(embedding: Embedding, genome: Float64Array): Hyperparameters {
  const values: Record<string, Value> = {};
  for (const [index, parameter] of embedding.space.parameters.entries()) {
    if (!isActive(parameter, values)) continue;
    const at = embedding.dimensionOf[index]!;
    values[parameter.name] = at < 0 ? decode(parameter, 0) : geneValue(embedding.dimensions[at]!, genome[at]!);
  }
  return values;
}

function geneValue({ parameter, values }: Dimension, gene: number): Value {
  return values === null ? decode(parameter, gene) : values[gene]!;
}

/** The point of a genome, into `point`; and which dimensions are active, into `active`, as 0 or 1. */
export function toPoint(embedding: Embedding, genome: Float64Array, point: Float64Array, active: Uint8Array): void {
  const { dimensions } = embedding;
  if (embedding.isFlat) active.fill(1);
  else findActive(embedding, genome, active);
  for (let at = 0; at < dimensions.length; at++) {
    const { values, positions, inactive } = dimensions[at]!;
    if (active[at] === 0) point[at] = inactive;
    else point[at] = values === null ? genome[at]! : positions[genome[at]!]!;
  }
}

/** The point of a genome, as a new array. */
export function pointOf(embedding: Embedding, genome: Float64Array): Float64Array {
  const point = new Float64Array(genome.length);
  toPoint(embedding, genome, point, new Uint8Array(genome.length));
  return point;
}

function findActive({ gates, dimensionOf }: Embedding, genome: Float64Array, active: Uint8Array): void {
  const isOn = new Uint8Array(gates.length);
  for (let index = 0; index < gates.length; index++) {
    // a parent that is not active has no value at all, so its children are not active either
    const open = gates[index]!.every(({ parent, isOpen }) => {
      return isOn[parent] === 1 && isOpen(genome[dimensionOf[parent]!]!);
    });
    isOn[index] = open ? 1 : 0;
    const at = dimensionOf[index]!;
    if (at >= 0) active[at] = isOn[index]!;
  }
}

/**
 * The genome of a trial's values, which may come from another space.
 *
 * @returns `undefined` if a parameter that would be active here has no value, or one that is not allowed here
 */
export function genomeOf(embedding: Embedding, given: Hyperparameters): Float64Array | undefined {
  const genome = new Float64Array(embedding.dimensions.length);
  const values: Record<string, Value> = {};
  for (const [index, parameter] of embedding.space.parameters.entries()) {
    const at = embedding.dimensionOf[index]!;
    const active = isActive(parameter, values);
    if (active) {
      const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined;
      if (!contains(parameter, value)) return undefined;
      values[parameter.name] = value;
    }
    if (at < 0) continue;
    const dimension = embedding.dimensions[at]!;
    if (active) genome[at] = geneOf(dimension, values[parameter.name]!);
    else genome[at] = geneAt(dimension, inactivePosition);
  }
  return genome;
}

function geneOf(dimension: Dimension, value: Value): number {
  const { parameter, values, isCategorical } = dimension;
  if (values === null) return encode(parameter, value);
  if (isCategorical || typeof value !== 'number') return values.indexOf(value);
  // by its position, since a grid may have a thousand values
  return geneAt(dimension, encode(parameter, value));
}
