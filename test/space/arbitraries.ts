import fc from 'fast-check';
import type { ParameterDefinition, Value } from '../../src/space/index.js';
import { type Parameter, parseSpace } from '../../src/space/index.js';

/** The parameter that a definition describes, named `p`. */
export function parameter(definition: ParameterDefinition | Value): Parameter {
  return parseSpace({ p: definition }).parameters[0]!;
}

/** The parameter, which must be of a number. */
export function numberParameter(definition: ParameterDefinition): Extract<Parameter, { kind: 'float' | 'int' }> {
  const parsed = parameter(definition);
  if (parsed.kind !== 'float' && parsed.kind !== 'int') throw new Error(`not a number: ${parsed.kind}`);
  return parsed;
}

const magnitude = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });

function bounds(bound: fc.Arbitrary<number>): fc.Arbitrary<readonly [number, number]> {
  return fc.tuple(bound, bound).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
}

export const linearFloat = () => bounds(magnitude(-1e6, 1e6)).map((float) => ({ float }));

export const logFloat = () => bounds(magnitude(1e-12, 1e12)).map((float) => ({ float, scale: 'log' as const }));

/** Decimal bounds and steps, as people write them. */
export const steppedFloat = () =>
  fc
    .record({
      low: fc.integer({ min: -5000, max: 5000 }),
      steps: fc.integer({ min: 1, max: 3000 }),
      step: fc.integer({ min: 1, max: 400 }),
      rest: fc.integer({ min: 0, max: 99 }),
      digits: fc.integer({ min: 0, max: 9 }),
      log: fc.boolean(),
    })
    .map(({ low, steps, step, rest, digits, log }) => {
      const from = log ? Math.abs(low) + 1 : low;
      const to = from + steps * step + (rest % step);
      const decimal = (scaled: number) => Number(`${scaled}e-${digits}`);
      const scale = log ? ('log' as const) : ('linear' as const);
      return { float: [decimal(from), decimal(to)] as const, step: decimal(step), scale };
    });

export const anyInt = () =>
  fc
    .record({
      range: bounds(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })),
      step: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000 })),
      log: fc.boolean(),
    })
    .map(({ range: [low, high], step, log }) => {
      const from = log ? Math.abs(low) + 1 : low;
      const to = Math.max(from, log ? Math.abs(high) + 1 : high);
      const scale = log ? ('log' as const) : ('linear' as const);
      return { int: [from, to] as const, scale, step: from === to ? 1 : Math.min(step, to - from) };
    });

const scalar = () =>
  fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
  );

export const anyChoice = () => fc.uniqueArray(scalar(), { minLength: 1, maxLength: 20 }).map((choice) => ({ choice }));

/** Every kind whose values can be counted. */
export const discrete = () => fc.oneof(steppedFloat(), anyInt(), anyChoice(), fc.constant({ boolean: true as const }));

/** Every kind of definition that is not fixed. */
export const anyDefinition = () => fc.oneof(linearFloat(), logFloat(), discrete());

/** [0, 1], with its ends often. */
export const unit = () => fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
