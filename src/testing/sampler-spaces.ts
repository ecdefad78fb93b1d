/** Spaces that samplers are checked on: every kind of parameter, and what has broken samplers before. */
import { parseSpace, type Space } from '../space/index.js';

/** By what is special about them, to follow "in". */
export function spacesToSample(): ReadonlyMap<string, Space> {
  return new Map([
    ['a space of floats', parseSpace({ a: { float: [-1, 1] }, b: { float: [1e-7, 10], scale: 'log' } })],
    ['a space of floats in steps', parseSpace(steppedFloats)],
    ['a space of integers', parseSpace(integers)],
    ['a space of an integer with 2^53 - 1 values', parseSpace({ n: { int: [1 - 2 ** 52, 2 ** 52 - 1] } })],
    ['a space of choices', parseSpace(choices)],
    ['a space of every kind', mixedSpace()],
    ['a space with conditions', conditionalSpace()],
    ['a space with constraints', constrainedSpace()],
    ['a space with conditions and constraints', conditionalConstrainedSpace()],
    ['a space without parameters', parseSpace({})],
    ['a space of fixed parameters', parseSpace({ optimizer: 'adam', batchSize: 64, isDeep: true })],
    ['a space of parameters with one value', parseSpace(singles)],
    ['a space with names that objects have', parseSpace(awkwardNames)],
    ['a space of twelve floats', parseSpace(manyFloats)],
  ]);
}

const steppedFloats = {
  a: { float: [-10.2, 10.2], step: 0.1 },
  b: { float: [0, 1], step: 0.3 },
  c: { float: [0.01, 1], step: 0.01, scale: 'log' },
};

const integers = {
  a: { int: [-10, 10] },
  b: { int: [1, 100], scale: 'log' },
  c: { int: [3, 10], step: 2 },
  d: { int: [1, 1000], scale: 'log', step: 3 },
};

const choices = {
  a: { choice: ['x', 'y', 'z'] },
  b: { choice: [1, '1', true, 'true', 0] },
  c: { ordinal: ['small', 'medium', 'large', 'huge'] },
  d: { boolean: true },
};

const singles = {
  a: { float: [0.5, 0.5] },
  b: { int: [3, 3] },
  c: { choice: ['only'] },
  d: { float: [1, 1], scale: 'log' },
};

const awkwardNames = {
  constructor: { choice: ['a', 'b'] },
  toString: { float: [0, 1] },
  'näme with spaces': { int: [1, 3] },
  hasOwnProperty: { boolean: true, when: { constructor: 'a' } },
};

const manyFloats = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`x${i}`, { float: [-5, 5] }]));

/** Every kind of parameter. */
export function mixedSpace(): Space {
  return parseSpace({
    rate: { float: [1e-4, 1], scale: 'log' },
    momentum: { float: [0, 0.95], step: 0.05 },
    units: { int: [1, 512], scale: 'log' },
    layers: { int: [1, 4] },
    activation: { choice: ['relu', 'tanh', 'elu'] },
    size: { ordinal: ['small', 'medium', 'large'] },
    isNormalised: { boolean: true },
    batchSize: 64,
  });
}

function conditionalSpace(): Space {
  return parseSpace({
    optimizer: { choice: ['sgd', 'adam', 'none'] },
    rate: { float: [1e-4, 1], scale: 'log', when: { optimizer: ['sgd', 'adam'] } },
    momentum: { float: [0, 1], when: { optimizer: 'sgd' } },
    isNesterov: { boolean: true, when: { optimizer: 'sgd' } },
    damping: { float: [0, 0.5], when: { isNesterov: true } },
    layers: { int: [1, 3] },
    units1: { int: [1, 64] },
    units2: { int: [1, 64], when: { layers: [2, 3] } },
    units3: { int: [1, 64], when: { layers: 3 } },
  });
}

function constrainedSpace(): Space {
  return parseSpace(
    { low: { float: [0, 1] }, high: { float: [0, 1] }, a: { int: [1, 8] }, b: { int: [1, 8] } },
    { constraints: ['low <= high', 'a * b <= 16'] },
  );
}

function conditionalConstrainedSpace(): Space {
  return parseSpace(
    {
      layers: { int: [1, 2] },
      units1: { int: [8, 64], step: 8 },
      units2: { int: [8, 64], step: 8, when: { layers: 2 } },
      rate: { float: [1e-4, 1], scale: 'log' },
    },
    { constraints: ['units2 <= units1'] },
  );
}

/** How a space may have been before, and how it is now: what a sampler finds in its history need not be of its space. */
export function spacesThatChange(): ReadonlyMap<string, readonly [before: Space, after: Space]> {
  const space = (definition: unknown, constraints?: readonly string[]) => parseSpace(definition, { constraints });
  const [x, y] = [{ float: [0, 10] }, { int: [0, 10] }];
  const choice = { choice: ['a', 'b', 'c'] };
  return new Map([
    ['narrower', [space({ x, y }), space({ x: { float: [0, 5] }, y: { int: [0, 5] } })]],
    ['wider', [space({ x, y }), space({ x: { float: [-10, 20] }, y: { int: [-10, 20] } })]],
    ['elsewhere', [space({ x, y }), space({ x: { float: [20, 30] }, y: { int: [20, 30] } })]],
    ['added', [space({ x }), space({ x, y, choice })]],
    ['removed', [space({ x, y, choice }), space({ y })]],
    ['reordered', [space({ x, y, choice }), space({ choice, y, x })]],
    ['of another kind', [space({ x, y, choice }), space({ x: choice, y: x, choice: y })]],
    ['on a log scale', [space({ x, y }), space({ x: { float: [1e-3, 10], scale: 'log' }, y })]],
    ['in steps', [space({ x, y }), space({ x: { float: [0, 10], step: 2.5 }, y: { int: [0, 10], step: 5 } })]],
    ['of other items', [space({ x, choice }), space({ x, choice: { choice: ['c', 'd'] } })]],
    ['fixed', [space({ x, y, choice }), space({ x: 3, y, choice: 'd' })]],
    ['free', [space({ x: 3, y, choice: 'd' }), space({ x, y, choice })]],
    ['conditional', [space({ choice, x, y }), space({ choice, x: { ...x, when: { choice: 'a' } }, y })]],
    ['unconditional', [space({ choice, x: { ...x, when: { choice: 'a' } }, y }), space({ choice, x, y })]],
    ['constrained', [space({ x, y }), space({ x, y }, ['x <= y'])]],
    ['of nothing', [space({ x, y }), space({})]],
    ['of something', [space({}), space({ x, y })]],
  ]);
}
