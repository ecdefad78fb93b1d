import type { StudyState } from '../study/index.js';

/** A study's settings as a sweep that gives the same study, or why no sweep does. */
export function sweepOf({ settings, commands }: StudyState): { readonly sweep: object } | { readonly why: string } {
  const { schedule, strategy, budget, ...rest } = settings;
  if (commands.length > 0)
    return { why: 'the study was changed while it ran (`tfjs-tuner show`), so no sweep alone repeats it' };
  if (schedule !== undefined) return { why: "run the study's own sweep again: it has a schedule" };
  const { kind, ...options } = strategy;
  const { wallSeconds, ...counted } = budget;
  const sweep = {
    ...rest,
    strategy: { [kind]: options },
    budget: { ...counted, ...(wallSeconds === undefined ? {} : { wall: wallSeconds }) },
  };
  return { sweep };
}
