/** Brings a sweep's space and its model's together, and says what of it shapes a model. */
import type { Shape } from '../engine/index.js';
import {
  type Hyperparameters,
  type Parameter,
  type ParameterDefinition,
  parseSpace,
  type Space,
  type SpaceDefinition,
  type Value,
} from '../space/index.js';
import { type StudySettings, trialCount } from '../study/index.js';
import { errors } from './errors.js';

/** Hyperparameters that the tuner itself reads, so that a sweep may tune them although no model declares them. */
const tunerParameters = ['batchSize'] as const;

/**
 * The space a study searches: the model's own, with those parameters replaced that the sweep names. A replaced parameter
 * stays structural or mutable as the model declares it, also when it is a bare value.
 */
export function resolveSpace(model: SpaceDefinition, sweep: SpaceDefinition | undefined): SpaceDefinition {
  const declared = parseSpace(model);
  const merged: Record<string, ParameterDefinition | Value> = { ...model };
  for (const [name, definition] of Object.entries(sweep ?? {})) {
    const own = declared.parameters.find((parameter) => parameter.name === name);
    if (!own && !tunerParameters.includes(name as never)) {
      const known = [...declared.parameters.map((parameter) => parameter.name), ...tunerParameters];
      throw errors.TUNER_UNKNOWN_HYPERPARAMETER({ name, known });
    }
    merged[name] = inheritStructural(definition, own?.structural ?? true);
  }
  for (const parameter of parseSpace(merged).parameters) checkMutable(parameter);
  return merged;
}

function inheritStructural(definition: ParameterDefinition | Value, structural: boolean): ParameterDefinition | Value {
  if (typeof definition === 'object') return { structural, ...definition };
  return structural ? definition : { choice: [definition], structural };
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

/** The shape of a trial with these hyperparameters. */
export function shapeOf(
  settings: StudySettings,
  space: Space,
  hyperparameters: Hyperparameters,
  requireTraced = false,
): Shape {
  const structural: Record<string, Value> = {};
  const mutable: Record<string, [number, number]> = {};
  for (const parameter of space.parameters) {
    if (parameter.structural) structural[parameter.name] = hyperparameters[parameter.name]!;
    else mutable[parameter.name] = samplePair(parameter);
  }
  const { training, strategy, budget } = settings;
  const shapes = Math.min(structuralCombinations(space), trialCount(strategy));
  return {
    structural,
    mutable,
    batchSize: typeof structural.batchSize === 'number' ? structural.batchSize : training.batchSize,
    evaluationBatchSize: training.evaluationBatchSize,
    compile: training.compile,
    requireTraced,
    trials: trialCount(strategy),
    plannedSteps: Math.round((trialCount(strategy) * budget.steps) / shapes),
  };
}

/** How many shapes the space has; parameters count as many as they have values. */
function structuralCombinations(space: Space): number {
  const structural = space.parameters.filter((parameter) => parameter.structural);
  return structural.reduce((product, parameter) => product * valueCount(parameter), 1);
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
