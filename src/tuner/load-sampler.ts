import { loadDefault } from '../modules/index.js';
import { validateHyperparameters } from '../space/index.js';
import type { OwnFunctions } from '../study/index.js';
import { errors } from './errors.js';

type Sampler = NonNullable<OwnFunctions['sampler']>;

/**
 * A sampler of the user's own: the default export of a module, or what it returns where it is a function. What it proposes is checked.
 *
 * @param path absolute
 * @throws TUNER_SAMPLER_NOT_ONE, MODULES_…; when it proposes what the space does not allow, SPACE_…
 */
export async function loadSampler(path: string): Promise<Sampler> {
  const found = await loadDefault(path);
  const sampler = typeof found === 'function' ? (found as () => unknown)() : found;
  if (!isSampler(sampler)) throw errors.TUNER_SAMPLER_NOT_ONE({ path });
  return {
    name: sampler.name,
    propose: (input) => {
      const { hyperparameters, note = null } = sampler.propose(input);
      return { hyperparameters: validateHyperparameters(input.space, hyperparameters), note };
    },
  };
}

function isSampler(given: unknown): given is Sampler {
  if (typeof given !== 'object' || given === null) return false;
  const { name, propose } = given as Partial<Sampler>;
  return typeof name === 'string' && name !== '' && typeof propose === 'function';
}
