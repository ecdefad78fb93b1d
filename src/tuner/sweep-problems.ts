/** What is wrong with a sweep, as lines for a person. */
import type * as z from 'zod';
import { didYouMean } from '../errors/index.js';
import { describeValue, parseSpace } from '../space/index.js';
import { fidelitySchedulerOf, learnsFromResults, namedSampler, parseSchedule } from '../study/index.js';
import { earlierProblems, severalProblems, stopProblems } from './sweep-conflicts.js';
import { fidelityStrategyOf } from './sweep-fidelity.js';
import { goalContents, goalProblems } from './sweep-goals.js';
import { type Path, type Problem, problemOf } from './sweep-problem.js';
import { samplerProblems, samplerSettings } from './sweep-sampler.js';
import { type ParsedSweep, sweepSchema } from './sweep-schema.js';

/** A sweep with a sound shape, or at least one problem. */
export function checkSweep(value: unknown): { sweep: ParsedSweep } | { problems: Problem[] } {
  const parsed = sweepSchema.safeParse(value);
  const shape = describeProblems(sweepSchema, parsed.error, value);
  const sampling = samplingProblems(value);
  const problems = [
    ...shape,
    ...exactlyOne(sweepSchema, value, 'strategy'),
    ...goalProblems(value),
    ...sampling,
    ...spaceProblems(value),
    ...scheduleProblems(value),
  ];
  if (parsed.success) {
    const { data } = parsed;
    problems.push(...stepProblems(data), ...stopProblems(data), ...goalContents(data), ...severalProblems(data));
    problems.push(...earlierProblems(data));
  }
  if (parsed.success && sampling.length === 0) problems.push(...populationProblems(parsed.data));
  return parsed.success && problems.length === 0 ? { sweep: parsed.data } : { problems };
}

/** What a schema has against a value. */
export function describeProblems(
  schema: z.core.$ZodType,
  error: z.core.$ZodError | undefined,
  value: unknown,
): Problem[] {
  return error?.issues.flatMap((issue) => describeIssue(schema, issue, value)) ?? [];
}

function describeIssue(schema: z.core.$ZodType, issue: z.core.$ZodIssue, root: unknown): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], text: describeUnknownKey(schema, issue.path, key) }));
  }
  const given = valueAt(root, issue.path);
  const [must, hint] = describeExpected(schema, issue, given);
  const is = given === undefined ? 'and is missing' : `not ${describeValue(given)}`;
  return [{ path: issue.path, text: `must be ${must}, ${is}${hint}` }];
}

function describeExpected(
  schema: z.core.$ZodType,
  issue: z.core.$ZodIssue,
  given: unknown,
): [must: string, hint: string] {
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    return [known.join(' or '), typeof given === 'string' ? `.${didYouMean(given, known)}`.replace(/\.$/, '') : ''];
  }
  if (issue.code === 'invalid_type' && issue.expected === 'object') {
    return [`an object with the keys ${keysAt(schema, issue.path).join(', ')}`, ''];
  }
  const isQuoted = typeof given === 'string' && /number|integer|probability/.test(issue.message) && isNumeric(given);
  return [issue.message, isQuoted ? ' (write it without quotes)' : ''];
}

function isNumeric(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function describeUnknownKey(schema: z.core.$ZodType, parent: Path, key: string): string {
  const known = keysAt(schema, parent);
  const what = parent.at(-1) === 'strategy' ? 'strategy' : 'key';
  return `is no ${what} that is known here.${didYouMean(key, known)} Known: ${known.join(', ')}`;
}

/** The keys that the schema has at a path. */
function keysAt(root: z.core.$ZodType, path: Path): string[] {
  let schema: z.core.$ZodType | undefined = root;
  for (const key of path) schema = typeof key === 'number' ? elementOf(schema) : shapeOf(schema)?.[String(key)];
  return Object.keys(shapeOf(schema) ?? {});
}

interface Inner {
  readonly def?: { readonly innerType?: z.core.$ZodType };
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
}

/** The schema without what makes it optional. */
function innerOf(schema: z.core.$ZodType | undefined): Inner | undefined {
  let inner = schema as Inner | undefined;
  while (inner?.def?.innerType) inner = inner.def.innerType as Inner;
  return inner;
}

const shapeOf = (schema: z.core.$ZodType | undefined) => innerOf(schema)?.shape;
const elementOf = (schema: z.core.$ZodType | undefined) => innerOf(schema)?.element;

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return value;
}

function recordAt(root: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  const value = typeof root === 'object' && root !== null ? valueAt(root, [key]) : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as never) : undefined;
}

/** That an object of alternatives has one of them. */
export function exactlyOne(schema: z.core.$ZodType, root: unknown, name: string): Problem[] {
  const choice = recordAt(root, name);
  if (!choice) return [];
  const known = keysAt(schema, [name]);
  const given = Object.keys(choice).filter((key) => choice[key] !== undefined);
  // an unknown one is a problem of its own
  if (given.length === 1 || given.some((key) => !known.includes(key))) return [];
  const has = given.length === 0 ? 'none' : given.join(' and ');
  return [{ path: [name], text: `must have exactly one of ${known.join(', ')}, and has ${has}` }];
}

/** One problem for each parameter that is not right. Conditions are checked later: their parents may be the model's. */
export function spaceProblems(root: unknown): Problem[] {
  const space = recordAt(root, 'space');
  if (!space) return [];
  return Object.entries(space).flatMap(([name, definition]) =>
    problemOf(['space', name], () => parseSpace({ [name]: withoutCondition(definition) })),
  );
}

function withoutCondition(definition: unknown): unknown {
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) return definition;
  const { when: _, ...rest } = definition as Readonly<Record<string, unknown>>;
  return rest;
}

/** Which parameters are there is checked later: they may be the model's. */
function scheduleProblems(root: unknown): Problem[] {
  const schedule = recordAt({ root }, 'root')?.schedule;
  if (!Array.isArray(schedule)) return [];
  return problemOf(['schedule'], () => void parseSchedule(schedule));
}

function samplingProblems(root: unknown): Problem[] {
  const sampler = recordAt({ root }, 'root')?.sampler;
  return sampler === undefined ? [] : samplerProblems(sampler);
}

/** Steps that are more than a trial trains, and what else a scheduler says of its options. */
function stepProblems({ strategy, budget }: ParsedSweep): Problem[] {
  const [kind, given] = Object.entries(strategy).find(([, one]) => one !== undefined) ?? [];
  if (kind === undefined || given === undefined) return [];
  const tooMany = (['interval', 'minSteps', 'warmupSteps'] as const).flatMap((name): Problem[] => {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'number' || value <= budget.steps) return [];
    return [
      { path: ['strategy', kind, name], text: `must be at most the budget's steps, ${budget.steps}, not ${value}` },
    ];
  });
  if (tooMany.length > 0) return tooMany;
  return problemOf(['strategy', kind], () => {
    const fidelity = fidelityStrategyOf(strategy, budget.steps);
    // that of a module is checked once it is loaded
    if (fidelity !== undefined && fidelity.kind !== 'own') fidelitySchedulerOf(fidelity);
  });
}

/** A population is proposed before there is a result. */
function populationProblems({ strategy, sampler, earlier }: ParsedSweep): Problem[] {
  if (strategy.pbt === undefined && strategy.pb2 === undefined) return [];
  const name = sampler === undefined ? 'random' : namedSampler(samplerSettings(sampler)).name;
  if (name === 'own' || !learnsFromResults(name) || earlier !== undefined) return [];
  const text = `must not learn from results, of which there are none when a population begins, and ${name} does; use random, sobol, latinHypercube or grid, or learn from an earlier study`;
  return [{ path: ['sampler'], text }];
}
