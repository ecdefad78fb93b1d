import { loadDefault } from '../modules/index.js';
import type { ExploreFunction, Strategy } from '../study/index.js';
import { errors } from './errors.js';

/**
 * The function of the user's own by which a population explores; `undefined` if there is none.
 *
 * @param given in code
 * @throws TUNER_EXPLORE_MISSING, TUNER_EXPLORE_NOT_A_FUNCTION, MODULES_…
 */
export async function loadExplore(
  strategy: Strategy,
  given: ExploreFunction | undefined,
): Promise<ExploreFunction | undefined> {
  if (strategy.kind !== 'pbt' || typeof strategy.explore !== 'object') return undefined;
  if (given !== undefined) return given;
  const { module } = strategy.explore;
  if (module === null) throw errors.TUNER_EXPLORE_MISSING({});
  const found = await loadDefault(module);
  const explore = typeof found === 'function' ? found : ofSweep(found);
  if (typeof explore !== 'function') throw errors.TUNER_EXPLORE_NOT_A_FUNCTION({ path: module });
  return explore as ExploreFunction;
}

/** A sweep in TypeScript or JavaScript may have the function itself. */
function ofSweep(found: unknown): unknown {
  const sweep = found as { readonly strategy?: { readonly pbt?: { readonly explore?: unknown } } } | null;
  return sweep?.strategy?.pbt?.explore;
}
