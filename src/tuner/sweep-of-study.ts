import { isDeepStrictEqual } from 'node:util';
import { TunerError } from '../errors/index.js';
import type { Strategy, StudySettings, StudyState } from '../study/index.js';
import { readModelSweep } from './sweep-file.js';
import { objectSource } from './sweep-source.js';

/** A study's settings as a sweep that gives the same study, or why no sweep does. */
export function sweepOf({ settings, commands }: StudyState): { readonly sweep: object } | { readonly why: string } {
  if (commands.length > 0)
    return { why: 'the study was changed while it ran (`tfjs-tuner show`), so no sweep alone repeats it' };
  if (settings.schedule !== undefined) return { why: "run the study's own sweep again: it has a schedule" };
  if (settings.earlier !== undefined)
    return { why: "run the study's own sweep again: it learns from an earlier study" };
  const sweep = writtenSweep(settings);
  return isSweepOf(sweep, settings) ? { sweep } : { why: "run the study's own sweep again" };
}

function writtenSweep({ strategy, budget, training, objective, sampler, ...rest }: StudySettings): object {
  const { wallSeconds, ...counted } = budget;
  // told from the data set
  const { rows: _, ...written } = training;
  return {
    ...rest,
    ...(rest.objectives === undefined ? { objective } : {}),
    ...(sampler === undefined ? {} : { sampler: writtenSampler(sampler) }),
    strategy: writtenStrategy(strategy),
    budget: { ...counted, ...(wallSeconds === undefined ? {} : { wall: wallSeconds }) },
    training: written,
  };
}

function writtenSampler(sampler: NonNullable<StudySettings['sampler']>): unknown {
  if (typeof sampler === 'string') return sampler;
  return sampler.name === 'own' ? sampler.options.module : { [sampler.name]: sampler.options };
}

function writtenStrategy({ kind, ...options }: Strategy): object {
  if ('options' in options) {
    const { options: own, ...counted } = options;
    return { [kind]: { ...counted, ...own } };
  }
  const { explore } = options as { explore?: string | { readonly module: string | null } };
  if (typeof explore !== 'object') return { [kind]: options };
  return { [kind]: { ...options, explore: explore.module } };
}

/** Whether reading the sweep gives the settings again: not where a function was given in code, say. */
function isSweepOf(sweep: object, settings: StudySettings): boolean {
  try {
    const read = readModelSweep(objectSource(JSON.parse(JSON.stringify(sweep)) as object)).settings;
    const { rows: _, ...training } = settings.training;
    return isDeepStrictEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify({ ...settings, training })));
  } catch (error) {
    if (error instanceof TunerError && error.kind === 'input') return false;
    throw error;
  }
}
