import type { Parameter, Space } from '../space/index.js';
import type { Dimension } from './parzen-dimension.js';

/**
 * Which parameters TPE models together.
 * - `joint`: all of them, conditional ones included: what is good for a parent's one choice is learnt with that choice.
 * - `group`: those that are active under the same conditions; between groups they count as independent.
 * - `independent`: each alone, as in Bergstra et al. 2011.
 */
export type Together = 'joint' | 'group' | 'independent';

/** Parameters that are proposed together, in the order of the space, and the dimensions of those that are not fixed. */
export interface Block {
  readonly parameters: readonly Parameter[];
  readonly dimensions: readonly Dimension[];
}

/**
 * The blocks of a space, parents before their children.
 *
 * `group` is Optuna's decomposition (`group=True`): subsets of parameters of which a trial has all or none. There it is
 * found from the trials, here it is read from the conditions, so it is right from the first trial on.
 */
export function blocksOf(space: Space, dimensions: readonly Dimension[], together: Together): readonly Block[] {
  const byKey = new Map<string, Parameter[]>();
  for (const parameter of space.parameters) {
    const key = blockKey(parameter, together);
    byKey.set(key, [...(byKey.get(key) ?? []), parameter]);
  }
  return [...byKey.values()].map((parameters) => ({
    parameters,
    dimensions: dimensions.filter(({ parameter }) => parameters.includes(parameter)),
  }));
}

function blockKey({ name, conditions }: Parameter, together: Together): string {
  switch (together) {
    case 'joint':
      return '';
    case 'group':
      return JSON.stringify(
        conditions.map(({ parent, values }) => JSON.stringify([parent, values.map(describe).sort()])).sort(),
      );
    case 'independent':
      return name;
    default:
      return together satisfies never;
  }
}

/** 1 and "1" are different values. */
function describe(value: unknown): string {
  return JSON.stringify(value);
}
