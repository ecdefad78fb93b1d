import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../files/index.js';
import type { StateReference } from '../study/index.js';
import { layoutOf } from './layout.js';

const evaluation = z.object({
  /** SHA-256 of the checkpoint. */
  state: z.string(),
  trial: z.int().min(0),
  generation: z.int().min(0),
  metrics: z.record(z.string(), z.number()),
});
const schema = z.object({ version: z.literal(1), evaluations: z.array(evaluation) });

/** That a checkpoint was evaluated on the test split, and what it scored. */
export type TestEvaluation = z.infer<typeof evaluation>;

const pathOf = (root: string, study: string) => join(layoutOf(root, study).folder, 'test-evaluations.json');

/**
 * Every evaluation of a study's test split there has been, in order. It is looked at when a model is exported and at no other time, once
 * for a checkpoint: a split that is looked at often is no held-out split any more, so looks are counted.
 */
export function testEvaluations(root: string, study: string): TestEvaluation[] {
  const path = pathOf(root, study);
  if (!existsSync(path)) return [];
  return schema.parse(JSON.parse(readFileSync(path, 'utf8'))).evaluations;
}

/** The evaluation of this checkpoint, if it was made. */
export function findTestEvaluation(
  evaluations: readonly TestEvaluation[],
  state: StateReference,
): TestEvaluation | undefined {
  return evaluations.find(({ state: sha256 }) => sha256 === state.sha256);
}

/** Replaces the record, with one more. @throws FILES_… */
export async function recordTestEvaluations(
  root: string,
  study: string,
  evaluations: readonly TestEvaluation[],
): Promise<void> {
  await writeFileAtomic(pathOf(root, study), `${JSON.stringify({ version: 1, evaluations }, null, 2)}\n`);
}
