/** Parameters as dimensions of a Parzen estimator: positions in [0, 1], and the parts of it that discrete values own. */
import { decode, encode, neighbour, type Parameter, type Space } from '../space/index.js';

/**
 * How a dimension's kernels look.
 * - `continuous`: floats, and grids so fine that no cell is wider than `finest`.
 * - `cells`: numbers on a grid and ordinal choices; a value is the part of the unit interval that decodes to it.
 * - `categories`: choices without order.
 */
export type DimensionKind = 'continuous' | 'cells' | 'categories';

export interface Dimension {
  readonly parameter: Parameter;
  readonly kind: DimensionKind;
  /** Where its position stands in a row. */
  readonly index: number;
  /** What {@link cellAt} has found, by position: finding it takes as long as a hundred kernels. */
  readonly cells: Map<number, Cell>;
}

/** A part of the unit interval. */
type Cell = readonly [from: number, to: number];

/** A thirtieth of the narrowest kernel: over such a cell a density differs from its mean by less than 5e-5. */
const finest = 1e-3;

/** The dimensions of a space: its parameters that have more than one value, in order. */
export function dimensionsOf({ parameters }: Space): readonly Dimension[] {
  const free = parameters.filter((parameter) => parameter.kind !== 'fixed' && !hasOneValue(parameter));
  return free.map((parameter, index) => ({ parameter, kind: kindOf(parameter), index, cells: new Map() }));
}

function hasOneValue(parameter: Parameter): boolean {
  switch (parameter.kind) {
    case 'float':
    case 'int':
      return parameter.low === parameter.high || parameter.grid?.count === 1;
    case 'choice':
      return parameter.items.length === 1;
    case 'fixed':
      return true;
    default:
      return parameter satisfies never;
  }
}

function kindOf(parameter: Parameter): DimensionKind {
  if (parameter.kind === 'choice') return parameter.ordered ? 'cells' : 'categories';
  if (parameter.kind === 'fixed' || parameter.grid === null) return 'continuous';
  // the lowest cell is the widest, on either scale
  const [, end] = findCell(parameter, encode(parameter, parameter.low));
  return end > finest ? 'cells' : 'continuous';
}

/**
 * The part of the unit interval whose value is at `position`: its ends lie midway to the neighbours' positions.
 *
 * @param position that of a value, as `encode` gives it
 */
export function cellAt({ parameter, cells }: Dimension, position: number): Cell {
  const known = cells.get(position);
  if (known !== undefined) return known;
  const found = findCell(parameter, position);
  cells.set(position, found);
  return found;
}

function findCell(parameter: Parameter, position: number): Cell {
  const value = decode(parameter, position);
  const [before, after] = [neighbour(parameter, value, -1), neighbour(parameter, value, 1)];
  const from = before === undefined ? 0 : (encode(parameter, before) + position) / 2;
  const to = after === undefined ? 1 : (encode(parameter, after) + position) / 2;
  return [from, to];
}
