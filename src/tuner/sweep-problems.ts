/** What is wrong with a sweep, as lines for a person. */
import type * as z from 'zod';
import { didYouMean, TunerError } from '../errors/index.js';
import { describeValue, parseSpace } from '../space/index.js';
import { parseSchedule } from '../study/index.js';
import { requireStepIntervals } from './step-intervals.js';
import { type ParsedSweep, sweepSchema } from './sweep-schema.js';

export type Path = readonly PropertyKey[];

/** One thing that is wrong, and where. */
export interface Problem {
  /** From the sweep's root; empty for the root itself. */
  readonly path: Path;
  readonly text: string;
}

/** A sweep with a sound shape, or at least one problem. */
export function checkSweep(value: unknown): { sweep: ParsedSweep } | { problems: Problem[] } {
  const parsed = sweepSchema.safeParse(value);
  const shape = describeProblems(sweepSchema, parsed.error, value);
  const problems = [
    ...shape,
    ...exactlyOne(sweepSchema, value, 'strategy'),
    ...spaceProblems(value),
    ...scheduleProblems(value),
  ];
  if (parsed.success) problems.push(...intervalProblems(parsed.data));
  return parsed.success && problems.length === 0 ? { sweep: parsed.data } : { problems };
}

/** What `check` throws, if it is the user's mistake, as a problem of that place. */
export function problemOf(path: Path, check: () => void): Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof TunerError) || error.kind !== 'input') throw error;
    return [{ path, text: `${error.message}; ${error.todo}` }];
  }
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
  for (const key of path) schema = shapeOf(schema)?.[String(key)];
  return Object.keys(shapeOf(schema) ?? {});
}

function shapeOf(schema: z.core.$ZodType | undefined): Readonly<Record<string, z.core.$ZodType>> | undefined {
  let inner = schema as { def?: { innerType?: z.core.$ZodType }; shape?: Record<string, z.core.$ZodType> } | undefined;
  while (inner?.def?.innerType) inner = inner.def.innerType as typeof inner;
  return inner?.shape;
}

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
  return problemOf(['schedule'], () => requireStepIntervals(parseSchedule(schedule)));
}

function intervalProblems({ strategy, budget }: ParsedSweep): Problem[] {
  const [kind, given] = Object.entries(strategy).find(([, one]) => one !== undefined) ?? [];
  if (given?.interval === undefined || given.interval <= budget.steps) return [];
  const text = `must be at most the budget's steps, ${budget.steps}, not ${given.interval}`;
  return [{ path: ['strategy', kind!, 'interval'], text }];
}
