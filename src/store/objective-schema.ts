/** What the records of an objective function's study must look like. */
import * as z from 'zod';
import {
  type AskTellRecord,
  type ObjectiveStudyRecord,
  type ObjectiveStudySettings,
  objectiveFormat,
  type StudyRecord,
} from '../study/index.js';
import { errors } from './errors.js';
import { checkRecord } from './record-schema.js';

const count = z.int().min(0);
const number = z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN'])]);
const metrics = z.record(z.string(), number);
const state = z.strictObject({ file: z.string(), bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const isObject = (given: unknown) => typeof given === 'object' && given !== null;

/** What is `custom` was made, and checked, by the study itself. */
const ownRecord = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('objective'),
    format: z.literal(objectiveFormat),
    settings: z.custom<ObjectiveStudySettings>(isObject),
    versions: z.record(z.string(), z.string()),
  }),
  z.strictObject({
    kind: z.literal('asktell'),
    record: z.custom<AskTellRecord>(isObject),
    metrics: metrics.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('checkpoint'),
    trial: count,
    state,
    reports: z.array(z.strictObject({ step: count, metrics })).readonly(),
  }),
]);

const ownKinds: readonly string[] = ['objective', 'asktell', 'checkpoint'];

/** @throws STORE_RECORD_INVALID */
export function checkAnyRecord(record: StudyRecord | ObjectiveStudyRecord): void {
  if (!ownKinds.includes(record?.kind)) {
    checkRecord(record as StudyRecord);
    return;
  }
  const { error } = ownRecord.safeParse(record);
  if (!error) return;
  const why = error.issues.map(({ path, message }) => `${path.join('.') || 'the record'}: ${message}`).join('; ');
  throw errors.STORE_RECORD_INVALID({ kind: record.kind, why });
}
