import { createHash } from 'node:crypto';
import type { FolderImages } from '../readers/image-folder.js';
import type { ImagesSchema } from './images-schema.js';

/** Images, and what became of those that were looked for. */
export interface DescribedImages extends FolderImages {
  /** How many images had each height and width before they were stretched. */
  readonly sizes: readonly { readonly height: number; readonly width: number; readonly count: number }[];
  /** Images that could not be read, and are not among these. */
  readonly unreadable: number;
}

type Warning = ImagesSchema['warnings'][number];

/** Sizes that are listed. */
const listedSizes = 10;

/** How far stretching may change an image's proportions without being told of. */
const proportionLimit = 1.1;

/** What images are, and what is suspicious of them. Pure. */
export function describeImages(images: DescribedImages): ImagesSchema {
  const [rowCount, height, width, channels] = images.shape;
  const counts = new Array<number>(images.classes.length).fill(0);
  for (const label of images.labels) counts[label]!++;
  const classes = images.classes.map((name, label) => ({ name, count: counts[label]! }));
  const sizes = [...images.sizes].sort((a, b) => b.count - a.count || a.height - b.height || a.width - b.width);
  const repeated = repeatedImages(images);
  return {
    rowCount,
    shape: [height, width, channels],
    classes,
    sizes: sizes.slice(0, listedSizes),
    sizeCount: sizes.length,
    ...repeated,
    unreadable: images.unreadable,
    warnings: [
      ...unreadableWarnings(images),
      ...classWarnings(classes),
      ...stretchedWarnings(images),
      ...repeatedWarnings(repeated, rowCount),
    ],
  };
}

function unreadableWarnings({ unreadable, shape: [rowCount] }: DescribedImages): Warning[] {
  if (unreadable === 0) return [];
  const text = `${unreadable} of ${rowCount + unreadable} images cannot be read, and are left out`;
  return [{ code: 'unreadable', text }];
}

function classWarnings(classes: ImagesSchema['classes']): Warning[] {
  if (classes.length === 1) {
    return [
      { code: 'one-class', text: `all images are of one class, "${classes[0]!.name}": there is nothing to tell apart` },
    ];
  }
  const warnings: Warning[] = [];
  const small = classes.filter(({ count }) => count < 2).map(({ name }) => `"${name}"`);
  if (small.length > 0) {
    const text = `${small.slice(0, 5).join(', ')}${small.length > 5 ? ` and ${small.length - 5} other classes have` : ' has'} one image: to be split by class, each needs at least 2`;
    warnings.push({ code: 'small-class', text });
  }
  const counts = classes.map(({ count }) => count);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (most >= 20 * fewest) {
    const text = `one class has ${most} images and one has ${fewest}: accuracy says little of the small one`;
    warnings.push({ code: 'imbalanced', text });
  }
  return warnings;
}

function stretchedWarnings({ sizes, shape: [, height, width] }: DescribedImages): Warning[] {
  const others = sizes.filter((size) => size.height !== height || size.width !== width);
  if (others.length === 0) return [];
  const total = (some: typeof sizes) => some.reduce((sum, { count }) => sum + count, 0);
  const distorted = others.filter((size) => {
    const ratio = (size.height * width) / (size.width * height);
    return Math.max(ratio, 1 / ratio) > proportionLimit;
  });
  const proportions = total(distorted) === 0 ? '' : `, ${total(distorted)} of them to other proportions`;
  const range = (side: 'height' | 'width') => {
    const all = others.map((size) => size[side]);
    return [Math.min(...all), Math.max(...all)];
  };
  const [low, high] = [0, 1].map((end) => `${range('height')[end]} × ${range('width')[end]}`);
  const from = others.length === 1 ? `of ${low}` : `of ${others.length} sizes between ${low} and ${high}`;
  return [
    { code: 'stretched', text: `${total(others)} images ${from} were stretched to ${height} × ${width}${proportions}` },
  ];
}

/** Images whose pixels are those of an earlier one, by SHA-256. */
function repeatedImages({ shape, values, labels }: FolderImages): Pick<ImagesSchema, 'duplicates' | 'contradictions'> {
  const size = shape[1] * shape[2] * shape[3];
  const labelOf = new Map<string, number>();
  let duplicates = 0;
  let contradictions = 0;
  labels.forEach((label, row) => {
    const pixels = values.subarray(row * size, (row + 1) * size);
    const key = createHash('sha256').update(pixels).digest('base64');
    const earlier = labelOf.get(key);
    if (earlier === undefined) labelOf.set(key, label);
    else {
      duplicates++;
      if (earlier !== label) contradictions++;
    }
  });
  return { duplicates, contradictions };
}

function repeatedWarnings(
  { duplicates, contradictions }: Pick<ImagesSchema, 'duplicates' | 'contradictions'>,
  rowCount: number,
): Warning[] {
  const warnings: Warning[] = [];
  if (duplicates > 0) {
    const text = `${duplicates} of ${rowCount} images repeat an earlier one; where one is in training and the other in validation, results look too good`;
    warnings.push({ code: 'duplicate-images', text });
  }
  if (contradictions > 0) {
    const text = `${contradictions} of ${rowCount} images stand in another class, too: one of the two is wrong`;
    warnings.push({ code: 'contradicting-labels', text });
  }
  return warnings;
}
