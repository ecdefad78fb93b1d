import { z } from 'zod';
import { errors } from './errors.js';
import type { TabularEncoder } from './feature-encoder.js';
import { describeIssues } from './issues.js';
import { encoderSchema, seriesSchema } from './read-encoder.js';
import type { SharedDataset } from './shared-dataset.js';

const text = z.string();
const label = text.optional();

const schema = z.object({
  version: z.literal(2),
  /** The data set's name. */
  dataset: text,
  /** A row of `x`: the values of the source × `scale` + `offset`, unless they are indices into `vocabulary`. */
  features: z.object({
    shape: z.array(z.int().min(0)),
    scale: z.number(),
    offset: z.number(),
    names: z.array(text).optional(),
    vocabulary: z.array(text).optional(),
  }),
  /** A row of `categories`, where the model has that input. */
  categories: z.object({ names: z.array(text), sizes: z.array(z.int().min(1)) }).optional(),
  /** Absent where rows are no rows of a table, such as images. */
  encoder: encoderSchema.optional(),
  /** Given where rows are windows of a series. */
  series: seriesSchema.optional(),
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('class'), label, classes: z.array(text).min(1) }),
    z.object({ kind: z.literal('number'), label, mean: z.number(), deviation: z.number() }),
    z.object({ kind: z.literal('none') }),
  ]),
});

/** All that lies between a raw row and a model, and between the model and a prediction. JSON: it is kept with exported models. */
export interface Preprocessing extends Omit<z.infer<typeof schema>, 'encoder'> {
  readonly encoder?: TabularEncoder | undefined;
}

/** What a data set's rows went through. */
export function preprocessingOf(dataset: SharedDataset): Preprocessing {
  const { name, columns, features, categories, encoder, series, target } = dataset;
  const { column, ...read } = features;
  const shape = columns.find((candidate) => candidate.name === column)!.rowShape;
  const described = target.kind === 'none' ? target : { ...target, column: undefined };
  const whole = {
    version: 2,
    dataset: name,
    features: { shape, ...read },
    categories: categories && { names: categories.names, sizes: categories.sizes },
    encoder,
    series,
    target: described,
  };
  // a copy without what is undefined
  return JSON.parse(JSON.stringify(whole)) as Preprocessing;
}

/** Checks what was written. @throws DATA_PREPROCESSING_INVALID */
export function readPreprocessing(json: string, path: string): Preprocessing {
  const invalid = (problems: string, cause?: unknown) => errors.DATA_PREPROCESSING_INVALID({ path, problems }, cause);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw invalid('it is not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(describeIssues(parsed.error));
  return parsed.data;
}
