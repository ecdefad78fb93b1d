import { type Key, uniform } from '../random/index.js';
import type { Value } from './definition.js';
import type { Parameter } from './parameter.js';
import { decode } from './transform.js';

/** A draw from the parameter's prior: uniform on its scale, or over its items. A fixed parameter has its value. */
export function sample(parameter: Parameter, key: Key): Value {
  return parameter.kind === 'fixed' ? parameter.value : decode(parameter, uniform(key));
}
