import fc from 'fast-check';
import {
  decode,
  type Parameter,
  type ParameterDefinition,
  parseSpace,
  type SpaceDefinition,
  type Value,
} from '../../src/space/index.js';

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

const anyOrdinal = () => anyChoice().map(({ choice }) => ({ ordinal: choice }));

/** Every kind whose values can be counted. */
export const discrete = () =>
  fc.oneof(steppedFloat(), anyInt(), anyChoice(), anyOrdinal(), fc.constant({ boolean: true as const }));

/** Every kind of definition that is not fixed. */
export const anyDefinition = () => fc.oneof(linearFloat(), logFloat(), discrete());

/** [0, 1], with its ends often. */
export const unit = () => fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));

interface Drawn {
  readonly definition: ParameterDefinition;
  /** Which earlier parameters it depends on, and where in their ranges the values lie: all in [0, 1]. */
  readonly parents: readonly { readonly which: number; readonly at: readonly number[] }[];
  /** Where in its range the default lies, if it has one. */
  readonly defaultAt: number | null;
}

const drawn = (): fc.Arbitrary<Drawn> =>
  fc.record({
    definition: anyDefinition(),
    parents: fc.array(fc.record({ which: unit(), at: fc.array(unit(), { minLength: 1, maxLength: 3 }) }), {
      maxLength: 2,
    }),
    defaultAt: fc.option(unit()),
  });

/** A space whose parameters p0, p1, … may depend on earlier ones and have defaults. Some of it may never be active: then it does not. */
export const conditionalSpace = (): fc.Arbitrary<SpaceDefinition> =>
  fc.array(drawn(), { minLength: 1, maxLength: 8 }).map((all) => {
    let definition: SpaceDefinition = {};
    for (const [index, one] of all.entries()) definition = withDrawn(definition, `p${index}`, one);
    return definition;
  });

function withDrawn(definition: SpaceDefinition, name: string, { definition: own, parents, defaultAt }: Drawn) {
  const earlier = parseSpace(definition).parameters.filter(({ kind }) => kind !== 'float');
  const when = Object.fromEntries(
    parents.flatMap(({ which, at }) => {
      const parent = earlier[Math.min(earlier.length - 1, Math.floor(which * earlier.length))];
      return parent === undefined ? [] : [[parent.name, at.map((position) => decode(parent, position))]];
    }),
  );
  const written = {
    ...own,
    ...(defaultAt === null ? {} : { default: decode(parameter(own), defaultAt) }),
  } as ParameterDefinition;
  if (Object.keys(when).length === 0) return { ...definition, [name]: written };
  try {
    const whole = { ...definition, [name]: { ...written, when } };
    parseSpace(whole);
    return whole;
  } catch {
    return { ...definition, [name]: written };
  }
}

/** A conditional space with constraints between its numbers that leave at least about a quarter of it. */
export const constrainedSpace = () =>
  conditionalSpace().map((definition) => {
    const space = parseSpace(definition);
    const numbers = space.parameters.filter(({ kind }) => kind === 'int' || kind === 'float');
    const constraints = numbers.slice(0, 2).map((one) => `${one.name} <= ${Number(decode(one, 0.75))}`);
    const [a, b] = numbers;
    if (a !== undefined && b !== undefined) constraints.push(`${a.name} != ${b.name} || ${a.name} == ${b.name}`);
    const bounded = numbers.slice(0, 2).map((one) => one.name);
    // a default above the bound would be refused
    const free = Object.entries(definition).map(([name, one]) => {
      if (typeof one !== 'object' || !bounded.includes(name)) return [name, one];
      const { default: _, ...rest } = one as { default?: Value };
      return [name, rest];
    });
    return { definition: Object.fromEntries(free) as SpaceDefinition, constraints };
  });
