import { TopShare } from './top-share.js';

/**
 * A quantile of numbers that come one after another, O(log n) for each: interpolated linearly between the two values next to
 * it (definition 7 of Hyndman and Fan 1996, https://doi.org/10.1080/00031305.1996.10473566), as in NumPy and as Optuna and
 * Ray Tune use it.
 */
export class RunningQuantile {
  readonly #values = new TopShare<number>((a, b) => a > b);

  /**
   * The quantile is `numerator` / `denominator`, from 0 (the smallest value) to 1. As a fraction, because rounding its quotient
   * (2/3) would place the cut a hair beside a value that it should meet.
   */
  constructor(
    readonly numerator: number,
    readonly denominator: number,
  ) {}

  get count(): number {
    return this.#values.size;
  }

  /** @param value not NaN; may be infinite */
  add(value: number): void {
    this.#values.add(value);
    this.#values.resizeTop(this.count - 1 - Math.floor(this.#position()));
  }

  /** `undefined` as long as there are no values. Between an infinite and a finite value lies the infinite one. */
  value(): number | undefined {
    const low = this.#values.bestOfRest;
    if (low === undefined) return undefined;
    const high = this.#values.worstOfTop ?? low;
    const rest = ((this.count - 1) * this.numerator) % this.denominator;
    if (rest === 0 || low === high || low === Number.NEGATIVE_INFINITY) return low;
    if (high === Number.POSITIVE_INFINITY) return high;
    // from the nearer end, as NumPy does, so that mirrored values have the mirrored quantile to the last bit
    if (2 * rest === this.denominator) return low / 2 + high / 2;
    const step = (high - low) / this.denominator;
    return 2 * rest < this.denominator ? low + step * rest : high - step * (this.denominator - rest);
  }

  /** Where in the sorted values it lies, from 0 to count - 1. */
  #position(): number {
    return ((this.count - 1) * this.numerator) / this.denominator;
  }
}
