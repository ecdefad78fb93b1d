/** The sampler of a sweep: a name, or a name with options. */
import { resolve } from 'node:path';
import { didYouMean } from '../errors/index.js';
import { describeValue } from '../space/index.js';
import { type SamplerSettings, type SweepSampler, samplerOf, sweepSamplers } from '../study/index.js';
import { type Problem, problemOf } from './sweep-problem.js';

/** The path of a module of one's own. */
export type ModulePath = `${string}.${'ts' | 'js' | 'mts' | 'mjs' | 'cts' | 'cjs'}`;

/** As it is written: `tpe`, or `{ tpe: { startupTrials: 5 } }`, or `./my-sampler.ts`. */
export type SamplerSweep =
  | SweepSampler
  | ModulePath
  | { readonly [N in SweepSampler]?: Readonly<Record<string, unknown>> };

/** What is wrong with it; the samplers check their own options. */
export function samplerProblems(given: unknown): Problem[] {
  const path = ['sampler'];
  if (isModule(given)) return [];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    if (sweepSamplers.includes(given as SweepSampler)) return [];
    const hint = typeof given === 'string' ? `.${didYouMean(given, sweepSamplers)}`.replace(/\.$/, '') : '';
    const must = `must be one of ${sweepSamplers.join(', ')}, an object of one of them with its options, or the path of a module such as ./sampler.ts`;
    return [{ path, text: `${must}, not ${describeValue(given)}${hint}` }];
  }
  const [name, ...others] = Object.keys(given);
  if (name === undefined || others.length > 0) {
    const has = name === undefined ? 'none' : [name, ...others].join(' and ');
    return [{ path, text: `must have exactly one of ${sweepSamplers.join(', ')}, and has ${has}` }];
  }
  if (!sweepSamplers.includes(name as SweepSampler)) {
    const hint = didYouMean(name, sweepSamplers);
    return [{ path: [...path, name], text: `is no sampler.${hint} Known: ${sweepSamplers.join(', ')}` }];
  }
  return optionProblems(name as SweepSampler, (given as Readonly<Record<string, unknown>>)[name]);
}

function optionProblems(name: SweepSampler, options: unknown): Problem[] {
  const path = ['sampler', name];
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return [{ path, text: `must be an object of options by name, not ${describeValue(options)}` }];
  }
  const [first] = Object.keys(options);
  if ((name === 'random' || name === 'sobol') && first !== undefined) {
    return [{ path: [...path, first], text: `is no option: ${name} has none` }];
  }
  const strategy = { kind: 'random', trials: 1, interval: 1 } as const;
  return problemOf(path, () => samplerOf({ sampler: { name, options: { ...options } }, strategy }));
}

/** Whether a sampler is written as the path of a module. */
export function isModule(given: unknown): given is ModulePath {
  return typeof given === 'string' && /\.[cm]?[jt]s$/.test(given);
}

/** As it is kept: JSON, and nobody else's to change. @param baseDirectory where relative paths start */
export function samplerSettings(given: SamplerSweep, baseDirectory = ''): SweepSampler | SamplerSettings {
  if (isModule(given)) return { name: 'own', options: { module: resolve(baseDirectory, given) } };
  if (typeof given === 'string') return given;
  const [[name, options]] = Object.entries(given) as [[SweepSampler, Readonly<Record<string, unknown>>]];
  return { name, options: JSON.parse(JSON.stringify(options)) as Record<string, unknown> };
}
