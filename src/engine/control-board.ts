/** Positions in the shared array. */
const cancelField = 0;
const stepsField = 1;
const firstPlaceField = 2;

/** Shared memory in which workers say how far each trial is (a place for each fold of it), and are told to stop. Written and read without waiting. */
export class ControlBoard {
  readonly #fields: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.#fields = new Int32Array(buffer);
  }

  static allocate(places: number): ControlBoard {
    return new ControlBoard(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (firstPlaceField + places)));
  }

  /** Asks running segments to give up. They do so between two native calls, within a quarter of a second or so. */
  cancel(): void {
    Atomics.store(this.#fields, cancelField, 1);
  }

  get cancelled(): boolean {
    return Atomics.load(this.#fields, cancelField) === 1;
  }

  /** Counts steps trained by all workers, for the speed. Wraps after 2^31. */
  countSteps(steps: number): void {
    Atomics.add(this.#fields, stepsField, steps);
  }

  get stepsTrained(): number {
    return Atomics.load(this.#fields, stepsField);
  }

  setStep(place: number, step: number): void {
    Atomics.store(this.#fields, firstPlaceField + place, step);
  }

  step(place: number): number {
    return Atomics.load(this.#fields, firstPlaceField + place);
  }
}
