/** One native call should take about this long: stopping and progress stay prompt, and its overhead does not count. */
const callMilliseconds = 100;

/** Steps of the first call, of whose speed nothing is known, and which compiles. */
const firstSteps = 2;

/**
 * `TFJS_TUNER_STEPS_PER_CALL=3` has each native call do three steps, or batches of an evaluation, where there are as many: to show
 * that results do not depend on it.
 */
function forcedSteps(): number | undefined {
  const steps = Number(process.env.TFJS_TUNER_STEPS_PER_CALL);
  return Number.isInteger(steps) && steps > 0 ? steps : undefined;
}

/** Chooses how many steps, or batches of an evaluation, a native call does, by how long those before took. No result depends on it. */
export class CallPace {
  #millisecondsPerStep: number | undefined;
  readonly #forced = forcedSteps();

  /** @param capacity the most steps a call can do, at least 1 */
  constructor(private readonly capacity: number) {}

  /** Steps of the next call: 1 to the capacity. */
  get steps(): number {
    const known = this.#millisecondsPerStep;
    const fitting = known === undefined ? firstSteps : Math.floor(callMilliseconds / Math.max(known, 1e-3));
    return Math.max(1, Math.min(this.capacity, this.#forced ?? fitting));
  }

  get isMeasured(): boolean {
    return this.#millisecondsPerStep !== undefined;
  }

  /** A call of `steps` steps took so long. */
  took(steps: number, milliseconds: number): void {
    this.#millisecondsPerStep = milliseconds / steps;
  }
}
