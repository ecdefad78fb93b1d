import { z } from 'zod';

const text = z.string();
const count = z.int().min(0);

/** What is known of imported images. */
export const imagesSchema = z.strictObject({
  /** Of images. */
  rowCount: count,
  /** Of each image, as it was written: height, width, channels. */
  shape: z.tuple([count, count, count]),
  /** Images of each class, in the order of their numbers. */
  classes: z.array(z.strictObject({ name: text, count })),
  /** Heights and widths that the images had before they were stretched, the most frequent first, at most ten. */
  sizes: z.array(z.strictObject({ height: count, width: count, count })),
  /** How many different sizes there were in all. */
  sizeCount: count,
  /** Images whose pixels are those of an earlier one. */
  duplicates: count,
  /** Those of them whose earlier one is of another class. */
  contradictions: count,
  /** Images that could not be read. */
  unreadable: count,
  warnings: z.array(
    z.strictObject({
      code: z.enum([
        'unreadable',
        'one-class',
        'small-class',
        'imbalanced',
        'stretched',
        'duplicate-images',
        'contradicting-labels',
      ]),
      text,
    }),
  ),
});

export type ImagesSchema = z.infer<typeof imagesSchema>;
