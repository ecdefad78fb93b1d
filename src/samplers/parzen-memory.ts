/**
 * Arrays for one proposal. A model of a thousand trials takes a hundred arrays, and making and collecting them took a quarter of a
 * proposal's time: here they are parts of one that is kept.
 */
export class Memory {
  #numbers = new Float64Array(0);
  #used = 0;
  /** What was asked for beyond what there was; next time there will be enough. */
  #missing = 0;

  /** Begins a proposal: every array given out before is up for use again. */
  reset(): void {
    const wanted = this.#used + this.#missing;
    if (this.#missing > 0) this.#numbers = new Float64Array(Math.ceil(1.25 * wanted));
    this.#used = 0;
    this.#missing = 0;
  }

  /** An array of that many numbers, which may be anything. */
  take(length: number): Float64Array {
    const from = this.#used;
    if (from + length > this.#numbers.length) {
      this.#missing += length;
      return new Float64Array(length);
    }
    this.#used += length;
    return this.#numbers.subarray(from, from + length);
  }
}
