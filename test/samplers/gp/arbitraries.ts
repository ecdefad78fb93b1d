import fc from 'fast-check';

/** Two numbers in [0, 1] and the index of one of three items. */
export const isCategorical = [false, false, true];

const unit = fc.double({ min: 0, max: 1, noNaN: true });

export const anyPoint: fc.Arbitrary<Float64Array> = fc
  .tuple(unit, unit, fc.nat(2))
  .map((point) => Float64Array.from(point));

/** From `minLength` to 12 points, which may be the same. */
export function anyPoints(minLength = 1): fc.Arbitrary<Float64Array[]> {
  return fc.array(anyPoint, { minLength, maxLength: 12 });
}

/** Four points, targets and hyperparameters of the known answers, which NumPy 2.4 computed by the textbook's formulas. */
export const known = {
  points: [
    [0.1, 0.2, 0],
    [0.4, 0.9, 1],
    [0.75, 0.3, 0],
    [0.9, 0.6, 2],
  ].map((point) => Float64Array.from(point)),
  targets: Float64Array.of(1, -0.5, 0.25, -1),
  kernel: { theta: Float64Array.of(4, 1.5, 0.7), scale: 1.3, noise: 0.01 },
};
