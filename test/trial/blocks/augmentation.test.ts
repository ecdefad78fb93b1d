import type * as tfjs from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cutout,
  defineModel,
  float,
  type KeyedRandom,
  type ModelDefinition,
  maskingNoise,
  mixup,
  randomBrightness,
  randomContrast,
  randomFlip,
  randomShift,
  type Setting,
  sgd,
} from '../../../src/trial/index.js';
import { expectAgreement } from '../../support/agreement.js';
import { eagerRandom } from '../../support/one-step.js';
import { loadTensorFlow } from '../../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
let tf: typeof tfjs;
beforeAll(async () => {
  loaded = await loadTensorFlow();
  ({ tf } = loaded);
});

const stream = (a: number, b: number, step = 0) => eagerRandom(loaded, [a, b], step);

type Augmentation = (images: tfjs.Tensor, strength: Setting, random: KeyedRandom) => tfjs.Tensor;

const ofImages: readonly [string, Augmentation][] = [
  ['randomShift', randomShift],
  ['randomShift with its edges', (x, strength, random) => randomShift(x, strength, random, 'edge')],
  ['randomShift with its mirror image', (x, strength, random) => randomShift(x, strength, random, 'reflect')],
  ['randomFlip', randomFlip],
  ['randomFlip upside down', (x, strength, random) => randomFlip(x, strength, random, 'vertical')],
  ['cutout', cutout],
  ['randomBrightness', randomBrightness],
  ['randomContrast', randomContrast],
];
const all: readonly [string, Augmentation][] = [
  ...ofImages,
  ['maskingNoise', maskingNoise],
  ['mixup', (x, strength, random) => mixup(x, x, strength, random).x],
];

const images = fc
  .record({
    shape: fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(1, 3),
    ),
    seed: fc.integer({ min: 1, max: 1e6 }),
    factor: fc.constantFrom(1, -255, 1e-6),
  })
  .map(({ shape, seed, factor }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    // from 1 to 1013: adding 0 to the negative zero would change its sign
    const values = Float32Array.from({ length: size }, (_, i) => (((((i + seed) * 7919) % 1013) + 1) / 1013) * factor);
    return { shape, values };
  });

/** Rows of a tensor as lists of values. */
function rowsOf(tensor: tfjs.Tensor): number[][] {
  const width = tensor.size / tensor.shape[0]!;
  const values = [...tensor.dataSync()];
  return Array.from({ length: tensor.shape[0]! }, (_, row) => values.slice(row * width, (row + 1) * width));
}

describe.each(all)('%s', (_, augment) => {
  it('leaves every bit as it is at strength 0, given as a number or as a tensor', () => {
    fc.assert(
      fc.property(images, ({ shape, values }) => {
        tf.tidy(() => {
          const x = tf.tensor(values, shape);
          expect([...augment(x, 0, stream(values.length, 3)).dataSync()]).toEqual([...values]);
          expect([...augment(x, tf.scalar(0), stream(5, 3)).dataSync()]).toEqual([...values]);
        });
      }),
      { numRuns: 15 },
    );
  });

  it('is a function of its key, whether its strength is a number or a tensor, and keeps the shape', () => {
    tf.tidy(() => {
      const x = tf.range(1, 6 * 8 * 7 * 2 + 1).reshape([6, 8, 7, 2]);
      const at = (a: number, step: number, strength: Setting = 0.5) => augment(x, strength, stream(a, 9, step));
      expect(at(1, 0).shape).toEqual(x.shape);
      expect(at(1, 0).dtype).toBe('float32');
      const values = [at(1, 0), at(1, 0, tf.scalar(0.5)), at(2, 0), at(1, 1)].map((one) => [...one.dataSync()].join());
      expect(values[1]).toBe(values[0]);
      expect(new Set([...values, [...x.dataSync()].join()]).size).toBe(4);
    });
  });
});

describe.each(ofImages)('%s', (_, augment) => {
  it('draws for each image', () => {
    tf.tidy(() => {
      const one = tf.range(1, 8 * 8 + 1).reshape([1, 8, 8, 1]);
      const rows = rowsOf(augment(one.tile([32, 1, 1, 1]), 0.5, stream(4, 4)));
      expect(new Set(rows.map((row) => row.join())).size).toBeGreaterThan(1);
    });
  });

  it('takes images only', () => {
    expect(() => augment(tf.zeros([3, 4]), 0.1, stream(1, 1))).toThrow(
      expect.objectContaining({ code: 'TRIAL_BATCH_NOT_IMAGES' }),
    );
  });
});

/** Pearson's statistic of counts against equal expectations. */
function chiSquared(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('randomShift', () => {
  /** An image moved by whole pixels, by definition. */
  function moved(image: readonly number[], size: number, [down, across]: [number, number], fill: string): number[] {
    const source = (position: number) => {
      if (fill === 'edge') return Math.min(Math.max(position, 0), size - 1);
      if (fill === 'reflect') return position < 0 ? -position : position >= size ? 2 * (size - 1) - position : position;
      return position;
    };
    return image.map((_, index) => {
      const row = source(Math.floor(index / size) - down);
      const column = source((index % size) - across);
      return row >= 0 && row < size && column >= 0 && column < size ? image[row * size + column]! : 0;
    });
  }

  it.each(['zero', 'edge', 'reflect'] as const)('moves by whole pixels, each shift as often as others: %s', (fill) => {
    const size = 8;
    const reach = 2;
    const image = Array.from({ length: size ** 2 }, (_, index) => index + 1);
    const count = 5000;
    const counts = new Map<string, number>();
    for (let down = -reach; down <= reach; down++) {
      for (let across = -reach; across <= reach; across++)
        counts.set(moved(image, size, [down, across], fill).join(), 0);
    }
    tf.tidy(() => {
      const batch = tf.tensor(image, [1, size, size, 1]).tile([count, 1, 1, 1]);
      for (const row of rowsOf(randomShift(batch, reach / size, stream(11, 5), fill))) {
        const key = row.join();
        expect(counts.has(key)).toBe(true);
        counts.set(key, counts.get(key)! + 1);
      }
    });
    // 24 degrees of freedom: above 59 once in 10,000 keys
    expect(chiSquared([...counts.values()])).toBeLessThan(59);
  });

  it('moves rows and columns of images that are not square by shares of their own', () => {
    tf.tidy(() => {
      const batch = tf.ones([200, 4, 20, 3]);
      const shifted = randomShift(batch, 0.25, stream(3, 5));
      const filled = (axis: number) =>
        shifted
          .mean([3])
          .max(axis === 1 ? 2 : 1)
          .sum(1);
      expect(Math.min(...filled(1).dataSync())).toBe(3);
      expect(Math.min(...filled(2).dataSync())).toBe(15);
    });
  });
});

describe('randomFlip', () => {
  it('mirrors its share of images', () => {
    tf.tidy(() => {
      const count = 20_000;
      const batch = tf.tensor([1, 2, 3], [1, 1, 3, 1]).tile([count, 1, 1, 1]);
      const rows = rowsOf(randomFlip(batch, 0.3, stream(8, 8))).map((row) => row.join());
      const flipped = rows.filter((row) => row === '3,2,1').length;
      expect(rows.filter((row) => row === '1,2,3').length).toBe(count - flipped);
      expect(Math.abs(flipped / count - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / count));
    });
  });

  it('mirrors all at 1', () => {
    const flipped = randomFlip(tf.tensor([1, 2, 3, 4], [1, 2, 2, 1]), 1, stream(8, 8), 'vertical');
    expect([...flipped.dataSync()]).toEqual([3, 4, 1, 2]);
  });
});

describe('cutout', () => {
  it('covers rectangles, with a mean area that follows from centres drawn evenly', () => {
    tf.tidy(() => {
      const [size, count, strength] = [9, 4000, 0.4];
      const rows = rowsOf(cutout(tf.ones([count, size, size, 1]), strength, stream(2, 8)));
      for (const row of rows.slice(0, 200)) {
        const covered = row.flatMap((value, index) => (value === 0 ? [index] : []));
        const lines = new Set(covered.map((index) => Math.floor(index / size)));
        const columns = new Set(covered.map((index) => index % size));
        expect(covered.length).toBe(lines.size * columns.size);
        for (const set of [lines, columns]) {
          expect(Math.max(...set) - Math.min(...set)).toBe(set.size - 1);
          expect(set.size).toBeLessThanOrEqual(Math.ceil(strength * size));
        }
      }
      const overlap = (at: number) => Math.min(1, at + strength / 2) - Math.max(0, at - strength / 2);
      const share = Array.from({ length: size }, (_, i) => overlap((i + 0.5) / size)).reduce((a, b) => a + b) / size;
      const areas = rows.map((row) => row.filter((value) => value === 0).length / size ** 2);
      const mean = areas.reduce((a, b) => a + b) / count;
      const deviation = Math.sqrt(areas.reduce((sum, area) => sum + (area - mean) ** 2, 0) / count);
      expect(Math.abs(mean - share ** 2)).toBeLessThan((5 * deviation) / Math.sqrt(count));
    });
  });
});

/** Whether numbers are uniform in [low, high): the largest distance of their distribution function, times the root of their count. */
function kolmogorovSmirnov(numbers: readonly number[], low: number, high: number): number {
  const sorted = [...numbers].sort((a, b) => a - b).map((one) => (one - low) / (high - low));
  const distances = sorted.map((one, i) =>
    Math.max(Math.abs(one - i / sorted.length), Math.abs(one - (i + 1) / sorted.length)),
  );
  return Math.max(...distances) * Math.sqrt(sorted.length);
}

describe('randomBrightness and randomContrast', () => {
  const count = 4000;

  it('adds one number to an image, evenly from -strength to strength', () => {
    tf.tidy(() => {
      const batch = tf.tensor([0, 0.25, 0.5, 0.75], [1, 2, 2, 1]).tile([count, 1, 1, 1]);
      const rows = rowsOf(randomBrightness(batch, 0.3, stream(6, 1)).sub(batch));
      for (const row of rows) for (const value of row) expect(value).toBeCloseTo(row[0]!, 6);
      // above 2.3 once in 20,000 keys
      expect(
        kolmogorovSmirnov(
          rows.map(([first]) => first!),
          -0.3,
          0.3,
        ),
      ).toBeLessThan(2.3);
    });
  });

  it('stretches each channel about its mean, evenly by 1 - strength to 1 + strength', () => {
    tf.tidy(() => {
      const batch = tf.tensor([0, 3, 1, 5], [1, 2, 1, 2]).tile([count, 1, 1, 1]);
      const rows = rowsOf(randomContrast(batch, 0.4, stream(6, 2)));
      const factors = rows.map(([a, b, c, d]) => {
        expect(a! + c!).toBeCloseTo(1, 5);
        expect(b! + d!).toBeCloseTo(8, 5);
        expect(d! - b!).toBeCloseTo(2 * (c! - a!), 5);
        return c! - a!;
      });
      expect(kolmogorovSmirnov(factors, 0.6, 1.4)).toBeLessThan(2.3);
    });
  });
});

describe('maskingNoise', () => {
  it('sets its share of values to zero and leaves the others alone', () => {
    tf.tidy(() => {
      const count = 100_000;
      const values = maskingNoise(tf.fill([count / 10, 10], 3), tf.scalar(0.3), stream(1, 2)).dataSync();
      const zeros = values.filter((value) => value === 0).length;
      expect(values.filter((value) => value === 3).length).toBe(count - zeros);
      expect(Math.abs(zeros / count - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / count));
    });
  });
});

describe('mixup of images', () => {
  it('mixes each image with the one opposite to it, and keeps the mean', () => {
    tf.tidy(() => {
      const x = tf.tensor([1, 2, 3, 5], [4, 1, 1, 1]).tile([1, 2, 3, 3]);
      const labels = tf.oneHot(tf.tensor1d([0, 1, 1, 0], 'int32'), 2).cast('float32');
      const mixed = mixup(x, labels, tf.scalar(0.5), stream(1, 1));
      const [first] = rowsOf(mixed.x);
      const weight = (first![0]! - 1) / 4;
      expect(weight).toBeGreaterThan(0);
      expect(weight).toBeLessThanOrEqual(0.5);
      expect(first!.every((value) => Math.abs(value - first![0]!) < 1e-6)).toBe(true);
      expect(mixed.x.mean().dataSync()[0]).toBeCloseTo(11 / 4, 5);
      expect(rowsOf(mixed.targets)[1]).toEqual([0, 1].map((value) => expect.closeTo(value, 6)));
    });
  });
});

/** Learns the mean of what all augmentations leave of its images: its loss and its variable show every pixel. */
const augmented = defineModel({
  space: { learningRate: float(1e-3, 1), strength: float(0, 0.5) },
  build({ data }) {
    const learned = tf.variable(tf.zeros([...data.featureShape]));
    const optimizer = sgd([learned]);
    return {
      step({ x }, { learningRate, strength }, { random }) {
        const seen = ofImages.reduce((images, [, augment]) => augment(images, strength, random), x);
        const losses = () => mixup(seen, seen, strength, random).x.sub(learned).square().sum();
        return optimizer.minimize(() => losses() as tfjs.Scalar, { learningRate });
      },
      evaluate: ({ x }) => ({ loss: x.sub(learned).square().mean([1, 2, 3]) }),
    };
  },
}) as unknown as ModelDefinition;

describe.each(['never', 'always'] as const)('traced, compiled %s', (compile) => {
  it.each([
    [1, [5, 7, 1]],
    [8, [8, 8, 3]],
  ])('all together do what they do eagerly, in a batch of %i images of %j', (batchSize, featureShape) => {
    const options = {
      featureShape,
      classCount: 2,
      batchSize,
      feature: (i: number) => ((i * 7919) % 1013) / 1013,
      mutable: { learningRate: 0.05, strength: 0.3 },
      compile,
    };
    expectAgreement(loaded, augmented, options);
  });
});
