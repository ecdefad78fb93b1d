/** Schemas of single values in a sweep, each with a phrase that follows "must be". */
import * as z from 'zod';

/** An integer of at least `least`. */
export const integer = (least: number, must: string) => z.int({ error: must }).min(least, { error: must });

export const number = (must: string, holds: (given: number) => boolean) =>
  z.number({ error: must }).refine(holds, { error: must });

export const steps = integer(1, 'an integer of at least 1, in steps');

export const notEmpty = (must: string) => z.string({ error: must }).min(1, { error: must });
