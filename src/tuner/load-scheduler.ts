import { describeThrown, TunerError } from '../errors/index.js';
import { loadDefault } from '../modules/index.js';
import { checkedScheduler, type OwnFunctions } from '../study/index.js';
import { errors } from './errors.js';

type Scheduler = NonNullable<OwnFunctions['scheduler']>;

/**
 * A multi-fidelity scheduler of the user's own: the default export of a module, or what it returns where it is a function. What it
 * decides is checked.
 *
 * @param path absolute
 * @throws TUNER_SCHEDULER_NOT_ONE, TUNER_SCHEDULER_THROWS, MODULES_…; when it decides, SCHEDULERS_OWN_…
 */
export async function loadScheduler(path: string): Promise<Scheduler> {
  const found = await loadDefault(path);
  const scheduler = typeof found === 'function' ? await made(found as () => unknown, path) : found;
  if (!isScheduler(scheduler)) throw errors.TUNER_SCHEDULER_NOT_ONE({ path });
  return checkedScheduler(scheduler);
}

async function made(make: () => unknown, path: string): Promise<unknown> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof TunerError) throw error;
    throw errors.TUNER_SCHEDULER_THROWS({ path, problem: describeThrown(error) }, error);
  }
}

function isScheduler(given: unknown): given is Scheduler {
  if (typeof given !== 'object' || given === null) return false;
  const { name, pauses, begin } = given as Partial<Scheduler>;
  return typeof name === 'string' && name.trim() !== '' && typeof pauses === 'boolean' && typeof begin === 'function';
}
