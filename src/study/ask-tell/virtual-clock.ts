/**
 * The order in which results count in a deterministic study: that of a virtual clock by which every step takes one unit, and a
 * study that runs on `parallel` workers of the same speed.
 *
 * A trial starts when the one whose place it takes was told; its report of step s happens s units later, and its
 * result one unit after its last report (or after its start). What happens at the same time happens by trial number. So the
 * order is a function of the steps that trials report, and not of how long anything took.
 *
 * A report or a result that arrives counts as soon as nothing that is earlier on the virtual clock can still arrive: until then
 * it waits (this is conservative discrete-event simulation: Chandy and Misra 1979, section 2, https://doi.org/10.1109/TSE.1979.230182,
 * with one step of lookahead). Without reports, trial k is asked for when trials 0 to k - `parallel` were told, in
 * order.
 */
import { earliest } from '../virtual-order.js';

/** One thing that happens to a trial. */
export interface VirtualEvent {
  /** Of a report: its step; `null`: the result. */
  readonly step: number | null;
  /** Makes it count. */
  readonly happen: () => void;
}

interface RunningTrial {
  readonly trial: number;
  readonly start: number;
  /** Virtual time of what counted last. */
  clock: number;
  /** Of the last report that arrived. */
  lastStep: number;
  /** What arrived and does not count yet, in order. */
  readonly waiting: { readonly time: number; readonly event: VirtualEvent }[];
}

/** Holds back what arrives until its turn. */
export class VirtualClock {
  readonly #running = new Map<number, RunningTrial>();
  /** When the result that counted last did: a new trial starts then. */
  #now = 0;
  #isPumping = false;

  /**
   * @param places trials that run at a time: an integer of at least 1
   * @param mayAsk whether another trial may be asked for, if there were a place. As long as it is, it comes before all results
   */
  constructor(
    readonly places: number,
    readonly mayAsk: () => boolean,
  ) {}

  /** Whether a trial that is asked for now has a place. */
  get hasPlace(): boolean {
    return this.#running.size < this.places;
  }

  isRunning(trial: number): boolean {
    return this.#running.has(trial);
  }

  /** A trial was asked for. */
  start(trial: number): void {
    this.#running.set(trial, { trial, start: this.#now, clock: this.#now, lastStep: 0, waiting: [] });
  }

  /** A trial gives its place away. What it still had waiting never happens (it failed meanwhile, say): it runs again when it is resumed. */
  pause(trial: number): void {
    this.#end(this.#running.get(trial)!);
  }

  /** A paused trial goes on after `step`. */
  resume(trial: number, step: number): void {
    const start = this.#now - step;
    this.#running.set(trial, { trial, start, clock: this.#now, lastStep: step, waiting: [] });
  }

  /** Moves a trial's clock on to what a journal says counted. `null`: its result. */
  replay(trial: number, step: number | null): void {
    const running = this.#running.get(trial)!;
    running.clock = this.#timeOf(running, step);
    if (step === null) this.#end(running);
    else running.lastStep = step;
  }

  /** Something arrived of a trial: it counts now or later. */
  arrive(trial: number, event: VirtualEvent): void {
    const running = this.#running.get(trial)!;
    running.waiting.push({ time: this.#timeOf(running, event.step), event });
    if (event.step !== null) running.lastStep = event.step;
    this.pump();
  }

  /** Lets everything count whose turn it is. To be called when fewer trials may be asked for than before, too. */
  pump(): void {
    // what counts may lead to more arrivals; those are seen by the loop that runs
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (;;) {
        const next = this.hasPlace && this.mayAsk() ? undefined : this.#next();
        if (next === undefined) return;
        const { time, event } = next.waiting.shift()!;
        next.clock = time;
        if (event.step === null) this.#end(next);
        event.happen();
      }
    } finally {
      this.#isPumping = false;
    }
  }

  /** The trial whose waiting event is the earliest of all that can still arrive. */
  #next(): RunningTrial | undefined {
    const first = earliest(this.#running.values(), nextTime);
    return first?.waiting.length === 0 ? undefined : first;
  }

  #timeOf({ start, lastStep }: RunningTrial, step: number | null): number {
    return start + (step ?? lastStep + 1);
  }

  #end(running: RunningTrial): void {
    this.#now = running.clock;
    this.#running.delete(running.trial);
  }
}

/** When what a trial has waiting happens; of one that has nothing, when something could at the earliest. */
function nextTime({ waiting, clock }: RunningTrial): number {
  return waiting[0]?.time ?? clock + 1;
}
