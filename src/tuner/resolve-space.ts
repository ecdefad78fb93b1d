/** Brings a sweep's space and its model's together, and says what of it shapes a model. */
import type { Shape } from '../engine/index.js';
import {
  contains,
  decode,
  type Hyperparameters,
  isActive,
  neighbour,
  type Parameter,
  type ParameterDefinition,
  parseSpace,
  type Space,
  type SpaceDefinition,
  type Value,
} from '../space/index.js';
import { foldCount, type StudySettings, trialCount } from '../study/index.js';
import { errors } from './errors.js';

/** Hyperparameters that the tuner itself reads, so that a sweep may tune them although no model declares them. */
const tunerParameters = ['batchSize'] as const;

/**
 * The space a study searches: the model's own, with those parameters replaced that the sweep names. A replaced parameter
 * stays structural or mutable as the model declares it, also when it is a bare value; and it keeps the model's conditions
 * unless it has its own. Where a replaced parameter has fewer values than the model's, conditions on it lose the others, and
 * parameters of the model that can no longer be active are left out.
 *
 * @param constraints of the sweep, which are checked against the whole space
 *
 * Errors: SPACE_…, TUNER_UNKNOWN_HYPERPARAMETER, TUNER_MUTABLE_NOT_A_NUMBER, TUNER_MUTABLE_PARENT.
 */
export function resolveSpace(
  model: SpaceDefinition,
  sweep: SpaceDefinition | undefined,
  constraints?: readonly string[],
): SpaceDefinition {
  const declared = parseSpace(model);
  const replaced: Record<string, Written> = { ...model };
  for (const [name, definition] of Object.entries(sweep ?? {})) {
    const own = declared.parameters.find((parameter) => parameter.name === name);
    if (!own && !tunerParameters.includes(name as never)) {
      const known = [...declared.parameters.map((parameter) => parameter.name), ...tunerParameters];
      throw errors.TUNER_UNKNOWN_HYPERPARAMETER({ name, known });
    }
    replaced[name] = inheritCondition(inheritStructural(definition, own?.structural ?? true), model[name]);
  }
  const merged = withoutImpossible(replaced, model, sweep ?? {});
  const { parameters } = parseSpace(merged, { constraints });
  for (const parameter of parameters) {
    checkMutable(parameter);
    checkParents(parameter, parameters);
  }
  return merged;
}

type Written = ParameterDefinition | Value;

function inheritStructural(definition: Written, structural: boolean): Written {
  if (typeof definition !== 'object') return structural ? definition : { choice: [definition], structural };
  if (!('fixed' in definition)) return { structural, ...definition };
  const { fixed, ...rest } = definition;
  return structural ? definition : { choice: [fixed], structural, ...rest };
}

function inheritCondition(definition: Written, own: Written | undefined): Written {
  const when = typeof own === 'object' ? own.when : undefined;
  if (when === undefined) return definition;
  return typeof definition === 'object' ? { when, ...definition } : { fixed: definition, when };
}

/** The parameters that can be active. What the sweep itself asks for is never left out in silence: it is an error. */
function withoutImpossible(
  replaced: Readonly<Record<string, Written>>,
  model: SpaceDefinition,
  sweep: SpaceDefinition,
): SpaceDefinition {
  const kept: Record<string, Written> = {};
  for (const [name, definition] of Object.entries(replaced)) {
    const narrowed = Object.hasOwn(model, name) ? narrow(definition, kept) : definition;
    if (narrowed !== undefined) kept[name] = narrowed;
    else if (Object.hasOwn(sweep, name)) kept[name] = definition;
  }
  return kept;
}

/** The definition with those values of its conditions that its parents can still have; `undefined` if one has none left. */
function narrow(definition: Written, earlier: SpaceDefinition): Written | undefined {
  if (typeof definition !== 'object' || definition.when === undefined) return definition;
  const { parameters } = parseSpace(earlier);
  const when: Record<string, Value | readonly Value[]> = {};
  for (const [parent, given] of Object.entries(definition.when)) {
    const found = parameters.find(({ name }) => name === parent);
    const values = [given].flat().filter((value) => found !== undefined && contains(found, value));
    if (values.length === 0) return undefined;
    when[parent] = Array.isArray(given) ? values : values[0]!;
  }
  return { ...definition, when };
}

/** A graph is made for one set of active hyperparameters, which must not change while a trial runs. */
function checkParents({ name, conditions }: Parameter, parameters: readonly Parameter[]): void {
  for (const { parent } of conditions) {
    const found = parameters.find((parameter) => parameter.name === parent);
    if (found?.structural === false) throw errors.TUNER_MUTABLE_PARENT({ name, parent });
  }
}

/** What is fed to a graph is a number. */
function checkMutable(parameter: Parameter): void {
  if (parameter.structural || parameter.kind === 'float' || parameter.kind === 'int') return;
  const values: readonly Value[] = parameter.kind === 'choice' ? parameter.items : [];
  const bad = values.find((value) => typeof value === 'string');
  if (bad !== undefined) throw errors.TUNER_MUTABLE_NOT_A_NUMBER({ name: parameter.name, value: String(bad) });
}

/** Two values of a parameter that differ, as far as it has two: what a step is tried on while it is traced. */
function samplePair(parameter: Parameter): [number, number] {
  switch (parameter.kind) {
    case 'float':
    case 'int':
      return distinct(parameter.low, parameter.high);
    case 'choice':
      return distinct(Number(parameter.items[0]), Number(parameter.items.at(-1)));
    case 'fixed':
      return distinct(Number(parameter.value), Number(parameter.value));
    default:
      return parameter satisfies never;
  }
}

function distinct(a: number, b: number): [number, number] {
  return a === b ? [a, a === 0 ? 0.5 : a / 2] : [a, b];
}

/**
 * The shape of a trial with these hyperparameters. It has those that are active only, so that trials with other ones have another
 * shape.
 */
export function shapeOf(
  settings: StudySettings,
  space: Space,
  hyperparameters: Hyperparameters,
  requireTraced = false,
): Shape {
  const structural: Record<string, Value> = {};
  const mutable: Record<string, [number, number]> = {};
  for (const parameter of space.parameters) {
    const { name } = parameter;
    if (!Object.hasOwn(hyperparameters, name)) continue;
    if (parameter.structural) structural[name] = hyperparameters[name]!;
    else mutable[name] = samplePair(parameter);
  }
  const { training, strategy, budget } = settings;
  const trials = trialCount(strategy);
  const shapes = shapeCount(space, trials);
  const models = trials * foldCount(settings);
  return {
    structural,
    mutable,
    batchSize: typeof structural.batchSize === 'number' ? structural.batchSize : training.batchSize,
    evaluationBatchSize: training.evaluationBatchSize,
    compile: training.compile,
    requireTraced,
    trials: models,
    plannedSteps: Math.round((models * budget.steps) / shapes),
  };
}

/** How many shapes the space has, at most `most`; parameters count as many as they have values. */
function shapeCount({ parameters }: Space, most: number): number {
  const parents = new Set(parameters.flatMap(({ conditions }) => conditions.map(({ parent }) => parent)));
  const countFrom = (index: number, values: Hyperparameters): number => {
    const parameter = parameters[index];
    if (parameter === undefined) return 1;
    if (!parameter.structural || !isActive(parameter, values)) return countFrom(index + 1, values);
    if (!parents.has(parameter.name)) return Math.min(most, valueCount(parameter) * countFrom(index + 1, values));
    let count = 0;
    // each value counts at least 1, so a range of any size ends soon
    for (let value: Value | undefined = decode(parameter, 0); value !== undefined && count < most; ) {
      count += countFrom(index + 1, { ...values, [parameter.name]: value });
      value = neighbour(parameter, value, 1);
    }
    return Math.min(most, count);
  };
  return countFrom(0, {});
}

function valueCount(parameter: Parameter): number {
  if (parameter.kind === 'choice') return parameter.items.length;
  if (parameter.kind === 'int') return parameter.grid.count;
  return parameter.kind === 'fixed' ? 1 : Number.POSITIVE_INFINITY;
}

/** Values of the mutable hyperparameters, as they are fed: true is 1, false 0. */
export function mutableValues(shape: Shape, hyperparameters: Hyperparameters): Record<string, number> {
  return Object.fromEntries(Object.keys(shape.mutable).map((name) => [name, Number(hyperparameters[name])]));
}
